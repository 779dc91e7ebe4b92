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

    @Option(
        name: .customLong("upstream"),
        help: "NAME=URL, or the name of a preset: openai, anthropic, groq, mistral, ...")
    var upstreams: [String] = []

    @Flag(
        help: "Lead the agent through an HTTPS proxy; each host it reaches becomes an upstream.")
    var proxy = false

    @Option(
        name: .customLong("env"),
        help: "VAR=NAME: a variable that holds the address of an upstream's mount.")
    var variables: [String] = []

    @Option(
        name: .customLong("reads"),
        help: "NAME=ROUTE: a route without side effect, as 'search=POST /query'.")
    var reads: [String] = []

    @Option(name: .customLong("kind"), help: "NAME=model|tool, where detection is wrong.")
    var kinds: [String] = []

    @Option(
        name: .customLong("protocol"),
        help: "NAME=PROTOCOL, such as shop=openai-chat: what an upstream speaks.")
    var protocols: [String] = []

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
        let arguments = UpstreamArguments(
            upstreams: upstreams, variables: variables, reads: reads, kinds: kinds,
            protocols: protocols)
        var request = RecordingRequest(
            cassette: cassette, overwrites: overwrite,
            upstreams: try arguments.parse(allowsNone: proxy),
            command: try Arguments.command(command), seed: seed, prompt: prompt,
            standardInput: try stdin.map(Arguments.fileBytes),
            toolVersion: StormtapeVersion.current)
        request.settledUpstreams = arguments.settled
        request.usesProxy = proxy
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
                + (proxy ? ["HTTPS_PROXY", "SSL_CERT_FILE"] : [])
            Terminal.complain(
                "warning: nothing came through the mounts; does the agent read "
                    + variables.joined(separator: ", ") + "?")
        }
    }
}
