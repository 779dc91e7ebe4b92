import Cassette
import Determinism
import Judgement
import Simulation

extension InvariantPairs {
    static let failures = [
        InvariantPair(
            #"{"max_attempts":{"count":2}}"#, keeps: InvariantTests.refused(2),
            breaks: InvariantTests.refused(3), .byRequest([3], "3rd time")),
        InvariantPair(
            #"{"retry_after_honoured":true}"#, keeps: askedAgain(after: 2_000),
            breaks: askedAgain(after: 1_500),
            .byRequest([1, 3], "after 1500 ms, but retry-after said 2000 ms")),
        InvariantPair(
            #"{"backoff_grows":true}"#, keeps: RetryRuleTests.attempts([500, 1_000, 2_000]),
            breaks: RetryRuleTests.attempts([500, 374]), .byRequest([1, 2, 3], "after 374 ms")),
        InvariantPair(
            #"{"no_retry_on_permanent":true}"#,
            keeps: RetryRuleTests.pair(WireTrace.Answer(status: 429), again: 10),
            breaks: RetryRuleTests.pair(WireTrace.Answer(status: 400), again: 10),
            .byRequest([1, 3], "after status 400")),
        InvariantPair(
            #"{"retry_budget":{"per_request":2}}"#, keeps: RetryRuleTests.attempts([500]),
            breaks: RetryRuleTests.attempts([500, 500]),
            .byRequest([1, 2, 3], "took 3 requests, at most 2")),
        InvariantPair(
            #"{"circuit_breaker":{"failures":2,"pause_ms":1000}}"#,
            keeps: RetryRuleTests.failingTwice(1_010, 2_020, 500),
            breaks: RetryRuleTests.failingTwice(500, 2_000, 500),
            .byRequest([1, 2, 3], "510 ms before the pause")),
        InvariantPair(
            #"{"failover_used":{"from":"openai","to":"anthropic"}}"#,
            keeps: RetryRuleTests.failover(to: "claude", output: "by a BACKUP model"),
            breaks: RetryRuleTests.failover(to: nil, output: "sorry"),
            .atEnd([1], "anthropic was not asked")),
        InvariantPair(
            #"{"failover_disclosed":true}"#,
            keeps: RetryRuleTests.failover(to: "claude", output: "by a BACKUP model"),
            breaks: RetryRuleTests.failover(to: "gpt-4o-mini", output: "done"),
            .atEnd([1, 2], "of gpt-4o-mini stood in for gpt-4o, and the output has no word of it")),
    ]

    /// A 429 that wants a pause of two seconds, and the same request after this time.
    private static func askedAgain(after milliseconds: Int64) -> Trace {
        let refusal = WireTrace.Answer(
            status: 429, headers: [HeaderField("retry-after", "2")])
        return RetryRuleTests.pair(refusal, again: milliseconds)
    }

    static let recoveries = [
        InvariantPair(
            #"{"recovers_within":{"calls":2}}"#, keeps: RecoveryRuleTests.failing(1).ended(),
            breaks: RecoveryRuleTests.failing(2).ended(), .byDelivery([1, 3], "2 further")),
        InvariantPair(
            #"{"history_wellformed":true}"#,
            keeps: HistoryRuleTests.conversation(
                "openai-chat", [HistoryRuleTests.ask, HistoryRuleTests.call, HistoryRuleTests.told]
            ),
            breaks: HistoryRuleTests.conversation(
                "openai-chat", [HistoryRuleTests.ask, HistoryRuleTests.call]),
            .byRequest([2], "must be followed by tool messages")),
        InvariantPair(
            #"{"answer_complete":true}"#, keeps: HistoryRuleTests.cut(.retried).ended(),
            breaks: HistoryRuleTests.cut(.kept).ended(),
            .byRequest([1, 2], "which was cut, was taken for a whole one")),
    ]
}
