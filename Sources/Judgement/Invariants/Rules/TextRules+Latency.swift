internal import Determinism
internal import Simulation

extension TextRules {
    static let latency = InvariantKind(
        "latency", .budget,
        summary: "The agent takes at most so many milliseconds of virtual time: to answer each "
            + "question, when it is a server, else from its start to its end. Not judged on a "
            + "real clock.",
        parameters: [
            InvariantParameter(
                "max_ms", "milliseconds", "The limit; the short form is the number alone.")
        ],
        example: #"{"max_ms": 30000}"#
    ) { (arguments) throws(InvariantError) in
        if arguments.isObject { try arguments.allow(["max_ms"]) }
        let limit = arguments.isObject ? try arguments.required("max_ms") : arguments
        return Latency(milliseconds: Int64(try limit.whole(in: 0...Int(Int64.max / 1_000_000))))
    }

    struct Latency: InvariantRule {
        let milliseconds: Int64

        var id: String { "latency <= \(milliseconds) ms" }

        func check(_ conduct: Conduct) -> Finding {
            guard conduct.trace.clock == .virtual else {
                return .unjudged("the agent's clock is real")
            }
            return conduct.trace.asked.isEmpty
                ? CallRules.MaxVirtualTime(milliseconds: milliseconds).check(conduct)
                : questions(conduct)
        }

        private func questions(_ conduct: Conduct) -> Finding {
            let limit = SimDuration.milliseconds(milliseconds)
            var begins: [Int: SimInstant] = [:]
            var longest = SimDuration.zero
            for entry in conduct.trace.log {
                switch entry.event {
                case .inquiry(.asked(let index)): begins[index] = entry.at
                case .inquiry(.answered(let index)):
                    guard let begin = begins.removeValue(forKey: index) else { continue }
                    let taken = begin.duration(to: entry.at)
                    longest = max(longest, taken)
                    guard taken > limit else { continue }
                    return broken(index, taken, from: begin, conduct)
                default: continue
                }
            }
            if let open = begins.keys.min(), let begin = begins[open] {
                return broken(open, nil, from: begin, conduct)
            }
            return .holds("the slowest answer took \(Milliseconds.text(longest))")
        }

        private func broken(
            _ index: Int, _ taken: SimDuration?, from begin: SimInstant, _ conduct: Conduct
        ) -> Finding {
            let what = taken.map { "was answered after \(Milliseconds.text($0))" }
            let since = SimInstant.zero.duration(to: begin)
            let position = conduct.moment(beyond: since + .milliseconds(milliseconds))
            var witnesses: [ExchangeID] = []
            if taken != nil, case .delivery(let id) = position { witnesses = [id] }
            return Finding(
                passed: false,
                message: "question \(index + 1) \(what ?? "was never answered"), at most "
                    + "\(milliseconds) ms allowed",
                witnesses: witnesses, position: taken == nil ? .end : position)
        }
    }
}
