import Cassette
import Determinism

/// The error codes of HTTP/2 that servers break answers off with (RFC 9113, 7).
public enum HTTP2Code: String, Hashable, Sendable, CaseIterable {
    /// Nothing went wrong: the server shuts down in good order.
    case noError = "NO_ERROR"
    /// The client did not keep to the protocol.
    case protocolError = "PROTOCOL_ERROR"
    /// The server failed.
    case internalError = "INTERNAL_ERROR"
    /// The request was not looked at, and may be sent again.
    case refusedStream = "REFUSED_STREAM"
    /// The stream is not wanted any more.
    case cancel = "CANCEL"
    /// The client takes more than it should.
    case enhanceYourCalm = "ENHANCE_YOUR_CALM"

    /// The number on the wire.
    public var number: Int {
        switch self {
        case .noError: 0x0
        case .protocolError: 0x1
        case .internalError: 0x2
        case .refusedStream: 0x7
        case .cancel: 0x8
        case .enhanceYourCalm: 0xB
        }
    }
}

/// The frame of HTTP/2 with which a server breaks an answer off.
public enum BreakingFrame: Hashable, Sendable {
    /// GOAWAY, and the end of the connection. The last stream that it names is that of the answer,
    /// or the one before: then the request was not looked at.
    case goAway(HTTP2Code, namesStream: Bool)
    /// RST_STREAM for the stream of the answer; the connection stays.
    case resetStream(HTTP2Code)

    /// The ending of a delivery that it makes.
    public var ending: DeliveryEnding {
        switch self {
        case .goAway: .goAway
        case .resetStream: .streamReset
        }
    }

    /// What tells it from others with the same ending.
    public var detail: String {
        switch self {
        case .goAway(let code, true): code.rawValue
        case .goAway(let code, false): code.rawValue + " below"
        case .resetStream(let code): code.rawValue
        }
    }
}

/// The forms in which an answer is broken off.
private enum BreakingForm: String, CaseIterable {
    case goAway = "goaway"
    case goAwayBelow = "goaway-below"
    case reset = "rst-stream"
    case resetUnanswered = "rst-stream-unanswered"

    /// Whether nothing of the answer is sent before.
    var isUnanswered: Bool { self == .goAwayBelow || self == .resetUnanswered }

    private var usualCode: HTTP2Code {
        switch self {
        case .goAway, .goAwayBelow: .noError
        case .reset: .internalError
        case .resetUnanswered: .refusedStream
        }
    }

    func frame(code word: String) -> BreakingFrame {
        let code = HTTP2Code(rawValue: word) ?? usualCode
        return switch self {
        case .goAway: .goAway(code, namesStream: true)
        case .goAwayBelow: .goAway(code, namesStream: false)
        case .reset, .resetUnanswered: .resetStream(code)
        }
    }
}

extension FaultKind {
    static let h2GoAway = FaultKind(
        id: "h2-goaway",
        summary: "An answer over HTTP/2 is broken off by a frame GOAWAY or RST_STREAM.",
        layer: .framing, target: .any, signature: .loud, weight: 3, replaces: false,
        replacingVariants: BreakingForm.allCases.filter(\.isUnanswered).map(\.rawValue),
        parameters: [
            .variant(
                BreakingForm.allCases.map(\.rawValue),
                "GOAWAY in the middle of the answer, which names its stream as the last one taken; "
                    + "GOAWAY in place of the answer, which names the stream before, so that the "
                    + "request counts as not looked at; RST_STREAM in the middle of the answer, or "
                    + "in its place."),
            ParameterSpec(
                "code", .choice(["usual"] + HTTP2Code.allCases.map(\.rawValue)),
                default: .fixed("usual"),
                "The error code; usual are NO_ERROR in GOAWAY, INTERNAL_ERROR in RST_STREAM, and "
                    + "REFUSED_STREAM where that comes in place of the answer."),
            .place(
                "at_bytes",
                "How many bytes of the body are sent before a frame in the middle; 0 for the head "
                    + "only.", counting: .bytes
            ) { delivery, _ in
                delivery.head == nil ? nil : 0...Int64(max(0, delivery.bodyCount - 1))
            },
        ],
        documentation: documentationOfGoAway, needsHTTP2: true,
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            if let reason = context.http2Refusal { throw Inapplicable(reason) }
            guard let form = BreakingForm(rawValue: parameters.text("variant")) else {
                throw Inapplicable("no form is called \(parameters.text("variant"))")
            }
            guard delivery.head != nil else {
                throw Inapplicable("there is no answer that could be broken off")
            }
            delivery.breakOff(
                after: form.isUnanswered ? nil : try breakingPlace(parameters, in: delivery),
                by: form.frame(code: parameters.text("code")))
        })

    private static let documentationOfGoAway = FaultDocumentation(
        wireForm:
            "The head and at_bytes of the body in frames DATA, or nothing; then GOAWAY and the "
            + "end of the connection, or RST_STREAM for this stream. The proxy offers `h2` in the "
            + "handshake to the hosts of such faults only; whoever takes `http/1.1` does not meet "
            + "it.",
        clients: "openai-python 3 with http2=True: RemoteProtocolError of httpx2, within "
            + "APIConnectionError. Retried twice, after about 0.5 s and 1 s, where no stream was asked "
            + "for or nothing of it had come; in the middle of a stream the caller gets it. "
            + "REFUSED_STREAM is an error as any other, retried after the same time on the same "
            + "connection. A stream above the last one of GOAWAY httpx2 sends again by itself, at "
            + "once, on another connection; where the last one is 0, as for the first request of a "
            + "connection, it does not, and the SDK retries. node:http2: ERR_HTTP2_STREAM_ERROR, "
            + "but after GOAWAY in the middle of an answer with NO_ERROR only the event `end`, as "
            + "if that were all; rstCode is 8.",
        robustAgent:
            "Sends again what a server says it did not look at (REFUSED_STREAM, or a stream "
            + "above the last one of GOAWAY), on another connection after GOAWAY. Anything else is "
            + "a failure in the middle of an answer: before a side effect is repeated, it looks "
            + "first.",
        evidence: [
            "coddy-agent#298 (`stream error: stream ID 1; INTERNAL_ERROR` is not retried)",
            "sindresorhus/got#2156", "RFC 9113, 6.4, 6.8 and 8.7",
            "seen with openai 3.54.0, httpx2 2.16.2 and h2 4.4.1, and with Node 20.20.2",
        ])

    private static func breakingPlace(
        _ parameters: FaultParameters, in delivery: Delivery
    ) throws(Inapplicable) -> Int {
        let place = parameters.integer("at_bytes")
        let count = delivery.bodyCount
        guard place >= 0, place < max(1, count) else {
            throw Inapplicable("at_bytes \(place) does not lie inside the body of \(count) bytes")
        }
        return Int(place)
    }
}

extension Delivery {
    /// Ends with a frame behind the head and so many bytes of the body, or in place of both.
    fileprivate mutating func breakOff(after count: Int?, by frame: BreakingFrame) {
        if let count {
            cutBody(after: count, ending: frame.ending)
        } else {
            let at = head?.at ?? .zero
            head = nil
            body = []
            trailers = []
            ending = frame.ending
            endAt = at
        }
        breakingFrame = frame
    }
}
