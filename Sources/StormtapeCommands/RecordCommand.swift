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

    @OptionGroup var projectOptions: ProjectOptions

    @Option(help: "The file to write; else that of the configuration.")
    var cassette: String?

    @OptionGroup var upstreams: UpstreamArguments

    @Option(
        name: .customLong("connect-to"),
        help: "HOST[:PORT]=HOST:PORT: where to connect in place of a host; its name stays.")
    var detours: [String] = []

    @Option(help: "The seed of the agent's own randomness.")
    var seed: String?

    @Option(
        help:
            "capsule (the default): all randomness. hook: that of Python and Node, by hooks in the language."
    )
    var entropy: EntropyArgument?

    @Option(help: "The prompt: replaces {prompt} in the command and sets STORMTAPE_PROMPT.")
    var prompt: String?

    @Option(help: "A file that the agent reads as its standard input.")
    var stdin: String?

    @OptionGroup var asking: AskOptions

    @Flag(help: "Replace a cassette that exists.")
    var overwrite = false

    @Argument(
        parsing: .postTerminator,
        help: "The agent's command, after --; else that of the configuration.")
    var command: [String] = []

    enum EntropyArgument: String, ExpressibleByArgument, CaseIterable {
        case capsule
        case hook
    }

    func run() throws {
        let request = try RecordSettings(self).request
        let result = try Recorder.record(request)
        for warning in result.warnings { Terminal.complain("warning: \(warning)") }
        let status =
            switch result.agentStatus {
            case .code(let code): "exited with \(code)"
            case .signal(let signal): "was ended by signal \(signal)"
            }
        Terminal.complain(
            "recorded \(result.interactionCount) interactions into \(request.cassette) "
                + "(\(result.hash.hex.prefix(16))); the agent \(status)")
        if result.interactionCount == 0 {
            let variables =
                request.upstreams.flatMap(\.variables)
                + (request.usesProxy ? ["HTTPS_PROXY", "SSL_CERT_FILE"] : [])
            Terminal.complain(
                "warning: nothing came through the mounts; does the agent read "
                    + variables.joined(separator: ", ") + "?")
        }
    }
}
