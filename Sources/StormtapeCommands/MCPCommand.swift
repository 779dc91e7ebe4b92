internal import ArgumentParser
internal import Runner

struct MCPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Stand before an MCP server that an agent starts behind a pipe.",
        discussion: """
            Name it as the server's command in the agent's configuration. `record` then starts the \
            server and keeps what it says; `replay` starts none. Outside of a run it is the server.

            EXAMPLE
              stormtape mcp --name files -- npx server-filesystem .
              stormtape record --cassette a.cassette --upstream files=stdio: -- python agent.py
            """)

    @Option(help: "The name of the upstream, as in `record --upstream NAME=stdio:`.")
    var name: String

    @Argument(parsing: .postTerminator, help: "The server's command, after --.")
    var command: [String] = []

    func run() throws {
        let status = try MCPBridge.run(name: name, command: try Arguments.command(command))
        throw ExitCode(status)
    }
}
