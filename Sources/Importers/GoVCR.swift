import Cassette
import Determinism

/// Reads cassettes of go-vcr, versions 1 and 2.
///
/// Source: gopkg.in/dnaeon/go-vcr `cassette/cassette.go`. The duration is that of the whole
/// exchange. Some recorders leave out every header line.
enum GoVCR {
    static func read(_ items: [ImportTree], file: String) -> SourceReading {
        SourceReading(.goVCR, items, file: file, read: exchange)
    }

    private static func exchange(
        _ item: ImportTree, _ origin: ImportOrigin
    ) throws(ImportError) -> ImportedExchange {
        guard let request = item["request"], let url = request["url"]?.string else {
            throw ImportError(
                .malformed, "the exchange has no request with a 'url'; record it again")
        }
        var exchange = ImportedExchange(
            origin: origin, source: .goVCR, method: request["method"]?.string ?? "GET",
            url: try ImportedURL(url))
        exchange.headers = try request["headers"]?.headers() ?? []
        exchange.body = try request["body"]?.body() ?? []
        guard let response = item["response"], !response.isNull else {
            exchange.ending = .unreachable
            return exchange
        }
        guard let status = response["code"]?.int else {
            throw ImportError(.malformed, "the response has no 'code'; record it again")
        }
        // `status` is the whole status line's end, `200 OK`, or the reason alone.
        let words = response["status"]?.string ?? ""
        let reason = words.hasPrefix("\(status)") ? trimmed(String(words.dropFirst(3))) : words
        exchange.response = ImportedResponse(
            status: status, reason: reason, headers: try response["headers"]?.headers() ?? [],
            body: try response["body"]?.body() ?? [],
            trailers: try response["trailer"]?.headers() ?? [])
        exchange.timing.end = response["duration"]?.string.flatMap(RecordedTime.goSpan)
        if exchange.timing.end != nil { exchange.fidelity.timing = .reconstructed }
        return exchange
    }
}
