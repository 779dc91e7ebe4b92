internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

extension BudgetRules {
    static let tokenBudget = InvariantKind(
        "token_budget", .budget,
        summary:
            "The answers of models say that they cost at most so many tokens in all; not judged "
            + "where they stay below and one of them does not say what it cost.",
        parameters: [
            InvariantParameter("input", "whole number", standard: "any", "Tokens of requests."),
            InvariantParameter("output", "whole number", standard: "any", "Tokens of answers."),
            InvariantParameter(
                "total", "whole number", standard: "any",
                "Both; the short form is this number alone."),
        ],
        example: #"{"total": 50000}"#
    ) { (arguments) throws(InvariantError) in
        let range = 0...InvariantArguments.countMax
        guard arguments.isObject else {
            return TokenBudget(input: nil, output: nil, total: try arguments.whole(in: range))
        }
        try arguments.allow(["input", "output", "total"])
        let rule = TokenBudget(
            input: try arguments.optional("input")?.whole(in: range),
            output: try arguments.optional("output")?.whole(in: range),
            total: try arguments.optional("total")?.whole(in: range))
        guard rule.input != nil || rule.output != nil || rule.total != nil else {
            throw InvariantError(
                .missingArgument, at: arguments.path, "give `input`, `output` or `total`")
        }
        return rule
    }

    static let costBudget = InvariantKind(
        "cost_budget", .budget,
        summary: "The tokens of the answers cost at most so many dollars at these prices.",
        parameters: [
            InvariantParameter("usd", "dollars", "The limit, with at most six decimals."),
            InvariantParameter(
                "prices", "object",
                "For each model that requests name, dollars for a million tokens: "
                    + "`{input_per_million, output_per_million}`. A name may end with `*`; tokens "
                    + "from a cache count in full."),
        ],
        example: #"{"usd": 0.5, "prices": {"gpt-4o*": "#
            + #"{"input_per_million": 2.5, "output_per_million": 10}}}"#
    ) { (arguments) throws(InvariantError) in
        try arguments.allow(["usd", "prices"])
        let limit = try arguments.required("usd").microDollars()
        let prices = try arguments.required("prices")
        guard let members = prices.value.objectValue, !members.isEmpty else {
            throw InvariantError(
                .wrongValue, at: prices.path, "expected an object with a member for each model")
        }
        var list: [CostBudget.Price] = []
        for member in members {
            let price = InvariantArguments(
                value: member.value, path: "\(prices.path).\(member.key)")
            try price.allow(["input_per_million", "output_per_million"])
            list.append(
                CostBudget.Price(
                    model: member.key,
                    input: try price.required("input_per_million").microDollars(),
                    output: try price.required("output_per_million").microDollars()))
        }
        return CostBudget(limit: limit, prices: list)
    }

    struct TokenBudget: InvariantRule {
        let input: Int?
        let output: Int?
        let total: Int?

        var id: String {
            let limits = [("input", input), ("output", output), ("total", total)]
            let shown = limits.compactMap { name, limit in limit.map { "\(name) <= \($0)" } }
            return "token_budget(\(shown.joined(separator: ", ")))"
        }

        func check(_ conduct: Conduct) -> Finding {
            var (inputs, outputs, known) = (0, 0, 0)
            for turn in conduct.turns {
                guard let usage = turn.usage else { continue }
                known += 1
                inputs = inputs.adding(usage.inputTokens)
                outputs = outputs.adding(usage.outputTokens)
                let sums = [
                    ("input", inputs, input), ("output", outputs, output),
                    ("input and output", inputs.adding(outputs), total),
                ]
                for (name, sum, limit) in sums where sum > limit ?? .max {
                    return Finding(
                        passed: false,
                        message: "\(name) came to \(sum) tokens, at most \(limit ?? 0) allowed",
                        witnesses: [turn.id], position: .delivery(turn.id))
                }
            }
            let seen = "\(inputs) tokens of input and \(outputs) of output"
            let unknown = conduct.turns.count { $0.isStep && $0.usage == nil }
            guard unknown > 0 else { return .holds(seen) }
            // What is missing could be more than what is left.
            let gap = "\(Wording.count(unknown, "answer")) did not say what it cost"
            return .unjudged(known == 0 ? gap : "\(gap), the others \(seen)")
        }
    }

