import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let seedDrift = FaultKind(
        id: "seed-drift",
        summary: "The provider runs another snapshot than before, and says so in a fingerprint.",
        layer: .semantic, target: .model, signature: .quiet, weight: 2, replaces: false,
        parameters: [
            ParameterSpec(
                "fingerprint", .text, default: .fixed("fp_0000storm"), "What the answer says.")
        ],
        documentation: FaultDocumentation(
            wireForm: "system_fingerprint of the document or of each event is another.",
            clients: "Nobody looks; answers at temperature 0 differ all the same.",
            robustAgent: "Logs it beside each answer, and does not promise equal answers.",
            evidence: ["OpenAI's documentation of system_fingerprint"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let value = JSONValue.string(parameters.text("fingerprint"))
            let reason = "the answer has no system_fingerprint"
            try delivery.editJSON(context, otherwise: reason) { answer in
                guard answer["system_fingerprint"] != nil else { return nil }
                var edited = answer
                edited["system_fingerprint"] = value
                return edited
            }
        })

    static let uuidCollision = FaultKind(
        id: "uuid-collision",
        summary: "An identifier that should be unique comes twice, or is missing.",
        layer: .semantic, target: .any, signature: .quiet, weight: 2, replaces: false,
        parameters: [
            .variant(
                ["repeated-id", "request-id-missing"],
                "The answer has the id of an earlier one; or the header with the request's "
                    + "identifier is missing.")
        ],
        documentation: FaultDocumentation(
            wireForm: "id at the top of the document is that of the earlier answer of the route; "
                + "or no x-request-id, request-id, x-amzn-requestid.",
            clients: "Stores keyed by it overwrite; deduplication drops an answer.",
            robustAgent: "Keys by identifiers of its own."),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            if parameters.text("variant") == "request-id-missing" {
                for name in ["x-request-id", "request-id", "x-amzn-requestid"] {
                    delivery.head?.headers.remove(name)
                }
                return
            }
            guard let earlier = context.earlier?.response else {
                throw Inapplicable("no earlier answer of this route was recorded")
            }
            let bytes = earlier.chunks.reduce(into: [UInt8]()) { $0 += $1.bytes }
            guard context.framing(of: delivery) == nil else {
                throw Inapplicable("the answer is a stream; its identifier is in every event")
            }
            var answer = try delivery.jsonAnswer()
            guard let id = (try? JSONValue.parse(bytes))?["id"], answer["id"] != nil else {
                throw Inapplicable("the two answers do not both have an id")
            }
            guard answer["id"] != id else {
                throw Inapplicable("the earlier answer has the same id")
            }
            answer["id"] = id
            delivery.edit(bodyBytes: answer.encoded())
        })
}
