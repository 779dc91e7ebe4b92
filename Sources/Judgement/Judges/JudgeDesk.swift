package import Cassette
package import Determinism

/// The answers that judges gave, by what they were asked.
package struct JudgeTape: Sendable {
    private let bodies: [Fingerprint: [UInt8]]

    /// Takes the answers of recorded interactions, of two to one question the first.
    ///
    /// What was refused or cut is no answer.
    package init(_ interactions: some Sequence<Interaction>) {
        var bodies: [Fingerprint: [UInt8]] = [:]
        for interaction in interactions where interaction.succeeded {
            guard let response = interaction.response else { continue }
            let key = JudgeQuestion.fingerprint(of: interaction.request)
            if bodies[key] == nil { bodies[key] = response.body }
        }
        self.bodies = bodies
    }

    /// Whether the question was answered.
    package func holds(_ question: JudgeQuestion) -> Bool { bodies[question.fingerprint] != nil }

    /// Whether the question that this interaction asks was answered.
    package func holds(_ interaction: Interaction) -> Bool {
        bodies[JudgeQuestion.fingerprint(of: interaction.request)] != nil
    }

    /// The digest of all questions that were answered and of their answers.
    package var digest: Digest {
        var rolling = RollingDigest()
        for (key, body) in bodies.sorted(by: { $0.key < $1.key }) {
            rolling.append(key.bytes)
            rolling.append(body)
        }
        return rolling.value
    }

    fileprivate func body(of question: JudgeQuestion) -> [UInt8]? { bodies[question.fingerprint] }
}

/// Where invariants ask judges: only recorded answers are given, and what is open is noted.
///
/// A class: all rules of all runs share it.
package final class JudgeDesk {
    /// What became of a question.
    enum Reply: Hashable {
        /// The body of the recorded answer.
        case answered([UInt8])
        /// Nobody answered it yet.
        case open
        /// There is no cassette of judges at all.
        case noTape
    }

    private let tape: JudgeTape?
    private let redact: (RecordedRequest) -> RecordedRequest
    private var noted: Set<Fingerprint> = []
    /// The questions without an answer, each once, in the order in which they came up, since they
    /// were taken last.
    package private(set) var open: [JudgeQuestion] = []

    /// A desk with these answers; `redact` takes secrets out of what is asked.
    package init(
        _ tape: JudgeTape?,
        redact: @escaping (RecordedRequest) -> RecordedRequest = { $0 }
    ) {
        self.tape = tape
        self.redact = redact
    }

    /// The open questions, which are then no longer here; none comes up a second time.
    package func takeOpen() -> [JudgeQuestion] {
        defer { open = [] }
        return open
    }

    /// A text as judges may be shown it: without secrets.
    func redacted(_ text: String) -> String {
        let request = RecordedRequest(
            method: "POST", target: "/", headers: [], body: Array(text.utf8))
        return String(decoding: redact(request).body, as: UTF8.self)
    }

    /// Looks the answer up.
    func reply(to question: JudgeQuestion) -> Reply {
        guard let tape else { return .noTape }
        let question = question.redacted(by: redact)
        if let body = tape.body(of: question) { return .answered(body) }
        if noted.insert(question.fingerprint).inserted { open.append(question) }
        return .open
    }
}
