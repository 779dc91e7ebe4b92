package import Cassette

/// Something that went wrong while recording.
package struct RecordingProblem: Hashable, Sendable {
    /// What went wrong.
    package enum Kind: String, Hashable, Sendable {
        /// The sink did not keep an interaction.
        case sinkFailed = "sink-failed"
        /// No connection to the upstream could be made.
        case unreachable
        /// The upstream was silent for too long.
        case timedOut = "timed-out"
        /// The upstream's answer is not HTTP/1.1, or was cut.
        case brokenResponse = "broken-response"
        /// The response has more bytes than are recorded.
        case responseTooLarge = "response-too-large"
        /// The agent had hung up, and the upstream was not read to its end.
        case drainLimit = "drain-limit"
        /// A request could not be served.
        case rejectedRequest = "rejected-request"
    }

    /// What went wrong.
    package var kind: Kind
    /// The name of the upstream.
    package var upstream: String
    /// The interaction; absent when the request got no ordinal.
    package var ordinal: Int?
    /// What happened and, where one is known, the remedy.
    package var message: String

    /// Whether the cassette lacks something that the agent saw.
    package var losesData: Bool {
        kind == .sinkFailed || kind == .responseTooLarge
    }
}

/// What a recording came to.
package struct RecordingSummary: Hashable, Sendable {
    /// How many problems are kept one by one.
    static let problemsMax = 1_000

    /// How many requests were complete; their ordinals are 1 to this number.
    package internal(set) var interactionCount = 0
    /// How many interactions ended in each way.
    package internal(set) var endings: [Ending: Int] = [:]
    /// How many times the agent hung up before it had the whole answer.
    package internal(set) var agentLeftCount = 0
    /// The interactions that were open at the end, stored as in progress.
    package internal(set) var openOrdinals: [Int] = []
    /// The first problems, in order.
    package internal(set) var problems: [RecordingProblem] = []
    /// How many problems there were, also those that are not kept one by one.
    package internal(set) var problemCount = 0
    /// How many problems cost data: the cassette is incomplete unless this is 0.
    package internal(set) var lossCount = 0

    /// Whether the cassette holds all that the agent saw.
    package var isComplete: Bool { lossCount == 0 }

    mutating func add(_ problem: RecordingProblem) {
        problemCount += 1
        if problem.losesData { lossCount += 1 }
        if problems.count < Self.problemsMax { problems.append(problem) }
    }
}
