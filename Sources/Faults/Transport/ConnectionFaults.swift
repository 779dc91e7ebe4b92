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
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let place = try cutPlace(parameters, in: delivery)
            delivery.cutBody(after: place, ending: .reset)
        })

    static let shortChunkedBody = FaultKind(
        id: "short-chunked-body",
        summary: "The connection is closed before the body is as long as its framing announced.",
        layer: .framing, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [bytesBeforeCut],
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let place = try cutPlace(parameters, in: delivery)
            switch delivery.head?.framing {
            case .chunked, .length: delivery.cutBody(after: place, ending: .closed)
            case .untilClose, .some(.none), nil:
                throw Inapplicable("a closed connection is the regular end of this body")
            }
        })

    private static let bytesBeforeCut = ParameterSpec.place(
        "at_bytes", from: 1, "How many bytes of the body are sent before the cut."
    ) { delivery, _ in
        delivery.bodyCount > 1 ? 1...Int64(delivery.bodyCount - 1) : nil
    }

    private static func cutPlace(
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
