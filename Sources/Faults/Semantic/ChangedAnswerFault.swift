import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let changedAnswer = FaultKind(
        id: "changed-answer",
        summary: "The model gives another of the answers that it gave to the same request.",
        layer: .semantic, target: .model, signature: .quiet, weight: 3, replaces: true,
        parameters: [
            ParameterSpec(
                "alternate", .integer(1...1_000), default: .fixed(1),
                "Which of the recorded answers that say something else, in recorded order.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                Another recorded answer to an equal request, byte for byte. Answers differ when \
                their text, tool calls or finish reason do. The answer that was due is used up; the \
                other one stays due for its own turn. With `attempt: 2` the model changes its mind \
                between a request and its retry.
                """,
            clients: "Nobody can tell: a model may answer in another way each time.",
            robustAgent: """
                Plans so that a step may be asked for twice: looks at what was done already, and \
                does not act on half of one plan and half of another.
                """,
            evidence: ["tau-bench, pass^k (arXiv 2406.12045)"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            try delivery.demandSuccess()
            let number = parameters.integer("alternate")
            guard number >= 1, let place = Int(exactly: number),
                let other = context.neighbour(.otherAnswer(place))
            else {
                throw Inapplicable(
                    number > 1
                        ? "the cassette holds fewer than \(number) other answers to this request"
                        : "the cassette holds no other answer to this request")
            }
            try delivery.replace(byRecorded: other, in: context)
        })
}

extension Delivery {
    /// Goes on only where the answer that is due is a whole one without an error.
    ///
    /// Returns its status.
    @discardableResult
    func demandSuccess() throws(Inapplicable) -> Int {
        guard ending == .complete, let head, head.status < 400 else {
            throw Inapplicable("the answer that is due is an error, or is not whole")
        }
        return head.status
    }

    /// Puts the recorded answer of another call in place of a whole answer, in its own time.
    ///
    /// It must have the form that the request asks for, which is that of the answer it replaces.
    mutating func replace(
        byRecorded other: Interaction, in context: FaultContext
    ) throws(Inapplicable) {
        let status = try demandSuccess()
        guard other.succeeded else {
            throw Inapplicable("the other recorded answer is an error, or is not whole")
        }
        let given = Delivery(other)
        guard context.framing(of: given) == context.framing(of: self) else {
            throw Inapplicable("the other recorded answer is framed in another way")
        }
        guard given.bodyBytes != bodyBytes || given.head?.status != status else {
            throw Inapplicable("the other recorded answer says the same")
        }
        self = given
    }
}
