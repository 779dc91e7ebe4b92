/// Two turns of a streaming dialogue, the second of which quotes the first; recorded once.
enum DialogueTape {
    static let script = "sdk/openai_dialogue.py"
    static let first = "You said: Name three rivers. That is all I know."
    static let second = "You said: Which one is the longest? That is all I know."

    private static let recording = Task {
        try await Tape.record(Checkout.agent(script), upstream: "openai", path: "/v1")
    }

    static var tape: Tape {
        get async throws { try await recording.value }
    }

    /// Faults of several layers, some of which change what the second turn asks for.
    static let storm = """
        scenario: dialogue
        faults:
          - fault: rate-limit-429
            on: { upstream: openai, probability: 1/3 }
            retry_after_ms: 1
          - fault: conn-reset-after-request
            on: { kind: model, probability: 1/4 }
          - fault: reorder-chunks
            on: { kind: model, probability: 1/3 }
          - fault: chunk-merge
            on: { kind: model, probability: 1/3 }
          - fault: stream-truncated-no-terminator
            on: { call: 1, probability: 1/4 }
        invariants:
          - exit_code: 0
          - max_calls: { upstream: openai, count: 8 }
        off_tape: echo
        """ + "\n"
}
