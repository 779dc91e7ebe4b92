import Cassette
import Determinism

/// Reads cassettes of Ruby's VCR.
///
/// Source: vcr `lib/vcr/structs.rb`. A body is `string`, or `base64_string` where VCR was told to
/// keep the bytes exactly; `recorded_at` has a resolution of one second.
enum RubyVCR {
    static func read(_ items: [ImportTree], file: String) -> SourceReading {
        SourceReading(.rubyVCR, items, file: file, read: exchange)
    }

    private static func exchange(
        _ item: ImportTree, _ origin: ImportOrigin
    ) throws(ImportError) -> ImportedExchange {
        guard let request = item["request"], let uri = request["uri"]?.string else {
            throw ImportError(
                .malformed, "the exchange has no request with a 'uri'; record it again")
        }
        var exchange = ImportedExchange(
            origin: origin, source: .rubyVCR, method: request["method"]?.string ?? "get",
            url: try ImportedURL(uri))
        exchange.headers = try request["headers"]?.headers() ?? []
        exchange.body = try request["body"]?.wrappedBody() ?? []
        exchange.instant = item["recorded_at"]?.string.flatMap(RecordedTime.http)
        guard let response = item["response"], !response.isNull else {
            exchange.ending = .unreachable
            return exchange
        }
        guard let status = response[path: "status", "code"]?.int else {
            throw ImportError(.malformed, "the response has no status code; record it again")
        }
        exchange.response = ImportedResponse(
            status: status, reason: response[path: "status", "message"]?.string ?? "",
            headers: try response["headers"]?.headers() ?? [],
            body: try response["body"]?.wrappedBody() ?? [])
        return exchange
    }
}
