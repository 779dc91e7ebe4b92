internal import Cassette
internal import Determinism
internal import Simulation

/// What one check found.
struct Finding {
    var passed: Bool
    var message: String
    /// The exchanges that show it, in order; also those that show that the rule holds.
    var witnesses: [ExchangeID] = []
    /// When it was seen to be broken; nil when it holds.
    var position: WitnessPosition?
    /// Whether the run could be judged by the rule; if not, the message says why.
    var isJudged = true

    static func holds(_ message: String, witnesses: [ExchangeID] = []) -> Finding {
        Finding(passed: true, message: message, witnesses: witnesses)
    }

    /// The run holds nothing by which the rule could be judged: it is not broken, and a report says
    /// that nothing was proved.
    static func unjudged(_ message: String) -> Finding {
        Finding(passed: true, message: "not judged: \(message)", isJudged: false)
    }

    /// Broken, as the end of the run shows.
    static func brokenAtEnd(_ message: String, witnesses: [ExchangeID] = []) -> Finding {
        Finding(passed: false, message: message, witnesses: witnesses, position: .end)
    }

    /// Broken by the request of the last witness.
    static func brokenByRequest(_ message: String, witnesses: [ExchangeID]) -> Finding {
        Finding(
            passed: false, message: message, witnesses: witnesses,
            position: witnesses.last.map { .request($0) } ?? .end)
    }

    /// The finding that is seen first in the run; nil for none.
    ///
    /// Of two that are seen together it is the first of the list.
    static func earliest(_ findings: some Sequence<Finding>) -> Finding? {
        findings.min { $0.moment < $1.moment }
    }

    /// The position as numbers that grow with the run.
    private var moment: (Int, ExchangeID, Int) {
        switch position {
        case .beginning: (0, ExchangeID(0), 0)
        case .request(let id): (1, id, 0)
        case .delivery(let id): (1, id, 1)
        case .end, nil: (2, ExchangeID(0), 0)
        }
    }

    /// What it says when the rule must not hold.
    ///
    /// That something holds is known at the end only: it could still have been broken.
    var negated: Finding {
        guard isJudged else { return self }
        return Finding(
            passed: !passed, message: message, witnesses: witnesses, position: passed ? .end : nil)
    }
}

/// Words that checks share.
package enum Wording {
    static func route(_ exchange: ExchangeRecord) -> String {
        "\(exchange.request.method) \(exchange.request.path)"
    }

    /// `once`, `2 times`.
    static func times(_ count: Int) -> String {
        count == 1 ? "once" : "\(count) times"
    }

    /// `1st`, `12th`, `23rd`.
    package static func ordinal(_ number: Int) -> String {
        let suffix =
            switch (number % 100, number % 10) {
            case (11...13, _): "th"
            case (_, 1): "st"
            case (_, 2): "nd"
            case (_, 3): "rd"
            default: "th"
            }
        return "\(number)\(suffix)"
    }
}

/// Exact milliseconds as text, without floating point.
enum Milliseconds {
    static func text(_ duration: SimDuration) -> String {
        let whole = duration.nanoseconds / 1_000_000
        let micros = abs(duration.nanoseconds % 1_000_000) / 1_000
        guard micros > 0 else { return "\(whole) ms" }
        let digits = String(micros)
        return "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits + " ms"
    }
}
