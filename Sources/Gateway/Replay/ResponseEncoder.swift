import Cassette
import Faults
import Simulation

/// Turns the steps of one delivery into the bytes of one HTTP/1.1 response.
///
/// Header lines are written as they are given; those of framing follow them. Line breaks and
/// NUL are taken out of them: no value may start a line of its own.
struct ResponseEncoder {
    private let hasNoBody: Bool
    private let isVersion11: Bool
    private let keepsAlive: Bool
    private var framing = BodyFraming.none
    private var hasHead = false
    private var bodyByteCount = 0

    init(answering request: CollectedRequest) {
        hasNoBody = request.request.method == "HEAD"
        isVersion11 = request.isVersion11
        keepsAlive = request.keepsAlive
    }

    /// Whether the connection has to be closed after the end of the framing.
    var endsWithClose: Bool {
        !keepsAlive || (framing == .untilClose && !hasNoBody)
    }

    /// Whether a client that has read all so far has the whole response, by its framing.
    var isWhole: Bool {
        guard hasHead, !hasNoBody else { return hasHead }
        switch framing {
        case .length(let count): return bodyByteCount >= count
        case .none: return true
        case .chunked, .untilClose: return false
        }
    }

    /// The bytes of one step, which may be none.
    mutating func bytes(of step: DeliveryStep) -> [UInt8] {
        switch step {
        case .head(let head): bytes(of: head)
        case .body(let bytes): body(bytes)
        case .end(let trailers): end(trailers)
        case .close, .reset, .frame: []
        }
    }

    private mutating func bytes(of head: DeliveryHead) -> [UInt8] {
        hasHead = true
        framing = head.framing
        // A client of HTTP/1.0 knows no chunks: the end of the connection ends the body.
        if framing == .chunked, !isVersion11 { framing = .untilClose }
        var out = Array("HTTP/1.1 \(head.status) ".utf8)
        out.append(contentsOf: Self.lineSafe(head.reason))
        out.append(contentsOf: Self.lineEnd)
        Self.append(head.headers, to: &out)
        switch framing {
        case .chunked: Self.append([HeaderField("transfer-encoding", "chunked")], to: &out)
        case .length(let count):
            Self.append([HeaderField("content-length", "\(count)")], to: &out)
        case .untilClose, .none: break
        }
        if !keepsAlive, !head.headers.contains("connection") {
            Self.append([HeaderField("connection", "close")], to: &out)
        }
        out.append(contentsOf: Self.lineEnd)
        return out
    }

    private mutating func body(_ bytes: [UInt8]) -> [UInt8] {
        // An empty chunk would be the terminator.
        if hasNoBody || bytes.isEmpty { return [] }
        bodyByteCount += bytes.count
        switch framing {
        case .none: return []
        case .length, .untilClose: return bytes
        case .chunked:
            return Array(String(bytes.count, radix: 16).utf8) + Self.lineEnd + bytes
                + Self.lineEnd
        }
    }

    private func end(_ trailers: HeaderFields) -> [UInt8] {
        guard framing == .chunked, !hasNoBody else { return [] }
        var out = Array("0\r\n".utf8)
        Self.append(trailers, to: &out)
        out.append(contentsOf: Self.lineEnd)
        return out
    }

    private static let lineEnd = Array("\r\n".utf8)

    private static func append(_ fields: HeaderFields, to out: inout [UInt8]) {
        for field in fields.fields {
            let name = nameSafe(field.name)
            if name.isEmpty { continue }
            out.append(contentsOf: name)
            out.append(contentsOf: Array(": ".utf8))
            out.append(contentsOf: lineSafe(field.value))
            out.append(contentsOf: lineEnd)
        }
    }

    /// The name of a header line without what no name may have.
    static func nameSafe(_ text: String) -> [UInt8] {
        lineSafe(text).filter { $0 > 0x20 && $0 != UInt8(ascii: ":") }
    }

    /// A text without line breaks and NUL.
    static func lineSafe(_ text: String) -> [UInt8] {
        text.utf8.filter { $0 != 0x0D && $0 != 0x0A && $0 != 0 }
    }
}
