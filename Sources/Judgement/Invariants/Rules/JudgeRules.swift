internal import Cassette
internal import Determinism
internal import Simulation

/// Rules that a model judges, by answers of it that were recorded.
///
/// Nothing is asked while agents run: a question without a recorded answer is left open.
enum JudgeRules {
    static let all = [judgedByModel, similarInMeaning]

    /// How what is said of an open question begins.
    static let openWords = "no recorded answer of "

    /// What is said of an answer that is no verdict, behind the name of the model.
    static let unclearWords = " says neither PASS nor FAIL first: "

    /// What is said where nothing can be asked.
    static let noTapeText =
        "no cassette of judges is named; give --judges FILE, or `judges` in stormtape.yaml"

    /// A text in the name of a rule: where it is not shown as it is, with digits that tell it from
    /// others that begin alike.
    static func named(_ text: String, isQuoted: Bool = true) -> String {
        let shown = PlainText.clipped(text)
        let whole = isQuoted ? "\"\(shown)\"" : shown
        guard !shown.utf8.elementsEqual(text.utf8) else { return whole }
        return "\(whole) #\(Digest(hashing: Array(text.utf8)).hex.prefix(8))"
    }

    private static let judgedByModel = InvariantKind(
        "judged_by_model", .output,
        summary: "A model says that this holds of the output; its recorded answer counts, and "
            + "`stormtape judge` records it.",
        parameters: [
            InvariantParameter(
                "criterion", "text",
                "What must hold of the output, as `The answer apologises and names the order`."),
            InvariantParameter("model", "text", "The model that judges."),
            InvariantParameter(
                "protocol", JudgeProtocol.ofVerdicts.map(\.rawValue).joined(separator: ", "),
                standard: "openai-chat", "What it speaks."),
        ],
        example: #"{"criterion": "The answer says when the money arrives.", "model": "gpt-4o"}"#
    ) { (arguments) throws(InvariantError) in
        try arguments.allow(["criterion", "model", "protocol"])
        let words = JudgeProtocol.ofVerdicts.map(\.rawValue)
        let wire = try arguments.optional("protocol").map { (word) throws(InvariantError) in
            try word.word(of: words)
        }
        return JudgedByModel(
            criterion: try arguments.required("criterion").text(),
            model: try arguments.required("model").text(),
            wire: wire.flatMap(JudgeProtocol.init(rawValue:)) ?? .openAIChat)
    }

    struct JudgedByModel: InvariantRule {
        let criterion: String
        let model: String
        let wire: JudgeProtocol

        var id: String {
            "judged_by_model(\(JudgeRules.named(criterion)), "
                + JudgeRules.named(model, isQuoted: false)
                + (wire == .openAIChat ? ")" : ", \(wire.rawValue))")
        }

        func check(_ conduct: Conduct) -> Finding {
            var unjudged: Finding?
            var broken: Finding?
            var holds: Finding?
            // All are asked, so that one round answers what one run leaves open.
            for judged in conduct.judgedOutputs(by: criterion) {
                let finding = finding(on: judged, conduct)
                if !finding.isJudged {
                    unjudged = unjudged ?? finding
                } else if !finding.passed {
                    broken = broken ?? finding
                } else {
                    holds = finding
                }
            }
            return broken ?? unjudged ?? holds ?? .unjudged("the agent said nothing")
        }

        private func finding(on judged: JudgedOutput, _ conduct: Conduct) -> Finding {
            let question = JudgePrompt.question(
                wire, model: model, criterion: criterion, prompt: judged.prompt,
                output: judged.output)
            switch JudgeRules.answer(to: question, model, conduct) {
            case .failure(let open): return open.finding
            case .success(let body):
                switch JudgeVerdict(body, wire) {
                case .pass(let reason):
                    return .holds(words(reason, judged), witnesses: judged.witnesses)
                case .fail(let reason):
                    return .brokenAtEnd(words(reason, judged), witnesses: judged.witnesses)
                case .unclear(let text):
                    return .unjudged(
                        PlainText.clipped(model) + JudgeRules.unclearWords + "\"\(text)\"")
                }
            }
        }

