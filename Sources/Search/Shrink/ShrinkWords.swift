internal import Determinism
internal import Faults
internal import Judgement

/// What shrinking and explaining say, in words.
enum ShrinkWords {
    /// A fault and where it strikes.
    static func name(_ fault: PlannedFault) -> String {
        let place = "\(fault.fault) at call \(fault.anchor.call) of \(fault.anchor.upstream)"
        switch fault.anchor.attempt {
        case nil: return place + ", every attempt"
        case 1: return place
        case let attempt?: return place + ", attempt \(attempt)"
        }
    }

    /// A value of a parameter with its unit.
    static func value(_ value: JSONValue, _ spec: ParameterSpec) -> String {
        if let number = value.intValue { return quantity(number, spec) }
        return value.stringValue.map { "\"\($0)\"" } ?? value.encodedText()
    }

    /// A number of a parameter with its unit.
    static func quantity(_ number: Int64, _ spec: ParameterSpec) -> String {
        switch spec.unitWord {
        case "ms": return milliseconds(number)
        case "seconds": return "\(grouped(number)) s"
        case "per_second": return "\(grouped(number)) per second"
        case "percent": return "\(grouped(number)) %"
        case "bytes": return "\(grouped(number)) bytes"
        case "tokens": return "\(grouped(number)) tokens"
        case "days": return "\(grouped(number)) days"
        default: return spec.name == "bytes" ? "\(grouped(number)) bytes" : grouped(number)
        }
    }

    /// A time, as `30 s (30,000 ms)`; below a second in milliseconds only.
    static func milliseconds(_ number: Int64) -> String {
        guard number >= 1_000 else { return "\(grouped(number)) ms" }
        var fraction = String(number % 1_000 + 1_000).dropFirst()
        while fraction.last == "0" { fraction = fraction.dropLast() }
        let seconds = grouped(number / 1_000) + (fraction.isEmpty ? "" : ".\(fraction)")
        return "\(seconds) s (\(grouped(number)) ms)"
    }

    /// A span of virtual time; what is finer than a millisecond is shown in nanoseconds.
    static func time(_ span: SimDuration) -> String {
        span.nanoseconds % 1_000_000 == 0
            ? milliseconds(span.nanoseconds / 1_000_000) : "\(grouped(span.nanoseconds)) ns"
    }

    /// A number with commas between thousands.
    static func grouped(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
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
