internal import Determinism
internal import Simulation
internal import WireProtocols

/// Rules about calls that change the world, and calls that must not be carried out.
extension ToolRules {
    static let effectKinds = [
        InvariantKind(
            "no_act_on_truncated", .tools,
            summary: "No tool is run whose call stands in an answer that was cut, ended for length "
                + "or never said that it was over, neither by the protocol's end nor by a reason. "
                + "The same call in a whole answer makes it right, "
                + "and a result that is an error shows that it was not run.",
            example: "true"
        ) { (arguments) throws(InvariantError) in
            try arguments.isTrue()
            return NoActOnTruncated()
        },
        InvariantKind(
            "no_duplicate_side_effect", .tools,
            summary:
                "No tool of a model or an MCP server is used twice for the same effect, unless "
                + "the result of one was an error that says that it was not done. An error with "
                + "words such as timeout, connection or 503 does not say so. For plain HTTP there "
                + "is `no_repeated_side_effect`.",
            parameters: [
                InvariantParameter(
                    "tools", "list of texts", standard: "all whose name is not that of a reader",
                    "The tools that change the world. Without the list, names that begin with a "
                        + "word such as get, list or search, small or as in `GetOrder`, are passed "
                        + "over, and so are calls on the wire that change nothing."),
                InvariantParameter(
                    "key_argument", "path", standard: "all arguments",
                    "The argument that says which effect it is, such as `order_id` or "
                        + "`idempotency_key`; calls that have it are the same when it is equal, "
                        + "calls without it when all arguments are, numbers by value."),
            ],
            example: #"{"tools": ["refund"], "key_argument": "order_id"}"#
        ) { (arguments) throws(InvariantError) in
            let options = try arguments.options(["tools", "key_argument"])
            return NoDuplicate(
                tools: try options.optional("tools")?.texts(),
                key: try options.optional("key_argument").map { (key) throws(InvariantError) in
                    ValuePath(try key.text())
                })
        },
        InvariantKind(
            "verify_before_retry", .tools,
            summary: "After a failure that leaves open whether a writing tool did its work, a "
                + "reading tool is used with success before the writing one is used again. Calls "
                + "that one answer of a model asked for together are no retries.",
            parameters: [
                InvariantParameter("write", "text or list of texts", "The tools that write."),
                InvariantParameter(
                    "read", "text or list of texts", "The tools that show whether it was done."),
            ],
            example: #"{"write": "charge", "read": ["get_charge", "GET /charges/*"]}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["write", "read"])
            return VerifyBeforeRetry(
                writers: try arguments.required("write").texts(),
                readers: try arguments.required("read").texts())
        },
    ]

    struct NoActOnTruncated: InvariantRule {
        var id: String { "no_act_on_truncated" }

        func check(_ conduct: Conduct) -> Finding {
            var asked = AskedCalls(conduct.turns)
            for use in conduct.toolUses {
                let origins = asked.origins(of: use)
                guard let latest = origins.first, let reason = latest.turn.cutReason,
                    !origins.dropFirst().contains(where: { isWhole($0, as: latest, use) })
                else { continue }
                if case .result = use.evidence, use.saysItFailed { continue }
                return .brokenByRequest(
                    "\(ToolRules.quoted(latest.call.name)) was run, but the answer that asked for "
                        + "it \(reason)", witnesses: [latest.turn.id, use.exchange])
            }
            return .holds("no tool was run on the word of a cut answer")
        }

        /// Whether a whole answer asked for the same, so that the cut one does not matter.
        private func isWhole(
            _ other: AskedCalls.Asked, as latest: AskedCalls.Asked, _ use: ToolUse
        ) -> Bool {
            guard other.turn.cutReason == nil else { return false }
            let whole = try? JSONValue.parse(text: other.call.arguments)
            guard let whole, let run = use.arguments else {
                return other.call.arguments == latest.call.arguments
            }
            return JSONSchema.isEqual(whole, run)
        }
    }

