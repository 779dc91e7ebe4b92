import Cassette
import Determinism

// These count bytes of the body that is sent in the end, so they lie in the framing layer.
extension FaultKind {
    static let gracefulEarlyClose = FaultKind(
        id: "graceful-early-close",
        summary: "The body stops in the middle and ends as if it were whole.",
        layer: .framing, target: .any, signature: .quiet, weight: 5, replaces: false,
        parameters: [bytesBeforeCut],
        documentation: FaultDocumentation(
            wireForm: "The first bytes of the body, then the proper end: the last chunk of size 0, "
                + "or a content-length of what was sent.",
            clients:
                "A clean end. Streams: the SDKs of OpenAI, Anthropic and Google stop iterating "
                + "without an error. Whole answers: a JSON decoding error.",
            robustAgent: "Wants the event that ends the answer, and a finish reason.",
            evidence: ["NVIDIA/TensorRT-LLM#18289"]),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let place = try cutPlace(parameters, in: delivery)
            guard delivery.head?.framing != .some(.none) else {
                throw Inapplicable("the answer has no body that could be cut")
            }
            delivery.cutBody(after: place, ending: .complete)
            delivery.refitLength()
        })

    static let contentLengthTooLong = FaultKind(
        id: "content-length-too-long",
        summary: "The head announces more bytes than are sent.",
        layer: .framing, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [
            ParameterSpec(
                "delta_bytes", .integer(1...1 << 40), default: .fixed(10),
                "How many bytes are missing."),
            .variant(
                ["closed", "open"], "Then the connection is closed, or it stays open for ever."),
        ],
        documentation: FaultDocumentation(
            wireForm: "content-length greater than the body, also in place of the chunked coding; "
                + "then FIN, or silence.",
            clients: "httpx: RemoteProtocolError when it is closed. When it stays open, the read "
                + "time-out of 600 s for OpenAI and Anthropic, and none for ollama.",
            robustAgent: "Treats it as a failure, not as the end of the answer."),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let missing = parameters.integer("delta_bytes")
            guard (1...1 << 40).contains(missing) else {
                throw Inapplicable("delta_bytes \(missing) is no such number of bytes")
            }
            let count = try announceable(delivery)
            delivery.announce(count + Int(missing))
            delivery.ending = parameters.text("variant") == "open" ? .hang : .closed
            delivery.endAt = delivery.lastSentAt
        })

    static let contentLengthTooShort = FaultKind(
        id: "content-length-too-short",
        summary: "The head announces fewer bytes than are sent.",
        layer: .framing, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [
            .place("delta_bytes", from: 1, "How many bytes come after the announced end.") {
                delivery, _ in
                delivery.bodyCount > 1 ? 1...Int64(delivery.bodyCount - 1) : nil
            }
        ],
        documentation: FaultDocumentation(
            wireForm: "content-length less than the body, also in place of the chunked coding; the "
                + "rest is sent all the same, then FIN.",
            clients: "The answer is cut: a JSON decoding error, or a stream that ends cleanly. The "
                + "rest poisons the next answer where the connection is used again.",
            robustAgent: "Treats it as a failure, and drops the connection."),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let count = try announceable(delivery)
            let surplus = parameters.integer("delta_bytes")
            guard surplus >= 1, surplus < count else {
                throw Inapplicable("delta_bytes \(surplus) of a body of \(count) bytes")
            }
            delivery.announce(count - Int(surplus))
            delivery.ending = .closed
            delivery.endAt = delivery.lastSentAt
        })

    /// How many bytes a body has whose length can be announced.
    private static func announceable(_ delivery: Delivery) throws(Inapplicable) -> Int {
        let count = delivery.bodyCount
        guard let head = delivery.head, head.framing != .none, count > 0 else {
            throw Inapplicable("the answer has no body whose length could be announced")
        }
        return count
    }
}

extension Delivery {
    /// Announces a length, true or not, in place of any other framing.
    fileprivate mutating func announce(_ count: Int) {
        head?.framing = .length(count)
        trailers = []
    }
}
