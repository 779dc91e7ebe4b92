import Cassette
import Determinism

/// Reads the flows that mitmproxy and mitmdump write.
///
/// Source: mitmproxy/io/tnetstring.py and mitmproxy/http.py. Bodies are as they were on the wire.
enum MitmproxyFlows {
    static func read(_ bytes: [UInt8], file: String) -> SourceReading {
        let (flows, failure) = TnetstringReader.read(bytes)
        var reading = SourceReading(.mitmproxy, flows, file: file, read: exchange)
        if let failure {
            reading.refusals.append(
                failure.at(ImportOrigin(file: file, index: flows.count + 1)))
        }
        return reading
    }

    private static func exchange(
        _ flow: ImportTree, _ origin: ImportOrigin
    ) throws(ImportError) -> ImportedExchange {
        let type = flow["type"]?.string ?? "http"
        guard type == "http", let request = flow["request"], !request.isNull else {
            throw ImportError(
                .notHTTP,
                "this is a flow of type '\(type.prefix(20))'; only HTTP is imported: "
                    + "leave it out")
        }
        guard flow["websocket"].map(\.isNull) ?? true else {
            throw ImportError(
                .notHTTP, "this is a WebSocket connection; only HTTP is imported: leave it out")
        }
        var exchange = ImportedExchange(
            origin: origin, source: .mitmproxy, method: request["method"]?.string ?? "GET",
            url: try url(request))
        exchange.headers = headers(request["headers"])
        exchange.body = try content(request, "request")
        exchange.instant = RecordedTime.instant(seconds: request["timestamp_start"]?.double)
        guard let response = flow["response"], !response.isNull else {
            let hasError = flow["error"].map { !$0.isNull } ?? false
            exchange.ending = hasError ? .unreachable : .inProgress
            return exchange
        }
        exchange.response = ImportedResponse(
            status: response["status_code"]?.int ?? 0,
            reason: response["reason"]?.string ?? "", headers: headers(response["headers"]),
            body: try content(response, "response"), trailers: headers(response["trailers"]))
        if flow["error"].map({ !$0.isNull }) ?? false { exchange.ending = .truncated }
        exchange.timing = timing(request, response)
        if exchange.timing.end != nil { exchange.fidelity.timing = .reconstructed }
        return exchange
    }

    private static func url(_ request: ImportTree) throws(ImportError) -> ImportedURL {
        let scheme = request["scheme"]?.string ?? "https"
        let path = request["path"]?.string ?? "/"
        guard let host = request["host"]?.string, !host.isEmpty, path.hasPrefix("/") else {
            throw ImportError(
                .notHTTP,
                "the request names no host and path, as CONNECT or OPTIONS *; leave it out")
        }
        // The proxy may have connected to an address; the agent asked for a name.
        let authority = request["authority"]?.string ?? ""
        let named = authority.isEmpty ? headers(request["headers"]).first("host") ?? "" : authority
        let port = request["port"]?.int.map { ":\($0)" } ?? ""
        let literal = host.contains(":") ? "[\(host)]" : host
        return try ImportedURL("\(scheme)://\(named.isEmpty ? literal + port : named)\(path)")
    }

    private static func headers(_ tree: ImportTree?) -> HeaderFields {
        var headers: HeaderFields = []
        for line in tree?.list ?? [] {
            guard let pair = line.list, pair.count == 2 else { continue }
            headers.append(latin(pair[0]), trimmed(latin(pair[1])))
        }
        return headers
    }

    /// Header lines are bytes; what is no UTF-8 is read as Latin-1, which reads everything.
    private static func latin(_ tree: ImportTree) -> String {
        if let text = tree.string { return text }
        guard case .bytes(let bytes) = tree else { return "" }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private static func content(
        _ message: ImportTree, _ name: String
    ) throws(ImportError) -> [UInt8] {
        guard let body = try message["content"]?.body() else {
            throw ImportError(
                .missingBody,
                "mitmproxy did not keep the body of the \(name); record with "
                    + "`--set store_streamed_bodies=true`")
        }
        return body
    }

    private static func timing(_ request: ImportTree, _ response: ImportTree) -> ImportedTiming {
        guard let sent = request["timestamp_end"]?.double ?? request["timestamp_start"]?.double
        else { return .unknown }
        let span = { (name: String) in
            response[name]?.double.flatMap { RecordedTime.span(nanoseconds: ($0 - sent) * 1e9) }
        }
        return ImportedTiming(head: span("timestamp_start"), end: span("timestamp_end"))
    }
}
