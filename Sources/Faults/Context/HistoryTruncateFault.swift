import Determinism

extension FaultKind {
    static let historyTruncate = FaultKind(
        id: "history-truncate",
        summary: "The model answers as if it had not seen the last messages.",
        layer: .semantic, target: .model, signature: .quiet, weight: 4, replaces: true,
        parameters: [
            ParameterSpec(
                "messages", .integer(1...10_000), default: .fixed(1),
                "How many of the last messages it lacks at least.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                The recorded answer to an earlier request of the same route, model, system prompt \
                and stored conversation, byte for byte: the one whose messages are the longest \
                beginning of this request's. Marks of caches are not compared. Nothing is made \
                up: what the model would say without its first messages, without one in the \
                middle or with another one, nobody recorded.
                """,
            clients: """
                No SDK can tell. The model repeats itself: it asks for a tool call that was made \
                already, with the identifier of the old one.
                """,
            robustAgent: """
                Sees that a call with this identifier was answered, does not do it twice, and says \
                again what is known or stops.
                """,
            evidence: ["agent-chaos, HistoryMutate, HistoryTruncate"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let count = parameters.integer("messages")
            guard let lacking = Int(exactly: count),
                let earlier = context.neighbour(.shorterHistory(lacking: lacking))
            else {
                throw Inapplicable(
                    "no call was recorded that lacks only the last messages of this one, "
                        + "\(count) or more")
            }
            try delivery.replace(byRecorded: earlier, in: context)
        })
}
