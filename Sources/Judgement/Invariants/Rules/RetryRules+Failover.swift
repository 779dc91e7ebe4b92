internal import Cassette
internal import Determinism
internal import Simulation

extension RetryRules {
    private static let failoverWords =
        "A failure is a logical call none of whose attempts got a whole answer."

    static let dependencyKinds = [
        InvariantKind(
            "circuit_breaker", .retries,
            summary: "After so many failures of an upstream in a row it is asked nothing for the "
                + "pause, then one request as a probe until that has its answer. Failures are "
                + "answers that are not whole, 408, 429 and from 500 on. What was asked before the "
                + "last failure was known is fine. Judged on the virtual clock.",
            parameters: [
                InvariantParameter("failures", "whole number", "How many failures in a row."),
                InvariantParameter("pause_ms", "milliseconds", "How long the pause is."),
                upstreamParameter,
            ],
            example: #"{"failures": 5, "pause_ms": 30000}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["failures", "pause_ms", "upstream"])
            let (counts, milliseconds) = (1...1000, 1...InvariantArguments.countMax)
            return CircuitBreaker(
                failures: try arguments.required("failures").whole(in: counts),
                pause: .milliseconds(
                    Int64(try arguments.required("pause_ms").whole(in: milliseconds))),
                upstream: try arguments.optional("upstream")?.text())
        },
        InvariantKind(
            "failover_used", .retries,
            summary: failoverWords + " After each one of `from`, `to` is asked.",
            parameters: [
                InvariantParameter("from", "text", "The name of an upstream, or of a model."),
                InvariantParameter("to", "text", "The name of an upstream, or of a model."),
            ],
            example: #"{"from": "openai", "to": "anthropic"}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["from", "to"])
            return FailoverUsed(
                source: try arguments.required("from").text(),
                target: try arguments.required("to").text())
        },
        InvariantKind(
            "failover_disclosed", .retries,
            summary: failoverWords + " Where a model or upstream that was not asked before gave a "
                + "whole answer after the failure of another model, the output says so: it holds "
                + "one of the words, in any case of letters.",
            parameters: [
                InvariantParameter(
                    "words", "list of texts",
                    standard: Mentions.degraded.joined(separator: ", "),
                    "Words of which one must be there.")
            ],
            example: #"{"words": ["backup model", "degraded"]}"#
        ) { (arguments) throws(InvariantError) in
            let options = try arguments.options(["words"])
            return FailoverDisclosed(
                words: try options.optional("words")?.texts() ?? Mentions.degraded)
        },
    ]

    /// A logical call without a whole answer, and its last attempt.
    static func failures(_ timeline: WireTimeline) -> [AttemptChain] {
        AttemptChain.all(timeline).filter { chain in
            chain.places.last.map { !timeline.exchanges[$0].isAnsweredWhole } ?? false
        }
    }

    struct FailoverUsed: InvariantRule {
        let source: String
        let target: String

        var id: String { "failover_used(\(source) -> \(target))" }

        func check(_ conduct: Conduct) -> Finding {
            let timeline = WireTimeline(conduct)
            let lastTarget = timeline.exchanges.last { isNamed(target, $0) }
            var witnesses: [ExchangeID] = []
            for chain in RetryRules.failures(timeline) {
                guard let place = chain.places.last, isNamed(source, timeline.exchanges[place])
                else { continue }
                let failed = timeline.exchanges[place]
                guard let lastTarget, lastTarget.id > failed.id else {
                    return .brokenAtEnd(
                        "\(failed.shown) of \(source) got no whole answer, and \(target) was not "
                            + "asked after it", witnesses: [failed.id])
                }
                if witnesses.isEmpty { witnesses = [failed.id, lastTarget.id] }
            }
            guard !witnesses.isEmpty else { return .unjudged("\(source) did not fail") }
            return .holds("\(target) was asked after \(source) failed", witnesses: witnesses)
        }

        private func isNamed(_ name: String, _ exchange: ExchangeRecord) -> Bool {
            exchange.upstream == name || exchange.model == name
        }
    }

    struct FailoverDisclosed: InvariantRule {
        let words: [String]

        var id: String { "failover_disclosed" }

        func check(_ conduct: Conduct) -> Finding {
            guard let (failed, other) = failover(conduct) else {
                return .unjudged("no model stood in for another")
            }
            if let word = Mentions.first(of: words, in: conduct.outputs) {
                return .holds(
                    "the output says `\(word)`", witnesses: [failed.id, other.id])
            }
            let (left, right) =
                other.upstream == failed.upstream
                ? (other.model ?? other.upstream, failed.model ?? failed.upstream)
                : (other.upstream, failed.upstream)
            return .brokenAtEnd(
                "\(other.shown) of \(left) stood in for \(right), and the output has no word "
                    + "of it", witnesses: [failed.id, other.id])
        }

        /// The first failure for which another model stood in.
        private func failover(_ conduct: Conduct) -> (ExchangeRecord, ExchangeRecord)? {
            let timeline = WireTimeline(conduct)
            let failed = RetryRules.failures(timeline).lazy.compactMap(\.places.last).map {
                timeline.exchanges[$0]
            }
            .filter { $0.kind == .model }.min { $0.id < $1.id }
            guard let failed else { return nil }
            var before: Set<String> = []
            for exchange in timeline.exchanges where exchange.kind == .model {
                let name = "\(exchange.upstream) \(exchange.model ?? "")"
                if exchange.id <= failed.id {
                    before.insert(name)
                } else if exchange.isAnsweredWhole, !before.contains(name) {
                    return (failed, exchange)
                }
            }
            return nil
        }
    }
}
