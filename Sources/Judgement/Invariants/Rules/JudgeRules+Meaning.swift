internal import Determinism
internal import Simulation

extension JudgeRules {
    static let similarInMeaning = InvariantKind(
        "similar_in_meaning", .output,
        summary: "The output means so much the same as this text, by the cosine of two recorded "
            + "embeddings.",
        parameters: [
            InvariantParameter("to", "text", "The text."),
            InvariantParameter(
                "min_percent", "whole number", standard: "80", "The least, from 1 to 100."),
            InvariantParameter(
                "model", "text", "The model of embeddings, which speaks as OpenAI's do."),
        ],
        example: #"{"to": "The refund is on its way.", "model": "text-embedding-3-small"}"#
    ) { (arguments) throws(InvariantError) in
        try arguments.allow(["to", "min_percent", "model"])
        return SimilarInMeaning(
            text: try arguments.required("to").text(),
            percentMin: try arguments.optional("min_percent")?.whole(in: 1...100) ?? 80,
            model: try arguments.required("model").text())
    }

    struct SimilarInMeaning: InvariantRule {
        let text: String
        let percentMin: Int
        let model: String

        /// A model of embeddings takes no longer text whole.
        static let outputBytesMax = 32_768

        var id: String {
            "similar_in_meaning(\(JudgeRules.named(text)), "
                + "\(JudgeRules.named(model, isQuoted: false))) >= \(percentMin) %"
        }

        func check(_ conduct: Conduct) -> Finding {
            let expected = vector(of: text, conduct)
            var unjudged: Finding?
            var least: (likeness: Int, witnesses: [ExchangeID])?
            for judged in conduct.judgedOutputs(by: text) {
                switch likeness(of: judged.output, to: expected, conduct) {
                case .failure(let open): unjudged = unjudged ?? open.finding
                case .success(let likeness):
                    if likeness < least?.likeness ?? .max { least = (likeness, judged.witnesses) }
                }
            }
            guard let least else { return unjudged ?? .unjudged("the agent said nothing") }
            let seen =
                "the output means \(Likeness.percent(least.likeness)) the same as the text, by "
                + PlainText.clipped(model)
            guard least.likeness >= percentMin * 10 else {
                return .brokenAtEnd(seen, witnesses: least.witnesses)
            }
            return unjudged ?? .holds(seen, witnesses: least.witnesses)
        }

        private func likeness(
            of output: String, to expected: Result<MeaningVector, Unanswered>, _ conduct: Conduct
        ) -> Result<Int, Unanswered> {
            // Nothing has no meaning, and models refuse it.
            guard !OutputText.isBlank(output) else { return .success(0) }
            guard output.utf8.count <= SimilarInMeaning.outputBytesMax else {
                return .failure(
                    Unanswered(
                        finding: .unjudged(
                            "the output has \(output.utf8.count) bytes, and the meaning of "
                                + "\(SimilarInMeaning.outputBytesMax) at most is compared")))
            }
            let own = vector(of: output, conduct)
            switch (own, expected) {
            case (.failure(let open), _), (.success, .failure(let open)): return .failure(open)
            case (.success(let own), .success(let expected)):
                guard let likeness = own.likeness(to: expected) else {
                    return .failure(
                        Unanswered(
                            finding: .unjudged(
                                "\(PlainText.clipped(model)) gave vectors of "
                                    + "\(own.components.count) and "
                                    + "\(expected.components.count) numbers")))
                }
                return .success(likeness)
            }
        }

        private func vector(
            of text: String, _ conduct: Conduct
        ) -> Result<MeaningVector, Unanswered> {
            let question = JudgePrompt.embedding(of: text, model: model)
            return JudgeRules.answer(to: question, model, conduct).flatMap { body in
                MeaningVector(body).map { .success($0) }
                    ?? .failure(
                        Unanswered(
                            finding: .unjudged(
                                "the recorded answer of \(PlainText.clipped(model)) holds no "
                                    + "embedding")))
            }
        }
    }
}
