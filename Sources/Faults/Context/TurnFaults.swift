import Cassette
import Determinism

extension FaultKind {
    /// The identifier of the fault of whoever asks an agent.
    public static let disturbing = duplicateUserMessage.id

    static let duplicateUserMessage = FaultKind(
        id: "duplicate-user-message",
        summary: "While the agent works on a question it is asked the same once more.",
        layer: .timing, target: .any, signature: .ambiguous, weight: 3, replaces: false,
        parameters: [
            .variant(
                Disturbance.Act.allCases.map(\.rawValue),
                "A second connection brings the same request at once; the user hangs up and asks "
                    + "again; the request comes again when its answer is whole."),
            .milliseconds(
                "after_ms", from: 0, default: 1_000,
                "How long after hanging up, or after the answer, it comes again."),
        ],
        documentation: FaultDocumentation(
            wireForm: "For agents that are asked (`--ask`). This answer of a model or a tool is "
                + "as recorded and only says when: before its middle step is sent, while the "
                + "question that led to it waits. The second request is equal to the first, "
                + "on a connection of its own; `interrupt` resets the first connection. What "
                + "the agent asks twice for that reason it is given twice (`re-ask`). "
                + "Inapplicable on a real clock, where no question waits, and after eight.",
            clients: "Chat widgets and message queues deliver at least once; a server that gets no "
                + "sign of the hang-up goes on, and so do its tools.",
            robustAgent: "Knows a turn by its identifier: joins the one that is under way, gives "
                + "the saved answer again, and has each effect once.",
            evidence: ["claude-code#2261"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            if let reason = context.turnRefusal { throw Inapplicable(reason) }
            guard delivery.disturbance == nil else {
                throw Inapplicable("the question is disturbed there already")
            }
            guard let act = Disturbance.Act(rawValue: parameters.text("variant")) else {
                throw Inapplicable("\(parameters.text("variant")) is no variant")
            }
            delivery.disturbance = Disturbance(
                act,
                after: act == .duplicate ? .zero : .milliseconds(parameters.integer("after_ms")))
        })
}
