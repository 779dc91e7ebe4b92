internal import Cassette
internal import Determinism
internal import Simulation

/// What an answer says about asking again.
struct RetryHint {
    /// How long to wait, counted from the head of the answer; nil where it does not say.
    var delay: SimDuration?
    /// What says so, such as `retry-after`.
    var source = ""
    /// Why asking again is in vain; nil where it may help.
    var refusal: String?

    /// The statuses that come with a time to wait.
    static let statuses = [429, 503, 529]
    /// Codes of providers for a limit that waiting does not lift.
    private static let permanentCodes = [
        "insufficient_quota", "billing_hard_limit_reached", "credit_balance_exhausted",
        "organization_spend_limit_exceeded", "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded", "enforced_spend_limit_reached",
        "contract_spend_limit_reached",
    ]
    private static let codePointers = [
        "/error/code", "/error/type", "/error/details/error_code", "/code", "/type",
    ]

    init(_ exchange: ExchangeRecord) {
        guard exchange.sentCount > 0, let status = exchange.status, status >= 400 else { return }
        let json = try? JSONValue.parse(Array(exchange.sentBody))
        if exchange.headers.first("x-should-retry") == "false" {
            refusal = "`x-should-retry: false`"
        } else if let code = RetryHint.permanentCode(json) {
            refusal = "`\(code)`"
        }
        guard RetryHint.statuses.contains(status) else { return }
        let found =
            RetryHint.told(exchange.headers) ?? RetryHint.told(json)
            ?? RetryHint.reset(exchange.headers)
        if let found { (delay, source) = found }
    }

    private static func permanentCode(_ json: JSONValue?) -> String? {
        guard let json else { return nil }
        return codePointers.lazy.compactMap { json[pointer: $0]?.stringValue }
            .first { permanentCodes.contains($0) }
    }

    /// The header lines made for it; the finer one goes first, as in the SDKs.
    private static func told(_ headers: HeaderFields) -> (SimDuration, String)? {
        for name in ["retry-after-ms", "x-ms-retry-after-ms", "x-amz-retry-after"] {
            if let value = headers.first(name), let delay = WireTime.decimal(value, unit: 1_000_000)
            {
                return (delay, name)
            }
        }
        guard let value = headers.first("retry-after") else { return nil }
        if let delay = WireTime.decimal(value, unit: 1_000_000_000) {
            return (delay, "retry-after")
        }
        guard let then = WireTime.httpDate(value) else { return nil }
        return sinceDate(then, headers).map { ($0, "retry-after") }
    }

    /// The delay in the body of a Gemini error.
    private static func told(_ json: JSONValue?) -> (SimDuration, String)? {
        let error = json?["error"] ?? json?[0]?["error"]
        for detail in error?["details"]?.arrayValue ?? [] {
            if let text = detail["retryDelay"]?.stringValue, let delay = WireTime.goDuration(text) {
                return (delay, "retryDelay")
            }
        }
        return nil
    }

    /// The latest reset of a limit of which nothing remains.
    private static func reset(_ headers: HeaderFields) -> (SimDuration, String)? {
        var latest: (SimDuration, String)?
        for field in headers.fields {
            let name = asciiLowercased(field.name)
            guard name.contains("ratelimit"), let range = resetRange(name) else { continue }
            let remaining = name[..<range.lowerBound] + "remaining" + name[range.upperBound...]
            guard (headers.first(String(remaining)) ?? "0") == "0",
                let delay = resetDelay(field.value, headers)
            else { continue }
            if latest.map({ $0.0 < delay }) ?? true { latest = (delay, name) }
        }
        return latest
    }

    private static func resetRange(_ name: String) -> Range<String.Index>? {
        name.firstRange(of: "reset")
    }

    private static func resetDelay(_ value: String, _ headers: HeaderFields) -> SimDuration? {
        if let delay = WireTime.goDuration(value) { return delay }
        if let then = WireTime.internetDate(value) { return sinceDate(then, headers) }
        guard let delay = WireTime.decimal(value, unit: 1_000_000_000) else { return nil }
        let seconds = delay.nanoseconds / 1_000_000_000
        // So many seconds are a date, not a delay.
        return seconds < 1_000_000_000 ? delay : sinceDate(seconds, headers)
    }

    /// A date means a delay only against the date of the answer itself.
    private static func sinceDate(_ then: Int64, _ headers: HeaderFields) -> SimDuration? {
        guard let date = headers.first("date"), let now = WireTime.httpDate(date) else {
            return nil
        }
        return .seconds(max(0, then - now))
    }
}
