import Cassette
import Determinism

/// Makes of what a source kept what an agent that asks for `identity` would have got.
enum ExchangeRepair {
    /// The lines that belong to one connection, not to the message (RFC 9110, 7.6.1).
    private static let connectionLines = [
        "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
        "proxy-connection",
    ]

    /// How large a body is at most; its lines bound the number of its events.
    private static let bodyBytesMax = 64 << 20
    private static let bodyLinesMax = 2_000_000
    /// The commas and opening brackets; a JSON text has at most one value more than those.
    private static let bodyMarksMax = 8_000_000

    static func repair(_ exchange: inout ImportedExchange) throws(ImportError) {
        try checkSize(exchange.body)
        exchange.method = try method(exchange.method)
        // An HTTP/2 request has its first line among the headers.
        exchange.headers.fields.removeAll { $0.name.hasPrefix(":") }
        try check(exchange.headers)
        exchange.headers.removeEmptyFraming()
        repairRequest(&exchange)
        guard let response = exchange.response else { return }
        guard (200...999).contains(response.status) else {
            throw ImportError(
                .notHTTP,
                "a response has a status from 200 to 999; this one has "
                    + "\(response.status): leave the exchange out")
        }
        try check(response.headers)
        try check(response.trailers)
        if response.reason.utf8.contains(where: { $0 < 0x20 }) { exchange.response?.reason = "" }
        try repairResponse(&exchange)
    }

    /// Refuses what would take too much memory when it is taken apart.
    static func checkSize(
        _ body: [UInt8], marksMax: Int = bodyMarksMax
    ) throws(ImportError) {
        guard body.count <= bodyBytesMax, body.count(where: { $0 == 0x0A }) <= bodyLinesMax,
            body.count(where: isMark) <= marksMax
        else {
            throw ImportError(
                .tooLarge,
                "a body has more than \(bodyBytesMax) bytes, \(bodyLinesMax) lines or "
                    + "\(marksMax) commas and opening brackets; leave the exchange out")
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
    }

    private static func repairRequest(_ exchange: inout ImportedExchange) {
        if exchange.url.holdsPlaceholder {
            exchange.fidelity.request = max(exchange.fidelity.request, .reconstructed)
            exchange.marks.insert("placeholder-in-address")
        }
        guard let length = exchange.headers.first("content-length"),
            length != String(exchange.body.count)
        else { return }
        // Most recorders filter bodies and leave the length; some keep no body at all.
        exchange.headers.set("content-length", String(exchange.body.count))
        exchange.fidelity.request = max(exchange.fidelity.request, .reconstructed)
        exchange.marks.insert("content-length-mended")
        if exchange.body.isEmpty {
            exchange.warnings.append(
                "the request had a body of \(length.prefix(12)) bytes, which the source did not "
                    + "keep; an agent that sends one is off the tape")
        }
    }

    private static func repairResponse(
        _ exchange: inout ImportedExchange
    ) throws(ImportError) {
        guard var response = exchange.response else { return }
        switch try ContentCoding.decode(response.body, headers: response.headers) {
        case .plain:
            if !response.body.isEmpty { response.headers.remove("content-encoding") }
        case .decoded(let body):
            response.body = body
            response.headers.remove("content-encoding")
            exchange.marks.insert("content-decoded")
        case .broken(let reason):
            exchange.marks.insert("content-coding-broken")
            exchange.fidelity.response = max(exchange.fidelity.response, .reconstructed)
            exchange.warnings.append(
                "the body of the response stays compressed: \(reason)")
        }
        try checkSize(response.body)
        let named = response.headers.fields.filter { asciiEqual($0.name, "connection") }
            .flatMap { $0.value.split(separator: ",") }.map { trimmed(String($0)) }
        response.headers.fields.removeAll { field in
            field.name.hasPrefix(":") || connectionLines.contains(asciiLowercased(field.name))
                || named.contains { asciiEqual($0, field.name) }
        }
        response.trailers.fields.removeAll { $0.name.hasPrefix(":") }
        response.headers.removeEmptyFraming()
        mendLength(&response, &exchange)
        nameType(&response, &exchange)
        exchange.response = response
    }

    private static func mendLength(
        _ response: inout ImportedResponse, _ exchange: inout ImportedExchange
    ) {
        let isBodiless = asciiEqual(exchange.method, "HEAD") || response.status == 304
        guard !isBodiless, let length = response.headers.first("content-length"),
            length != String(response.body.count)
        else { return }
        response.headers.set("content-length", String(response.body.count))
        exchange.marks.insert("content-length-mended")
    }

    /// A body without a type gets the one that its bytes show, since clients go by it.
    private static func nameType(
        _ response: inout ImportedResponse, _ exchange: inout ImportedExchange
    ) {
        guard !response.headers.contains("content-type"), !response.body.isEmpty else { return }
        let type: String
        if EventList.isStream(response.body[...]) {
            type = "text/event-stream"
        } else if (try? JSONValue.parse(response.body)) != nil {
            type = "application/json"
        } else {
            return
        }
        response.headers.append("content-type", type)
        exchange.fidelity.response = max(exchange.fidelity.response, .reconstructed)
        exchange.marks.insert("content-type-guessed")
    }

    private static func method(_ text: String) throws(ImportError) -> String {
        let upper = String(decoding: text.utf8.map { isLower($0) ? $0 & 0xDF : $0 }, as: UTF8.self)
        guard isToken(upper), upper != "CONNECT" else {
            throw ImportError(
                .notHTTP, "'\(text.prefix(20))' is no method of a request; leave the exchange out")
        }
        return upper
    }

    private static func check(_ headers: HeaderFields) throws(ImportError) {
        for field in headers.fields {
            let isWhole = field.value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
            guard field.name.hasPrefix(":") || isToken(field.name), isWhole else {
                throw ImportError(
                    .malformed,
                    "the header line '\(field.name.prefix(40))' holds a character that no header "
                        + "may hold; mend the recording")
            }
        }
    }

    /// A token of RFC 9110, 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                isLower(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}

extension HeaderFields {
    /// Removes the type and the length of a body where their lines say nothing.
    ///
    /// Some sources write a line for each name that they know. An empty one is as good as none.
    mutating func removeEmptyFraming() {
        fields.removeAll { field in
            ["content-type", "content-length"].contains { asciiEqual(field.name, $0) }
                && trimmed(field.value).isEmpty
        }
    }
}
