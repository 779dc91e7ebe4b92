internal import ArgumentParser

/// The version of the tool.
package enum StormtapeVersion {
    /// The version.
    package static let current = "0.1.0"
}

struct StormtapeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stormtape",
        abstract: "Record an AI agent once. Replay it through thousands of reproducible storms.",
        discussion: """
            EXAMPLES
              stormtape record --cassette a.cassette --upstream openai -- python agent.py
              stormtape replay --cassette a.cassette -- python agent.py
              stormtape init --cassette a.cassette
              stormtape storm --cassette a.cassette --scenario storm.yaml --seeds 1..60 \\
                -- python agent.py

            EXIT CODES
              0 passed · 1 violated, hung or crashed · 2 usage · 3 off-tape or assumed
              4 nondeterministic · 5 nothing valid ran · 6 agent could not start · 70 our bug
            """,
        version: StormtapeVersion.current,
        subcommands: [
            DemoCommand.self, InitCommand.self, RecordCommand.self, ReplayCommand.self,
            StormCommand.self, VerifyCommand.self, JudgeCommand.self, CassetteCommand.self,
            FaultsCommand.self,
            InvariantsCommand.self,
            CompareCommand.self, DiffCommand.self, BisectCommand.self, ShrinkCommand.self,
            ExplainCommand.self,
            CertificateCommand.self, MergeCommand.self,
            DoctorCommand.self, ServeCommand.self, ImportCommand.self, MCPCommand.self,
            MutateCommand.self, TrendCommand.self, ConfigCommand.self, SchemaCommand.self,
        ])
}
