internal import Cassette
internal import Determinism
internal import Simulation

/// Rules about what changes the world.
enum SideEffectRules {
    static let all = [
        InvariantKind(
            "no_repeated_side_effect", .tools,
            summary: "No tool that changes the world is called twice with the same arguments, "
                + "unless the first call was refused or both carry the same idempotency key.",
            parameters: [
                InvariantParameter(
                    "tool", "METHOD /path", standard: "every side-effecting route",
                    "The route to watch; `*` stands for any text.")
            ],
            example: "true"
        ) { (arguments) throws(InvariantError) in
            NoRepetition(tool: try arguments.tool())
        }
    ]

    struct NoRepetition: InvariantRule {
        let tool: String?

        var id: String {
            tool.map { "no_repeated_side_effect(\($0))" } ?? "no_repeated_side_effect"
        }

        private struct Call: Hashable {
            let upstream: String
            let method: String
            let target: String
            let arguments: [UInt8]
        }

        private struct Known {
            let first: ExchangeID
            let key: String?
        }

        /// A side-effecting tool was called again with the same arguments, though nothing proved
        /// that the first call was not carried out, and no idempotency key makes the two one.
        func check(_ conduct: Conduct) -> Finding {
            var known: [Call: Known] = [:]
            for exchange in conduct.exchanges where isWatched(exchange) {
                guard !wasRefused(exchange) else { continue }
                let call = Call(
                    upstream: exchange.upstream, method: exchange.request.method,
                    target: exchange.request.target, arguments: arguments(exchange.request.body))
                guard let earlier = known[call] else {
                    known[call] = Known(first: exchange.id, key: exchange.idempotencyKey)
                    continue
                }
                if let key = exchange.idempotencyKey, earlier.key == key { continue }
                return .brokenByRequest(
                    "\(Wording.route(exchange)) was called twice with the same arguments",
                    witnesses: [earlier.first, exchange.id])
            }
            return .holds("no side effect was repeated")
        }

        private func isWatched(_ exchange: ExchangeRecord) -> Bool {
            guard let tool else { return exchange.sideEffecting }
            return exchange.kind == .tool
                && RoutePattern(tool).matches(
                    method: exchange.request.method, path: exchange.request.path)
        }

        /// Whether the delivered answer proves that the call was not carried out.
        ///
        /// A time-out (408), a conflict (409), a server's error and a cut connection prove nothing.
        private func wasRefused(_ exchange: ExchangeRecord) -> Bool {
            guard exchange.sentCount > 0, let status = exchange.status else { return false }
            return (400...499).contains(status) && status != 408 && status != 409
        }

        /// JSON arguments are the same in any member order and spacing.
        private func arguments(_ body: [UInt8]) -> [UInt8] {
            (try? JSONValue.parse(body))?.canonical() ?? body
        }
    }
}
