internal import Determinism
internal import Simulation

extension ToolRules {
    struct Called: InvariantRule {
        let selection: ToolSelection
        let least: Int
        let most: Int?

        init(_ arguments: InvariantArguments) throws(InvariantError) {
            selection = try ToolSelection(arguments)
            let counts = 0...InvariantArguments.countMax
            least = try arguments.optional("at_least")?.whole(in: counts) ?? 1
            most = try arguments.optional("at_most")?.whole(in: counts)
            guard let most, most < least else { return }
            throw InvariantError(
                .wrongValue, at: "\(arguments.path).at_most",
                "`at_most` is less than `at_least`, which is 1 unless it is given; "
                    + "`tool_not_called` forbids a tool")
        }

        var id: String {
            let upper = most.map { " <= \($0)" } ?? ""
            return "tool_called(\(selection.text)) >= \(least)\(upper)"
        }

        func check(_ conduct: Conduct) -> Finding {
            let uses = conduct.toolUses.filter(selection.matches)
            let seen = uses.prefix(ToolRules.witnessesMax).map(\.exchange)
            let times = uses.isEmpty ? "never used" : "used \(Wording.times(uses.count))"
            let message = "\(selection.text) was \(times)"
            if let most, uses.count > most {
                let witnesses = uses[...most].suffix(ToolRules.witnessesMax).map(\.exchange)
                return .brokenByRequest(
                    message + ", at most \(Wording.times(most)) is right",
                    witnesses: Array(witnesses))
            }
            guard uses.count < least else { return .holds(message, witnesses: seen) }
            return .brokenAtEnd(
                message + ", at least \(Wording.times(least)) is right"
                    + others(conduct) + ToolRules.unreadNote(conduct), witnesses: seen)
        }

        /// Where the tool was used with other arguments, that is what one wants to know.
        private func others(_ conduct: Conduct) -> String {
            guard selection.arguments != nil else { return "" }
            let count = conduct.toolUses.count { $0.isNamed(selection.tool) }
            return "; with any arguments: \(count == 0 ? "never" : Wording.times(count))"
        }
    }

    struct NotCalled: InvariantRule {
        let selection: ToolSelection

        var id: String { "tool_not_called(\(selection.text))" }

        func check(_ conduct: Conduct) -> Finding {
            let use = conduct.toolUses.first { selection.matches($0) && $0.wasRun(conduct) }
            guard let use else {
                return .holds("\(selection.text) was not used" + ToolRules.unreadNote(conduct))
            }
            return .brokenByRequest("\(selection.text) was used", witnesses: [use.exchange])
        }
    }

    struct Only: InvariantRule {
        let tools: [String]

        var id: String { "only_tools(\(tools.joined(separator: ", ")))" }

        func check(_ conduct: Conduct) -> Finding {
            let uses = conduct.toolUses
            let named = uses.filter { !$0.name.isEmpty }
            let other = named.first { use in
                !tools.contains { use.isNamed($0) } && use.wasRun(conduct)
            }
            if let other {
                return .brokenByRequest(
                    "\(ToolRules.quoted(other.name)) was used, which is not among the allowed "
                        + "tools", witnesses: [other.exchange])
            }
            let unnamed = uses.count - named.count
            let note = unnamed == 0 ? "" : "; \(unnamed) results do not say of which tool they are"
            return .holds(
                "all tools that were used are allowed" + note + ToolRules.unreadNote(conduct))
        }
    }

    struct Order: InvariantRule {
        enum Mode: String, CaseIterable {
            case exact
            case subsequence
            case anyOrder = "any_order"
        }

        let tools: [String]
        let mode: Mode

        var id: String { "tool_order \(mode.rawValue) (\(tools.joined(separator: ", ")))" }

        func check(_ conduct: Conduct) -> Finding {
            switch mode {
            case .exact: exact(conduct.toolUses)
            case .subsequence: subsequence(conduct.toolUses)
            case .anyOrder: anyOrder(conduct.toolUses)
            }
        }

        private func exact(_ uses: [ToolUse]) -> Finding {
            for (place, use) in uses.enumerated() {
                let wanted = place < tools.count ? tools[place] : nil
                if let wanted, use.isNamed(wanted) { continue }
                return .brokenByRequest(
                    "use \(place + 1) is of \(ToolRules.quoted(use.name)), not of "
                        + (wanted ?? "any: the order ends before"), witnesses: [use.exchange])
            }
            guard uses.count < tools.count else {
                return .holds("the tools were used in this order", witnesses: shown(uses))
            }
            return .brokenAtEnd(
                "\(tools[uses.count]) was not used: the run ended before", witnesses: shown(uses))
        }

        private func subsequence(_ uses: [ToolUse]) -> Finding {
            var met: [ToolUse] = []
            for use in uses where met.count < tools.count && use.isNamed(tools[met.count]) {
                met.append(use)
            }
            guard met.count < tools.count else {
                return .holds("the tools were used in this order", witnesses: shown(met))
            }
            let after = met.isEmpty ? "" : " after \(tools[met.count - 1])"
            return .brokenAtEnd(
                "\(tools[met.count]) was not used\(after)", witnesses: shown(met))
        }

        private func anyOrder(_ uses: [ToolUse]) -> Finding {
            var checked: [String] = []
            for tool in tools where !checked.contains(tool) {
                checked.append(tool)
                let wanted = tools.count { $0 == tool }
                let found = uses.filter { $0.isNamed(tool) }
                guard found.count < wanted else { continue }
                let times = found.isEmpty ? "never used" : "used \(Wording.times(found.count))"
                return .brokenAtEnd(
                    "\(tool) was \(times), at least \(Wording.times(wanted)) is right",
                    witnesses: shown(found))
            }
            return .holds("all of the tools were used", witnesses: shown(uses))
        }

        private func shown(_ uses: [ToolUse]) -> [ExchangeID] {
            uses.prefix(ToolRules.witnessesMax).map(\.exchange)
        }
    }
}