        private func words(_ reason: String, _ judged: JudgedOutput) -> String {
            let cut = CutText(judged.output, keeping: JudgePrompt.outputBytes).leftOut
            let note = cut > 0 ? " (\(cut) bytes of the output were not shown)" : ""
            return "\(PlainText.clipped(model)): "
                + (reason.isEmpty ? "no reason given" : reason) + note
        }
    }

    /// Why there is no answer.
    struct Unanswered: Error {
        let finding: Finding
    }

    static func answer(
        to question: JudgeQuestion, _ model: String, _ conduct: Conduct
    ) -> Result<[UInt8], Unanswered> {
        switch conduct.judges?.reply(to: question) ?? .noTape {
        case .answered(let body): return .success(body)
        case .open:
            return .failure(
                Unanswered(
                    finding: .unjudged(
                        "\(openWords)\(PlainText.clipped(model)); `stormtape judge` asks it")))
        case .noTape:
            return .failure(
                Unanswered(
                    finding: .unjudged(noTapeText)))
        }
    }
}

extension InvariantResult {
    /// Whether it is not judged because a question to a judge is open.
    package var awaitsJudge: Bool {
        isOfJudges && !isJudged && message.hasPrefix("not judged: \(JudgeRules.openWords)")
    }

    /// Whether it is not judged because no judge gave a verdict: none answered, none could be
    /// asked, or what one said is neither.
    package var lacksJudge: Bool {
        guard isOfJudges, !isJudged else { return false }
        return awaitsJudge || message == "not judged: \(JudgeRules.noTapeText)"
            || message.contains(JudgeRules.unclearWords)
    }

    private var isOfJudges: Bool { JudgeRules.all.contains { invariant[$0.name] != nil } }
}

/// One output of the agent with what it answers.
struct JudgedOutput {
    /// What the agent was asked; nil where nobody knows.
    var prompt: String?
    var output: String
    /// The exchange with a model that came last before the output.
    var witnesses: [ExchangeID]
}

extension Conduct {
    /// What a judge is shown: the output, or, when the agent is a server, each of its answers with
    /// the request; without secrets, and no more than what the digest of the run covers.
    ///
    /// Identifiers that neither `text` names nor the agent was given are named by first use, as
    /// they are for the digest: they may be others in each run.
    func judgedOutputs(by text: String) -> [JudgedOutput] {
        let known = givenIdentifiers.union(VolatileIdentifiers.all(in: text))
        guard !trace.asked.isEmpty else {
            return [
                judgedOutput(
                    firstTurn?.firstUserText, trace.coveredOutput, known,
                    witnesses: turns.last.map { [$0.id] } ?? [])
            ]
        }
        return trace.awaited.map { asked in
            judgedOutput(
                String(decoding: asked.request.body, as: UTF8.self), asked.body,
                known.union(VolatileIdentifiers.all(in: asked.request.body)),
                witnesses: trace.asked.count == 1 ? turns.last.map { [$0.id] } ?? [] : [])
        }
    }

    private func judgedOutput(
        _ prompt: String?, _ output: [UInt8], _ known: Set<String>, witnesses: [ExchangeID]
    ) -> JudgedOutput {
        var renamer = IdentifierRenamer(known: known)
        // Secrets are looked for before anything is renamed or cut, while they are whole.
        func shown(_ text: String) -> String {
            renamer.rename(judges?.redacted(text) ?? text)
        }
        return JudgedOutput(
            prompt: prompt.map { shown($0) },
            output: shown(String(decoding: output, as: UTF8.self)), witnesses: witnesses)
    }

    /// The turn that says what was asked: the first one; on a real clock, where the kernel has a
    /// say in which one that is, the one that the digest names first.
    private var firstTurn: ModelTurn? {
        guard trace.clock == .real else { return turns.first }
        func key(_ turn: ModelTurn) -> (String, Fingerprint, Int, Int) {
            let exchange = turn.exchange
            return (exchange.upstream, exchange.fingerprint, exchange.take, exchange.attempt)
        }
        return turns.min { key($0) < key($1) }
    }
}

extension VolatileIdentifiers {
    /// The identifiers in the bytes of a text.
    static func all(in bytes: [UInt8]) -> [String] {
        ranges(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
}
