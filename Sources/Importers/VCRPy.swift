import Cassette
import Determinism

/// Reads cassettes of vcrpy, in its own form, that of its old httpx stub, and that with parsed
/// bodies.
///
/// Source: vcrpy `serializers/compat.py` and `stubs/httpx_stubs.py`; pydantic-ai's serializer for
/// `parsed_body`. There is no timing at all.
enum VCRPy {
    static func read(_ items: [ImportTree], file: String) -> SourceReading {
        SourceReading(.vcrpy, items, file: file, read: exchange)
    }

    private static func exchange(
        _ item: ImportTree, _ origin: ImportOrigin
    ) throws(ImportError) -> ImportedExchange {
        guard let request = item["request"], let uri = request["uri"]?.string else {
            throw notHTTP(item)
        }
        var exchange = ImportedExchange(
            origin: origin, source: .vcrpy, method: request["method"]?.string ?? "GET",
            url: try ImportedURL(uri))
        exchange.headers = try request["headers"]?.headers() ?? []
        if let parsed = request["parsed_body"], !parsed.isNull {
            exchange.body = try parsed.json().encoded()
            exchange.fidelity.request = .reconstructed
        } else {
            exchange.body = try request["body"]?.body() ?? []
        }
        if let response = item["response"], !response.isNull {
            exchange.response = try read(response, &exchange.fidelity)
        } else {
            exchange.ending = .unreachable
        }
        return exchange
    }

    /// WebSocket messages, which one dialect keeps beside HTTP, are told apart from damage.
    private static func notHTTP(_ item: ImportTree) -> ImportError {
        if item["kind"]?.string == "message" || item["direction"] != nil {
            return ImportError(
                .notHTTP, "this is a WebSocket message; only HTTP is imported: leave it out")
        }
        return ImportError(
            .malformed, "the exchange has no request with a 'uri'; record it again")
    }

    private static func read(
        _ response: ImportTree, _ fidelity: inout ExchangeFidelity
    ) throws(ImportError) -> ImportedResponse {
        let status = response[path: "status", "code"]?.int ?? response["status_code"]?.int
        guard let status else {
            throw ImportError(.malformed, "the response has no status code; record it again")
        }
        var result = ImportedResponse(
            status: status, reason: response[path: "status", "message"]?.string ?? "")
        result.headers = try response["headers"]?.headers() ?? []
        if let parsed = response["parsed_body"], !parsed.isNull {
            result.body = try parsed.json().encoded()
            fidelity.response = .reconstructed
        } else if let body = response["body"] ?? response["content"] {
            result.body = try body.wrappedBody()
        }
        return result
    }
}
