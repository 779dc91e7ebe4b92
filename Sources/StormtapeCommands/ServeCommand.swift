internal import ArgumentParser
internal import Cassette
internal import Runner

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Record beside an agent that is at work, session by session, until it is ended.",
        discussion: """
            EXAMPLES
              stormtape serve --directory tapes --upstream openai --port 4100
              stormtape serve --directory tapes --proxy --session-header x-session-id
            """)

    @Option(help: "The folder for the cassettes; it is made if need be.")
    var directory: String

    @OptionGroup var upstreams: UpstreamArguments

    @Option(
        help: "The port of the first upstream, then come the others and the proxy; 0 for any.")
    var port = 0

    @Option(
        name: .customLong("admin-port"), help: "The port of GET /healthz; 0 for any.")
    var adminPort = 0

    @Option(
        name: .customLong("session-header"),
        help: "The header that names a session; without one, a pause divides sessions.")
    var sessionHeader: String?

    @Option(
        name: .customLong("idle-gap"),
        help: "After how many seconds without a request a session is over.")
    var idleGap: Double = 300

    @Option(
        name: .customLong("max-disk"),
        help: "How many bytes the cassettes may take; the oldest finished ones are deleted.")
    var maxDisk: Int64 = 1 << 30

    @Option(
        name: .customLong("max-interactions"),
        help: "How many requests a cassette may hold; the next one begins another.")
    var maxInteractions = 10_000

    func run() throws {
        try Serving.run(
            try request(),
            announce: { addresses in
                for mount in addresses.mounts { Terminal.say("\(mount.name) \(mount.address)") }
                if let proxy = addresses.proxy {
                    Terminal.say("proxy \(proxy.address)")
                    Terminal.say("authority \(proxy.authority)")
                }
                Terminal.say("health \(addresses.health)")
            },
            tell: { Terminal.complain($0) })
    }

    private func request() throws -> ServeRequest {
        var named = try upstreams.parsed()
        guard (0...65_535).contains(port), (0...65_535).contains(adminPort) else {
            throw RunnerError(.usage, "--port, --admin-port: a number from 0 to 65535")
        }
        let count = named.count + (upstreams.proxy ? 1 : 0)
        guard port == 0 || port + count - 1 <= 65_535 else {
            throw RunnerError(
                .usage, "--port \(port): \(count) ports are needed from there, the last is 65535")
        }
        guard idleGap > 0, idleGap <= 86_400 else {
            throw RunnerError(.usage, "--idle-gap \(idleGap): more than 0, at most 86400 seconds")
        }
        guard maxDisk >= 1 << 20 else {
            throw RunnerError(.usage, "--max-disk \(maxDisk): at least 1048576 bytes")
        }
        guard maxInteractions >= 1 else {
            throw RunnerError(.usage, "--max-interactions \(maxInteractions): at least 1")
        }
        for index in named.indices where port > 0 { named[index].port = port + index }
        var request = ServeRequest(
            directory: directory, upstreams: named, toolVersion: StormtapeVersion.current)
        request.settledUpstreams = upstreams.settled
        request.proxyPort = upstreams.proxy ? (port > 0 ? port + named.count : 0) : nil
        request.adminPort = adminPort
        request.sessionHeader = sessionHeader
        request.idleGapMilliseconds = Int64(idleGap * 1_000)
        request.diskBytesMax = maxDisk
        request.interactionsMax = maxInteractions
        return request
    }
}
