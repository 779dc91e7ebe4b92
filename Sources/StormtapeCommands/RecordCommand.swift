internal import ArgumentParser
internal import Cassette
internal import Determinism
internal import Runner

struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Run an agent for real and keep its traffic in a cassette.",
        discussion: """
            EXAMPLES
              stormtape record --cassette a.cassette --upstream openai -- python agent.py
              stormtape record --cassette a.cassette --upstream shop=https://shop.example \\
                --env SHOP_URL=shop -- node agent.js
              stormtape record --cassette a.cassette --proxy -- python agent.py
            """)

    @Option(help: "The file to write.")
    var cassette: String

    @OptionGroup var upstreams: UpstreamArguments

    @Option(help: "The seed of the agent's own randomness.")
    var seed: String = "1"

    @Option(
        help: "capsule: all randomness. hook: that of Python and Node, by hooks in the language.")
    var entropy: EntropyArgument = .capsule

    @Option(help: "The prompt: replaces {prompt} in the command and sets STORMTAPE_PROMPT.")
    var prompt: String?

    @Option(help: "A file that the agent reads as its standard input.")
    var stdin: String?

    @OptionGroup var asking: AskOptions

    @Flag(help: "Replace a cassette that exists.")
    var overwrite = false

    @Argument(parsing: .postTerminator, help: "The agent's command, after --.")
    var command: [String] = []

    enum EntropyArgument: String, ExpressibleByArgument, CaseIterable {
        case capsule
        case hook
    }

    func run() throws {
        guard let seed = Seed(text: seed) else {
            throw RunnerError(.usage, "--seed \(self.seed): a number from 0 to 2^64-1, or 0x hex")
        }
        var request = RecordingRequest(
            cassette: cassette, overwrites: overwrite,
            upstreams: try upstreams.parsed(),
            command: try Arguments.command(command), seed: seed, prompt: prompt,
            standardInput: try stdin.map(Arguments.fileBytes),
            toolVersion: StormtapeVersion.current)
        request.settledUpstreams = upstreams.settled
        request.usesProxy = upstreams.proxy
        request.entropy = entropy == .hook ? .hook : .capsule
        request.ask = try asking.source()
        let result = try Recorder.record(request)
        for warning in result.warnings { Terminal.complain("warning: \(warning)") }
        let status =
            switch result.agentStatus {
            case .code(let code): "exited with \(code)"
            case .signal(let signal): "was ended by signal \(signal)"
            }
        Terminal.complain(
            "recorded \(result.interactionCount) interactions into \(cassette) "
                + "(\(result.hash.hex.prefix(16))); the agent \(status)")
        if result.interactionCount == 0 {
            let variables =
                request.upstreams.flatMap(\.variables)
                + (upstreams.proxy ? ["HTTPS_PROXY", "SSL_CERT_FILE"] : [])
            Terminal.complain(
                "warning: nothing came through the mounts; does the agent read "
                    + variables.joined(separator: ", ") + "?")
        }
    }
}
