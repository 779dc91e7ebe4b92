internal import Cassette
internal import Determinism
internal import Simulation

/// Rules about how often and how long the agent calls.
enum CallRules {
    static let all = [
        InvariantKind(
            "max_calls", .budget, summary: "An upstream is called at most so often, retries too.",
            parameters: [
                InvariantParameter("upstream", "text", "The name of the upstream."),
                InvariantParameter("count", "whole number", "How many calls are allowed."),
            ],
            example: #"{"upstream": "openai", "count": 8}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["upstream", "count"])
            return MaxCalls(
                upstream: try arguments.required("upstream").text(),
                limit: try arguments.required("count").whole(in: 0...InvariantArguments.countMax))
        },
        InvariantKind(
            "max_attempts", .retries,
            summary: "The same request is tried at most so often until it succeeds.",
            parameters: [
                InvariantParameter("count", "whole number", "How many attempts are allowed."),
                InvariantParameter(
                    "upstream", "text", standard: "all", "The name of the upstream."),
            ],
            example: #"{"count": 4}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["count", "upstream"])
            return MaxAttempts(
                upstream: try arguments.optional("upstream")?.text(),
                limit: try arguments.required("count").whole(in: 1...InvariantArguments.countMax))
        },
        InvariantKind(
            "max_virtual_time_ms", .budget,
            summary: "The run takes at most so many milliseconds of virtual time.",
            parameters: [InvariantParameter("", "milliseconds", "The limit.")],
            example: "30000"
        ) { (arguments) throws(InvariantError) in
            MaxVirtualTime(
                milliseconds: Int64(try arguments.whole(in: 0...Int(Int64.max / 1_000_000))))
        },
    ]

    struct MaxCalls: InvariantRule {
        let upstream: String
        let limit: Int

        var id: String { "max_calls(\(upstream)) <= \(limit)" }

        func check(_ conduct: Conduct) -> Finding {
            let calls = conduct.exchanges.filter { $0.upstream == upstream }
            guard calls.count > limit else {
                return .holds("\(upstream) was called \(Wording.times(calls.count))")
            }
            return .brokenByRequest(
                "\(upstream) was called \(Wording.times(calls.count)), at most \(limit) allowed",
                witnesses: [calls[limit].id])
        }
    }

    /// Attempts at the same request, counted anew after each whole, successful answer.
    struct MaxAttempts: InvariantRule {
        let upstream: String?
        let limit: Int

        var id: String {
            upstream.map { "max_attempts(\($0)) <= \(limit)" } ?? "max_attempts <= \(limit)"
        }

        func check(_ conduct: Conduct) -> Finding {
            var counts: [String: Int] = [:]
            var most = 0
            for exchange in conduct.exchanges
            where upstream == nil || upstream == exchange.upstream {
                let key = "\(exchange.upstream) \(exchange.fingerprint.hex)"
                let attempt = max(counts[key, default: 0] + 1, exchange.attempt)
                most = max(most, attempt)
                if attempt > limit {
                    return .brokenByRequest(
                        "\(Wording.route(exchange)) of \(exchange.upstream) was asked for the "
                            + "\(Wording.ordinal(attempt)) time, at most \(limit) allowed",
                        witnesses: [exchange.id])
                }
                let succeeded = exchange.consumed && (exchange.status ?? 599) < 400
                counts[key] = succeeded ? 0 : attempt
            }
            return .holds("no request was tried more than \(Wording.times(most))")
        }
    }

    struct MaxVirtualTime: InvariantRule {
        let milliseconds: Int64

        var id: String { "max_virtual_time_ms <= \(milliseconds)" }

        func check(_ conduct: Conduct) -> Finding {
            let taken = Milliseconds.text(conduct.trace.duration)
            guard conduct.trace.duration > .milliseconds(milliseconds) else {
                return .holds("the run took \(taken) of virtual time")
            }
            let position = conduct.moment(beyond: .milliseconds(milliseconds))
            var witnesses: [ExchangeID] = []
            if case .delivery(let id) = position { witnesses = [id] }
            return Finding(
                passed: false,
                message: "the run took \(taken) of virtual time, at most \(milliseconds) ms "
                    + "allowed",
                witnesses: witnesses, position: position)
        }
    }
}
