import Determinism
import Testing

/// The probes that faults are tried on, each recorded once.
enum ProbeTape: String, Sendable, CaseIterable {
    case openai
    case anthropic
    case openaiWhole
    case anthropicWhole
    case openaiTools
    case anthropicTools
    case tool

    /// What the stub says to the prompt of the text probes.
    static let text = "Grüß Gott, こんにちは 👋🏽 naïve 🚀 done."
    private static let emoji = ["--prompt", "emoji please"]
    private static let tools = ["--prompt", "tool please", "--tools"]
    private static let refund =
        #"POST /refunds {"order_id":"A-1003","amount_cents":100,"reason":"late"}"#

    private static let tapes: [ProbeTape: Task<Tape, any Error>] = Dictionary(
        uniqueKeysWithValues: allCases.map { probe in (probe, Task { try await probe.record() }) })

    /// Its recording.
    var tape: Tape {
        get async throws {
            guard let tape = ProbeTape.tapes[self] else { throw SetUpError("no tape \(self)") }
            return try await tape.value
        }
    }

    /// The first model SDK of the two, or the tool.
    private func record() async throws -> Tape {
        switch self {
        case .openai: try await openAI(ProbeTape.emoji)
        case .openaiWhole: try await openAI(ProbeTape.emoji + ["--no-stream"])
        case .openaiTools: try await openAI(ProbeTape.tools)
        case .anthropic: try await anthropic(ProbeTape.emoji)
        case .anthropicWhole: try await anthropic(ProbeTape.emoji + ["--no-stream"])
        case .anthropicTools: try await anthropic(ProbeTape.tools)
        case .tool:
            try await Tape.record(
                Checkout.agent(
                    "sdk/http_tool.py",
                    ["GET /orders/A-1003", ProbeTape.refund, "GET /orders/A-1003"]),
                server: "tool_servers.py", upstream: "shop", options: ["--env", "TOOL_URL=shop"])
        }
    }

    private func openAI(_ options: [String]) async throws -> Tape {
        try await Tape.record(
            Checkout.agent("sdk/openai_chat.py", options), upstream: "openai", path: "/v1")
    }

    private func anthropic(_ options: [String]) async throws -> Tape {
        try await Tape.record(
            Checkout.agent("sdk/anthropic_messages.py", options), upstream: "anthropic")
    }
}
