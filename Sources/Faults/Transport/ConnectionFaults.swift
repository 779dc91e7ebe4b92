import Cassette
import Determinism

extension FaultKind {
    static let headersTimeout = FaultKind(
        id: "headers-timeout",
        summary: "The request is taken, and not even a status line comes back.",
        layer: .connection, target: .any, signature: .loud, weight: 3, replaces: true,
        parameters: [
            .milliseconds(
                "hang_ms", from: 0, default: 0,
                "After how long the connection is closed; 0 for never.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The request is read; no byte comes back. With hang_ms FIN comes then.",
            clients: "The read time-out: 600 s for OpenAI and Anthropic, three times with retries; "
                + "60 s for boto3; none for ollama.",
            robustAgent: "Has a deadline of its own."),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let milliseconds = parameters.integer("hang_ms")
            guard milliseconds >= 0 else {
                throw Inapplicable("hang_ms \(milliseconds) is no time")
            }
            delivery.replaceByNothing(
                ending: milliseconds == 0 ? .hang : .closed, at: .milliseconds(milliseconds))
        })

    static let connResetAfterRequest = FaultKind(
        id: "conn-reset-after-request",
        summary: "The connection is reset after the request was sent, before any answer.",
        layer: .connection, target: .any, signature: .ambiguous, weight: 4, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "RST after the body of the request, before a status line.",
            clients: "Retried like any error of the connection, without an idempotency key by "
                + "OpenAI and Anthropic: the work may be done, and billed, twice.",
            robustAgent: "Does not repeat a call of a tool that is not idempotent blindly: it "
                + "looks first.",
            evidence: ["qwen-code#8387"]),
        apply: edit { (delivery, _, _) throws(Inapplicable) in
            delivery.replaceByNothing(ending: .reset, at: .zero)
        })

    static let connResetBeforeRequest = FaultKind(
        id: "conn-reset-before-request",
        summary: "The request meets a connection that the server gave up, and is not taken.",
        layer: .connection, target: .any, signature: .loud, weight: 1, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "RST in answer to the request, as when a kept connection is used again after "
                + "the server closed it. The agent sees the same bytes as with "
                + "conn-reset-after-request, but the upstream never had the request.",
            clients: "ECONNRESET; SDKs retry it.",
            robustAgent: "Retries; before a side effect, it looks first all the same.",
            evidence: ["nodejs/node#47130", "denoland/deno#31932"]),
        apply: edit { (delivery, _, _) throws(Inapplicable) in
            delivery.replaceByNothing(ending: .reset, at: .zero)
        })

    // The two cuts below lie in the framing layer although they break the connection: they count
    // bytes of the body that is sent in the end, after stream and semantic faults edited it.

    static let connResetMidBody = FaultKind(
        id: "conn-reset-mid-body",
        summary: "The connection is reset in the middle of the body.",
        layer: .framing, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [bytesBeforeCut],
        documentation: FaultDocumentation(
            wireForm: "Some bytes of the body, then RST.",
            clients: "openai-python 3: APIConnectionError; older ones and anthropic-python let the "
                + "error of httpx through. No SDK retries in the middle of a body.",
            robustAgent: "Catches errors of the connection while it iterates, not only at the "
                + "call.",
            evidence: ["Langchain-Chatchat#4383"]),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let place = try cutPlace(parameters, in: delivery)
            delivery.cutBody(after: place, ending: .reset)
        })

    static let shortChunkedBody = FaultKind(
        id: "short-chunked-body",
        summary: "The connection is closed before the body is as long as its framing announced.",
        layer: .framing, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [bytesBeforeCut],
        documentation: FaultDocumentation(
            wireForm:
                "Some bytes of the body, then FIN: before the last chunk of size 0, or before "
                + "content-length is reached.",
            clients:
                "httpx: RemoteProtocolError, incomplete chunked read; through the SDKs as with "
                + "conn-reset-mid-body.",
            robustAgent: "Treats it as a failure, not as the end of the answer.",
            evidence: ["Langchain-Chatchat#4383"]),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let place = try cutPlace(parameters, in: delivery)
            switch delivery.head?.framing {
            case .chunked, .length: delivery.cutBody(after: place, ending: .closed)
            case .untilClose, .some(.none), nil:
                throw Inapplicable("a closed connection is the regular end of this body")
            }
        })

    static let bytesBeforeCut = ParameterSpec.place(
        "at_bytes", from: 1, "How many bytes of the body are sent before the cut.",
        counting: .bytes
    ) { delivery, _ in
        delivery.bodyCount > 1 ? 1...Int64(delivery.bodyCount - 1) : nil
    }

    static func cutPlace(
        _ parameters: FaultParameters, in delivery: Delivery
    ) throws(Inapplicable) -> Int {
        let count = delivery.bodyCount
        let place = parameters.integer("at_bytes")
        guard delivery.head != nil, count > 1 else {
            throw Inapplicable("the answer has no body that could be cut")
        }
        guard place >= 1, place < count else {
            throw Inapplicable("at_bytes \(place) does not lie inside the body of \(count) bytes")
        }
        return Int(place)
    }
}
