internal import Cassette
internal import Determinism
internal import Simulation

extension RetryRules {
    static let budgetKinds = [
        InvariantKind(
            "no_retry_on_permanent", .retries,
            summary: "A request that was refused for good is not asked again with the same "
                + "content. Credentials in its head are not compared: leave 401 out where the "
                + "agent renews them. `x-should-retry: true` makes another attempt right.",
            parameters: [
                InvariantParameter(
                    "statuses", "list of whole numbers", standard: "400, 401, 403, 404, 422",
                    "The statuses that refuse for good."), upstreamParameter,
            ],
            example: #"{"statuses": [400, 403, 404, 422]}"#
        ) { (arguments) throws(InvariantError) in
            let options = try arguments.options(["statuses", "upstream"])
            return NoRetryOnPermanent(
                statuses: try statuses(options.optional("statuses")) ?? [400, 401, 403, 404, 422],
                upstream: try options.optional("upstream")?.text())
        },
        InvariantKind(
            "retry_budget", .retries,
            summary: attemptsMeaning + "A logical call takes at most so many requests on the wire, "
                + "those of SDK and framework together.",
            parameters: [
                InvariantParameter(
                    "per_request", "whole number", standard: "no limit",
                    "The most requests of one logical call, the first among them."),
                InvariantParameter(
                    "amplification", "number from 1", standard: "no limit",
                    "All requests on the wire, divided by the logical calls; one of both limits "
                        + "must be given."), upstreamParameter,
            ],
            example: #"{"per_request": 4, "amplification": 1.5}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["per_request", "amplification", "upstream"])
            return try Budget(arguments)
        },
    ]

    private static func statuses(
        _ arguments: InvariantArguments?
    ) throws(InvariantError) -> [Int]? {
        guard let arguments else { return nil }
        guard let items = arguments.value.arrayValue, !items.isEmpty else {
            throw InvariantError(
                .wrongValue, at: arguments.path, "expected a list of statuses, such as [400, 404]")
        }
        var statuses: [Int] = []
        for (index, item) in items.enumerated() {
            let reader = InvariantArguments(value: item, path: "\(arguments.path)[\(index)]")
            statuses.append(try reader.whole(in: 400...599))
        }
        return statuses
    }

    struct NoRetryOnPermanent: InvariantRule {
        let statuses: [Int]
        let upstream: String?

        var id: String { RetryRules.named("no_retry_on_permanent", upstream) }

        func check(_ conduct: Conduct) -> Finding {
            let timeline = WireTimeline(conduct)
            var refused = 0
            var found: [Finding] = []
            for chain in AttemptChain.all(timeline, upstream: upstream) {
                for (place, next) in zip(chain.places, chain.places.dropFirst() + [-1]) {
                    let exchange = timeline.exchanges[place]
                    guard exchange.sentCount > 0, let status = exchange.status,
                        statuses.contains(status),
                        exchange.headers.first("x-should-retry") != "true"
                    else { continue }
                    refused += 1
                    guard next >= 0 else { continue }
                    let again = timeline.exchanges[next]
                    found.append(
                        .brokenByRequest(
                            "\(again.shown) was asked again after status \(status)",
                            witnesses: [exchange.id, again.id]))
                }
            }
            return .earliest(found)
                ?? .holds("\(refused) requests were refused for good, and none was asked again")
        }
    }

    struct Budget: InvariantRule {
        let most: Int?
        /// The most requests for a thousand logical calls.
        let mostPerThousand: Int?
        let written: String
        let upstream: String?

        init(_ arguments: InvariantArguments) throws(InvariantError) {
            most = try arguments.optional("per_request")?.whole(in: 1...InvariantArguments.countMax)
            upstream = try arguments.optional("upstream")?.text()
            let share = arguments.optional("amplification")
            written = share?.value.numberText ?? ""
            guard let share else {
                mostPerThousand = nil
                guard most == nil else { return }
                throw InvariantError(
                    .missingArgument, at: arguments.path,
                    "a limit is missing; add `per_request` or `amplification`")
            }
            let parsed = WireTime.decimal(written, unit: 1000)
            guard let parsed, (1000...1_000_000).contains(parsed.nanoseconds) else {
                throw InvariantError(
                    .wrongValue, at: share.path, "expected a number from 1 to 1000, such as 1.5")
            }
            mostPerThousand = Int(parsed.nanoseconds)
        }

        var id: String {
            let limits = [
                most.map { "\($0) per request" },
                mostPerThousand == nil ? nil : "amplification \(written)",
            ]
            return RetryRules.named("retry_budget", upstream) + " <= "
                + limits.compactMap(\.self).joined(separator: ", ")
        }

        func check(_ conduct: Conduct) -> Finding {
            let timeline = WireTimeline(conduct)
            let chains = AttemptChain.all(timeline, upstream: upstream)
            let counts = chains.map(\.places.count)
            let total = counts.reduce(0, +)
            let over = most.map { most in chains.compactMap { excess($0, most, timeline) } }
            if let earliest = Finding.earliest(over ?? []) { return earliest }
            let message = "\(chains.count) logical calls took \(total) requests"
            guard let mostPerThousand, total * 1000 > mostPerThousand * chains.count else {
                return .holds("\(message), the longest \(counts.max() ?? 0)")
            }
            let retries = chains.flatMap { $0.places.dropFirst() }.sorted()
            return .brokenAtEnd(
                "\(message), at most \(written) times as many allowed",
                witnesses: retries.prefix(ToolRules.witnessesMax).map { timeline.exchanges[$0].id })
        }

        /// What is wrong with a call that took more requests than are allowed; nil for nothing.
        private func excess(
            _ chain: AttemptChain, _ most: Int, _ timeline: WireTimeline
        ) -> Finding? {
            guard chain.places.count > most, let first = chain.places.first else { return nil }
            let ids = chain.places.prefix(most + 1).map { timeline.exchanges[$0].id }
            return .brokenByRequest(
                "\(timeline.exchanges[first].shown) took \(chain.places.count) "
                    + "requests, at most \(most) allowed",
                witnesses: Array(ids.suffix(ToolRules.witnessesMax)))
        }
    }
}
