internal import Determinism
internal import Faults
internal import Judgement

/// What shrinking and explaining say, in words.
enum ShrinkWords {
    /// A value of a parameter with its unit.
    static func value(_ value: JSONValue, _ spec: ParameterSpec) -> String {
        if let number = value.intValue { return quantity(number, spec) }
        return value.stringValue.map { "\"\($0)\"" } ?? value.encodedText()
    }

    /// A number of a parameter with its unit.
    static func quantity(_ number: Int64, _ spec: ParameterSpec) -> String {
        switch spec.unitWord {
        case "ms": return milliseconds(number)
        case "seconds": return "\(Wording.number(number)) s"
        case "per_second": return "\(Wording.number(number)) per second"
        case "percent": return "\(Wording.number(number)) %"
        case "bytes": return "\(Wording.number(number)) bytes"
        case "tokens": return "\(Wording.number(number)) tokens"
        case "days": return "\(Wording.number(number)) days"
        default:
            return spec.name == "bytes" ? "\(Wording.number(number)) bytes" : Wording.number(number)
        }
    }

    /// A time, as `30 s (30,000 ms)`; below a second in milliseconds only.
    static func milliseconds(_ number: Int64) -> String {
        guard number >= 1_000 else { return "\(Wording.number(number)) ms" }
        var fraction = String(number % 1_000 + 1_000).dropFirst()
        while fraction.last == "0" { fraction = fraction.dropLast() }
        let seconds = Wording.number(number / 1_000) + (fraction.isEmpty ? "" : ".\(fraction)")
        return "\(seconds) s (\(Wording.number(number)) ms)"
    }

    /// A span of virtual time; what is finer than a millisecond is shown in nanoseconds.
    static func time(_ span: SimDuration) -> String {
        span.nanoseconds % 1_000_000 == 0
            ? milliseconds(span.nanoseconds / 1_000_000) : "\(Wording.number(span.nanoseconds)) ns"
    }

    /// What stands in the way of shrinking.
    static func text(_ outcome: ShrinkOutcome) -> String {
        switch outcome {
        case .shrunk: "it is shrunk"
        case .passes(let verdict): "it does not fail: the verdict is \(verdict.rawValue)"
        case .differs(let signature): "it fails otherwise: \(signature.text)"
        case .nondeterministic: "two runs of it were not the same"
        }
    }
}

extension ShrinkOutcome {
    /// The outcome in words.
    public var text: String { ShrinkWords.text(self) }
}
