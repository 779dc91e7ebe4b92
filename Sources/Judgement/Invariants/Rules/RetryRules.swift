internal import Determinism

/// Rules about how failures of upstreams are met, on the wire.
enum RetryRules {
    static let all = waitKinds + budgetKinds + dependencyKinds

    /// What one logical call is; the pages of all rules that count attempts say it.
    static let attemptsMeaning =
        "Attempts are requests with the same fingerprint at the same upstream, counted anew after "
        + "a whole answer that is no error; one that is asked while another is still being "
        + "answered is a call of its own. "
    static let upstreamParameter = InvariantParameter(
        "upstream", "text", standard: "all", "The name of the upstream.")

    /// The name of a rule with the upstream that it is about.
    static func named(_ name: String, _ upstream: String?) -> String {
        upstream.map { "\(name)(\($0))" } ?? name
    }

    static func milliseconds(
        _ arguments: InvariantArguments?
    ) throws(InvariantError) -> SimDuration? {
        guard let arguments else { return nil }
        return .milliseconds(Int64(try arguments.whole(in: 0...InvariantArguments.countMax)))
    }

    private static let waitKinds = [
        InvariantKind(
            "retry_after_honoured", .retries,
            summary: attemptsMeaning + "After a 429, 503 or 529 that says how long to wait the "
                + "next attempt comes no earlier, counted from the head of the answer on the "
                + "virtual clock. Read are retry-after-ms, retry-after, the reset of a rate limit "
                + "of which nothing remains, and retryDelay of Gemini; a date counts against the "
                + "date of the answer. An answer with `x-should-retry: false` or a code such as "
                + "insufficient_quota is not asked again at all.",
            parameters: [
                InvariantParameter(
                    "tolerance_ms", "milliseconds", standard: "1", "How much earlier is fine."),
                upstreamParameter,
            ],
            example: "true"
        ) { (arguments) throws(InvariantError) in
            let options = try arguments.options(["tolerance_ms", "upstream"])
            return RetryAfterHonoured(
                tolerance: try milliseconds(options.optional("tolerance_ms")) ?? .milliseconds(1),
                upstream: try options.optional("upstream")?.text())
        },
        InvariantKind(
            "backoff_grows", .retries,
            summary: attemptsMeaning + "The delays between them, from the end of the answer, or "
                + "from the moment at which the agent gave it up, to the next attempt, are not "
                + "zero and do not shrink. A delay that the server asked for is left out, and so "
                + "is one after an answer that never came and was not given up.",
            parameters: [
                InvariantParameter(
                    "cap_ms", "milliseconds", standard: "none",
                    "Where delays need not grow any more."),
                InvariantParameter(
                    "after", "whole number", standard: "0",
                    "How many delays at the beginning may be anything."),
                InvariantParameter(
                    "jitter", "share", standard: "25%",
                    "By how much a delay may be shorter than it should be; the OpenAI and "
                        + "Anthropic SDKs take up to a quarter off."),
                upstreamParameter,
            ],
            example: #"{"cap_ms": 8000}"#
        ) { (arguments) throws(InvariantError) in
            let options = try arguments.options(["cap_ms", "after", "jitter", "upstream"])
            let counts = 0...InvariantArguments.countMax
            return BackoffGrows(
                cap: try milliseconds(options.optional("cap_ms")),
                skipped: try options.optional("after")?.whole(in: counts) ?? 0,
                jitter: try options.optional("jitter")?.share() ?? Ratio(1, 4) ?? .never,
                upstream: try options.optional("upstream")?.text())
        },
    ]
}
