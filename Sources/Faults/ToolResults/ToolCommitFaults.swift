import Cassette
import Determinism
import WireProtocols

// The tool of a replay does nothing, so whether it did what it was asked is said by the fault
// alone: the kinds below differ in what the agent has to reckon with.

extension FaultKind {
    static let commitThenError = FaultKind(
        id: "commit-then-error",
        summary: "The tool did what it was asked, and answers with an error.",
        layer: .status, target: .tool, signature: .ambiguous, weight: 5, replaces: true,
        parameters: [
            ParameterSpec("code", .integer(500...599), default: .fixed(500), "The status.")
        ],
        documentation: FaultDocumentation(
            wireForm: "A 5xx with a JSON error at the recorded instant.",
            clients: "HTTP clients with retries send it again: the action happens twice.",
            robustAgent: "Uses an idempotency key, or looks before it repeats.",
            evidence: ["qwen-code#8387", "hostinger#68", "composio#3654"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let answer = PlainHTTP.errorAnswer(
                .server, status: Int(parameters.integer("code")))
            delivery.replace(by: answer, request: context.interaction.request)
        })

    static let lostRequest = FaultKind(
        id: "lost-request",
        summary: "The request never reached the tool; to the agent it looks like a time-out.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 3, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "No answer, ever; the connection stays open. The twin of "
                + "lost-response-after-commit: here nothing was done.",
            clients: "As for headers-timeout.",
            robustAgent: "May repeat, once it knows that nothing was done."),
        apply: edit { (delivery, _, _) throws(Inapplicable) in
            delivery.replaceByNothing(ending: .hang, at: .zero)
        })

    static let partialSideEffect = FaultKind(
        id: "partial-side-effect",
        summary: "The tool did the first part of a batch, then failed.",
        layer: .status, target: .tool, signature: .ambiguous, weight: 5, replaces: true,
        parameters: [
            .place("done", from: 0, "How many elements of the batch were done.") { _, context in
                let count = Int64(batch(of: context)?.count ?? 0)
                return count > 1 ? 1...(count - 1) : nil
            }
        ],
        documentation: FaultDocumentation(
            wireForm: "500 with {\"error\":…,\"completed\":k,\"total\":n}; n is the length of the "
                + "first list in the request.",
            clients: "Repeat the whole batch.",
            robustAgent: "Goes on after what was done.",
            evidence: ["reyn#2600", "smg#2441"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            guard let batch = batch(of: context), batch.count > 1 else {
                throw Inapplicable("the request holds no list of two or more")
            }
            let done = parameters.integer("done")
            guard done >= 0, done < batch.count else {
                throw Inapplicable("the batch has \(batch.count) elements, not \(done)")
            }
            let body: JSONValue = [
                "error": ["code": "partial_failure", "message": "The batch was interrupted."],
                "completed": .int(done), "total": .int(Int64(batch.count)),
            ]
            let answer = ErrorAnswer(
                status: 500, headers: [HeaderField("content-type", "application/json")],
                body: body.encoded())
            delivery.replace(by: answer, request: context.interaction.request)
        })

    /// The first list of two or more in a request.
    private static func batch(of context: FaultContext) -> [JSONValue]? {
        guard let json = try? JSONValue.parse(context.interaction.request.body) else { return nil }
        let places = JSONPlace.all(in: json) { ($0.arrayValue?.count ?? 0) > 1 }
        return places.first?.value(in: json)?.arrayValue
    }

    static let eventualConsistency = FaultKind(
        id: "eventual-consistency",
        summary: "A read after a write still gives what was there before.",
        layer: .semantic, target: .tool, signature: .quiet, weight: 4, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "The recorded answer to the same request before. Aim it at several calls for "
                + "several reads.",
            clients: "Programs conclude that the write failed, and write again.",
            robustAgent: "Waits and reads again before it writes again."),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            let request = context.interaction.request
            guard ["GET", "HEAD"].contains(request.method) else {
                throw Inapplicable("\(request.method) is no read")
            }
            guard context.earlier?.request.target == request.target else {
                throw Inapplicable("the same was not read before")
            }
            try delivery.becomeStale(context)
        })
}
