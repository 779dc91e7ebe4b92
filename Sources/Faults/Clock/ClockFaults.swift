import Cassette
import Determinism
import WireProtocols

extension FaultCatalogue {
    static let clockFaults: [FaultKind] = [
        .clockSkew, .clockJumpForward, .clockJumpBack, .dstGap, .midnightRollover,
        .timezoneMismatch,
        .tokenExpiryMidrun, .ratelimitResetFormat, .seedDrift, .uuidCollision,
    ]
}

extension FaultKind {
    static let clockSkew = FaultKind(
        id: "clock-skew",
        summary: "The server's clock and the agent's are apart.",
        layer: .status, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [
            ParameterSpec(
                "skew_ms", .integer(-31_536_000_000...31_536_000_000), default: .fixed(-3_600_000),
                "How far the server is ahead of the agent; below 0 it is behind.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The Date header, and Retry-After, Expires or Last-Modified where they are "
                + "dates, are moved by the skew.",
            clients: "A Retry-After that is a date becomes negative or huge: openai and anthropic "
                + "fall back to their own back-off. AWS SDKs correct their clock by Date.",
            robustAgent: "Measures durations on a monotonic clock; does not trust dates.",
            evidence: ["aws-sdk-js#401", "aws-sdk-js#527", "aws-sdk-rust#1033"]),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            guard var head = delivery.head else { throw Inapplicable("there is no answer") }
            let skew = parameters.integer("skew_ms")
            var isMoved = false
            for name in ["date", "retry-after", "expires", "last-modified"] {
                guard let value = head.headers.first(name), let date = HTTPDate(value) else {
                    continue
                }
                head.headers.set(name, HTTPDate(seconds: date.seconds + skew / 1_000).text)
                isMoved = true
            }
            guard isMoved else { throw Inapplicable("the answer names no instant") }
            delivery.head = head
        })

    static let tokenExpiryMidrun = FaultKind(
        id: "token-expiry-midrun",
        summary: "The agent's token expires in the middle of its run.",
        layer: .status, target: .any, signature: .loud, weight: 3, replaces: true,
        parameters: [
            .variant(
                ["expired", "invalid-grant"],
                "The token expired; or refreshing it is refused.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Model: the provider's own 401. Tool: 401 with WWW-Authenticate, or the "
                + "400 invalid_grant of OAuth.",
            clients: "Not retried by any SDK; AWS reports ExpiredToken.",
            robustAgent: "Refreshes ahead of time, once; else reports.",
            evidence: ["adk#3761", "onyx#9237", "neutree#116", "codex#14144"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let request = context.interaction.request
            if parameters.text("variant") == "invalid-grant" {
                guard context.upstream.kind == .tool else {
                    throw Inapplicable("a provider of models refreshes no tokens")
                }
                let body: JSONValue = [
                    "error": "invalid_grant", "error_description": "Token has been revoked.",
                ]
                let answer = ErrorAnswer(
                    status: 400, headers: [HeaderField("content-type", "application/json")],
                    body: body.encoded())
                delivery.replace(by: answer, request: request)
                return
            }
            var answer = try context.refusal(.authentication)
            if context.upstream.kind == .tool {
                answer.headers.append("www-authenticate", "Bearer error=\"invalid_token\"")
            }
            delivery.replace(by: answer, request: request)
        })

    static let ratelimitResetFormat = FaultKind(
        id: "ratelimit-reset-format",
        summary: "The headers say in an unusual form when the rate limit is over.",
        layer: .status, target: .any, signature: .loud, weight: 2, replaces: false,
        parameters: [
            .variant(
                ["duration", "epoch", "milliseconds", "rfc3339", "seconds"],
                "The form: as 6m0s, as a Unix time, in milliseconds, "
                    + "as an instant of RFC 3339, or in seconds.")
        ],
        documentation: FaultDocumentation(
            wireForm: "x-ratelimit-reset, x-ratelimit-reset-requests, "
                + "x-ratelimit-reset-tokens and ratelimit-reset say six minutes in that form, "
                + "counted from the recorded instant.",
            clients: "cohere reads x-ratelimit-reset as a Unix time; others ignore it.",
            robustAgent: "Parses all known forms, bounds what it gets.",
            evidence: ["OpenAI's documentation (Go durations)", "cohere 7.3.1, read"]),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            guard let date = delivery.head?.headers.first("date").flatMap({ HTTPDate($0) }) else {
                throw Inapplicable("the answer does not say when it was recorded")
            }
            let end = HTTPDate(seconds: date.seconds + 360)
            let value =
                switch parameters.text("variant") {
                case "epoch": String(end.seconds)
                case "milliseconds": "360000"
                case "rfc3339": end.internetText
                case "seconds": "360"
                default: "6m0s"
                }
            for name in [
                "x-ratelimit-reset", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens",
                "ratelimit-reset",
            ] {
                delivery.head?.headers.set(name, value)
            }
        })
}