    /// Sums are in millionths of micro-dollars: tokens times the price of a million in
    /// micro-dollars, so that nothing is rounded.
    struct CostBudget: InvariantRule {
        struct Price: Hashable, Sendable {
            let model: String
            let input: Int
            let output: Int

            /// How much of a name it names; nil when it names another.
            func strength(for name: String) -> Int? {
                guard model.hasSuffix("*") else { return model == name ? .max : nil }
                let prefix = model.dropLast()
                return name.hasPrefix(prefix) ? prefix.utf8.count : nil
            }
        }

        let limit: Int
        let prices: [Price]

        var id: String { "cost_budget <= \(Dollars.text(limit))" }

        func check(_ conduct: Conduct) -> Finding {
            let limit = limit.multiplied(by: 1_000_000)
            var sum = 0
            var gaps: [String] = []
            for turn in conduct.turns where turn.usage != nil || turn.isStep {
                guard let usage = turn.usage else {
                    gaps.append("exchange \(turn.id.number) does not say what it cost")
                    continue
                }
                let name = turn.exchange.model ?? ""
                guard let price = price(of: name) else {
                    gaps.append("there is no price for \(OutputText.quoted(name))")
                    continue
                }
                sum = sum.adding(usage.inputTokens.multiplied(by: price.input))
                    .adding(usage.outputTokens.multiplied(by: price.output))
                guard sum > limit else { continue }
                return Finding(
                    passed: false,
                    message: "the answers cost \(Dollars.text(sum / 1_000_000)) so far, at most "
                        + "\(Dollars.text(self.limit)) allowed",
                    witnesses: [turn.id], position: .delivery(turn.id))
            }
            // What is missing could be more than what is left.
            if let gap = gaps.first { return .unjudged(gap) }
            return .holds("the answers cost \(Dollars.text(sum / 1_000_000))")
        }

        private func price(of name: String) -> Price? {
            var best: (price: Price, strength: Int)?
            for price in prices {
                guard let strength = price.strength(for: name), strength > best?.strength ?? -1
                else { continue }
                best = (price, strength)
            }
            return best?.price
        }
    }
}

extension Int {
    /// The sum, or the greatest number: a hostile answer may say any count.
    fileprivate func adding(_ other: Int) -> Int {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }

    fileprivate func multiplied(by other: Int) -> Int {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? .max : product
    }
}

/// Dollars in whole millionths.
enum Dollars {
    static let decimals = 6

    /// `0.5 USD`.
    static func text(_ micros: Int) -> String {
        let digits = String(micros % 1_000_000)
        var fraction = String(repeating: "0", count: max(0, decimals - digits.count)) + digits
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(micros / 1_000_000)" + (fraction.isEmpty ? "" : ".\(fraction)") + " USD"
    }
}

extension InvariantArguments {
    /// Dollars below ten million with at most six decimals, in millionths.
    fileprivate func microDollars() throws(InvariantError) -> Int {
        let text = value.numberText ?? value.stringValue ?? ""
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = parts.joined()
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].count <= 7,
            parts.count == 1 || (1...Dollars.decimals).contains(parts[1].count),
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let whole = Int(String(decoding: digits, as: UTF8.self))
        else {
            throw InvariantError(
                .wrongValue, at: path,
                "expected dollars such as 0.25, below ten million, with at most six decimals")
        }
        let places = parts.count == 1 ? 0 : parts[1].count
        return (places..<Dollars.decimals).reduce(whole) { value, _ in value * 10 }
    }
}
