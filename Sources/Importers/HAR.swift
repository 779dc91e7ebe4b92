import Cassette
import Determinism

/// Reads HTTP Archives of browsers, proxies and test tools.
///
/// Source: http://www.softwareishard.com/blog/har-12-spec/. Playwright keeps bodies in files beside
/// the archive (`_file`), Polly.js compressed bodies as lists of base64 pieces.
struct HAR {
    private let file: String
    /// The files beside the archive, in a zip file.
    private let attachments: [ZipArchive.Entry]

    static func read(
        _ entries: [ImportTree], file: String, attachments: [ZipArchive.Entry] = []
    ) -> SourceReading {
        let archive = HAR(file: file, attachments: attachments)
        return SourceReading(.har, entries, file: file, read: archive.exchange)
    }

    private func exchange(
        _ entry: ImportTree, _ origin: ImportOrigin
    ) throws(ImportError) -> ImportedExchange {
        guard let request = entry["request"], let url = request["url"]?.string else {
            throw ImportError(.malformed, "the entry has no request with a 'url'; export it again")
        }
        let response = entry["response"]
        let status = response?["status"]?.int ?? 0
        guard entry["_webSocketMessages"] == nil, status != 101 else {
            throw ImportError(
                .notHTTP, "this is a WebSocket connection; only HTTP is imported: leave it out")
        }
        var exchange = ImportedExchange(
            origin: origin, source: .har, method: request["method"]?.string ?? "GET",
            url: try ImportedURL(url))
        exchange.headers = try Self.headers(request)
        exchange.instant = entry["startedDateTime"]?.string.flatMap(RecordedTime.internet)
        try readBody(of: request, into: &exchange)
        guard let response, status != 0 else {
            exchange.ending = .unreachable
            return exchange
        }
        exchange.response = ImportedResponse(
            status: status, reason: response["statusText"]?.string ?? "",
            headers: try Self.headers(response))
        let messages = EventSourceMessages(entry)
        try readContent(of: response, messages, into: &exchange)
        let wait = RecordedTime.milliseconds(entry[path: "timings", "wait"]?.double)
        let receive = RecordedTime.milliseconds(entry[path: "timings", "receive"]?.double)
        exchange.timing.head = wait
        exchange.timing.end = wait.map { $0 + (receive ?? .zero) }
        if wait != nil { exchange.fidelity.timing = .reconstructed }
        exchange.timing.messages = messages?.instants(since: exchange.instant)
        return exchange
    }

    /// Names with a colon in front stand for the request line of HTTP/2.
    private static func headers(_ message: ImportTree) throws(ImportError) -> HeaderFields {
        var headers: HeaderFields = []
        for line in message["headers"]?.list ?? [] {
            guard let name = line["name"]?.string, !name.hasPrefix(":") else { continue }
            // Some browsers join lines of one name by a line feed; a line may also be empty.
            let values = (line["value"]?.string ?? "").split(separator: "\n")
            for value in values.isEmpty ? [""] : values {
                headers.append(name, trimmed(String(value)))
            }
        }
        return headers
    }

    private func readBody(
        of request: ImportTree, into exchange: inout ImportedExchange
    ) throws(ImportError) {
        guard let data = request["postData"], !data.isNull else { return }
        if let json = data["textJSON"], !json.isNull {
            exchange.body = try json.json().encoded()
            exchange.fidelity.request = .reconstructed
        } else if let body = try content(data, coded: false), !body.isEmpty {
            exchange.body = body
        } else if let params = data["params"]?.list, !params.isEmpty {
            exchange.body = try form(params, mimeType: data["mimeType"]?.string ?? "")
            exchange.fidelity.request = .reconstructed
        }
    }

    private func form(
        _ params: [ImportTree], mimeType: String
    ) throws(ImportError) -> [UInt8] {
        guard asciiLowercased(mimeType).hasPrefix("application/x-www-form-urlencoded") else {
            throw ImportError(
                .missingBody,
                "the archive keeps the fields of a form, not its body; export it "
                    + "with bodies, or record with a proxy")
        }
        let pairs = params.map { param in
            let value = param["value"]?.string ?? ""
            return "\(param["name"]?.string ?? "")=\(value)"
        }
        return Array(pairs.joined(separator: "&").utf8)
    }

    private func readContent(
        of response: ImportTree, _ messages: EventSourceMessages?,
        into exchange: inout ImportedExchange
    ) throws(ImportError) {
        let tree = response["content"] ?? .null
        let isCoded = exchange.response?.headers.contains("content-encoding") ?? false
        let body = try content(tree, coded: isCoded)
        if let messages, body?.isEmpty ?? true {
            exchange.response?.body = messages.body
            exchange.response?.headers.remove("content-encoding")
            exchange.fidelity.response = .reconstructed
        } else if let body {
            exchange.response?.body = body
        } else {
            let size = max(tree["size"]?.int ?? 0, response["bodySize"]?.int ?? 0)
            let isBodiless =
                [204, 304].contains(exchange.response?.status)
                || asciiEqual(exchange.method, "HEAD")
            guard size <= 0 || isBodiless else {
                throw ImportError(
                    .missingBody,
                    "the archive keeps \(size) bytes of the response by their count "
                        + "only; export it with content")
            }
        }
        exchange.response?.headers.removeEmptyFraming()
        if exchange.response?.headers.contains("content-type") == false,
            let type = tree["mimeType"]?.string, type.contains("/"), !isEmpty(exchange)
        {
            exchange.response?.headers.append("content-type", type)
            exchange.fidelity.response = .reconstructed
        }
    }

    private func isEmpty(_ exchange: ImportedExchange) -> Bool {
        exchange.response?.body.isEmpty ?? true
    }

    /// The bytes of a content; nil where the archive has none.
    private func content(_ tree: ImportTree, coded: Bool) throws(ImportError) -> [UInt8]? {
        if let name = tree["_file"]?.string {
            guard let entry = attachments.first(where: { $0.name == name }) else {
                throw ImportError(
                    .missingBody,
                    "the body is in the file '\(name.prefix(80))', which is not "
                        + "here; import the zip file that holds both")
            }
            return entry.bytes
        }
        guard let text = tree["text"], !text.isNull else { return nil }
        guard let encoding = tree["encoding"]?.string, asciiEqual(encoding, "base64") else {
            if coded, let pieces = Self.pieces(text.string ?? "") { return pieces }
            return try text.body()
        }
        if let pieces = Self.pieces(text.string ?? "") { return pieces }
        guard let bytes = Base64.loose(text.string ?? "") else {
            throw ImportError(
                .malformed, "a body is marked as base64 and is none; export the archive again")
        }
        return bytes
    }

    /// The bytes of a JSON list of base64 texts.
    private static func pieces(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("[\""), let list = try? JSONValue.parse(text: text).arrayValue else {
            return nil
        }
        var bytes: [UInt8] = []
        for piece in list {
            guard let digits = piece.stringValue, let part = Base64.decode(digits) else {
                return nil
            }
            bytes += part
        }
        return bytes
    }
}