    struct NoDuplicate: InvariantRule {
        /// How the names of tools begin that only read.
        private static let readingWords = [
            "get", "list", "search", "read", "find", "fetch", "lookup", "look", "query", "check",
            "view", "show", "describe", "count", "retrieve", "browse", "verify", "status",
        ]

        let tools: [String]?
        let key: ValuePath?

        var id: String {
            let names = tools.map { "(\($0.joined(separator: ", ")))" } ?? ""
            return "no_duplicate_side_effect\(names)" + (key.map { " by \($0.text)" } ?? "")
        }

        private struct Effect: Hashable {
            let tool: String
            let byKey: Bool
            let arguments: PlainValue
        }

        func check(_ conduct: Conduct) -> Finding {
            var known: [Effect: ExchangeID] = [:]
            var unread = 0
            for use in conduct.toolUses where isWatched(use, conduct) {
                guard use.outcome(conduct) != .refused else { continue }
                guard let effect = effect(of: use) else {
                    unread += 1
                    continue
                }
                guard let earlier = known[effect] else {
                    known[effect] = use.exchange
                    continue
                }
                let same = effect.byKey ? (key?.text ?? "") : "arguments"
                return .brokenByRequest(
                    "\(ToolRules.quoted(use.name)) was used twice with the same \(same)",
                    witnesses: earlier == use.exchange ? [earlier] : [earlier, use.exchange])
            }
            let note = unread == 0 ? "" : "; the arguments of \(unread) uses are not known"
            return .holds("no effect was repeated" + note + ToolRules.unreadNote(conduct))
        }

        private func effect(of use: ToolUse) -> Effect? {
            guard let arguments = use.arguments else { return nil }
            let value = key?.values(in: arguments).first
            return Effect(
                tool: use.name, byKey: value != nil, arguments: PlainValue(value ?? arguments))
        }

        private func isWatched(_ use: ToolUse, _ conduct: Conduct) -> Bool {
            if let tools { return tools.contains { use.isNamed($0) } }
            guard !use.isPlainHTTP, !use.name.isEmpty else { return false }
            if case .call(let id) = use.evidence, conduct.record(of: id)?.sideEffecting == false {
                return false
            }
            return !NoDuplicate.readingWords.contains(NoDuplicate.firstWord(of: use.name))
        }

        /// In lower case: `get` of `get_order`, `getOrder`, `GetOrder` and `GET_ORDER`.
        private static func firstWord(of name: String) -> String {
            let capitals = name.prefix { $0.isUppercase }
            if capitals.count > 1 { return capitals.lowercased() }
            let rest = name.dropFirst(capitals.count).prefix { $0.isLetter && !$0.isUppercase }
            return (capitals + rest).lowercased()
        }
    }

    struct VerifyBeforeRetry: InvariantRule {
        let writers: [String]
        let readers: [String]

        var id: String {
            "verify_before_retry(\(writers.joined(separator: ", ")) after "
                + "\(readers.joined(separator: ", ")))"
        }

        func check(_ conduct: Conduct) -> Finding {
            var open: [String: ToolUse] = [:]
            var failures: [ExchangeID] = []
            for use in conduct.toolUses {
                if readers.contains(where: { use.isNamed($0) }), use.outcome(conduct) == .done {
                    open = [:]
                    continue
                }
                guard writers.contains(where: { use.isNamed($0) }) else { continue }
                if let failed = open[use.name], !areTogether(failed, use) {
                    return .brokenByRequest(
                        "\(ToolRules.quoted(use.name)) was used again after a failure that may "
                            + "have done its work, and nothing was read between",
                        witnesses: [failed.exchange, use.exchange])
                }
                guard use.outcome(conduct) == .unclear else { continue }
                open[use.name] = use
                failures.append(use.exchange)
            }
            return .holds(
                failures.isEmpty
                    ? "no writing tool failed in a way that leaves its work open"
                    : "after each unclear failure something was read before the next try",
                witnesses: Array(failures.prefix(ToolRules.witnessesMax)))
        }

        private func areTogether(_ left: ToolUse, _ right: ToolUse) -> Bool {
            guard let asker = left.askedBy else { return false }
            return asker == right.askedBy
        }
    }
}
