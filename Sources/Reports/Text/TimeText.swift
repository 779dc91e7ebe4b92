internal import Determinism

/// Exact spans of time as text, without floating point.
enum TimeText {
    /// All nine decimals: `1.204000000`.
    static func seconds(_ duration: SimDuration) -> String {
        let sign = duration.nanoseconds < 0 ? "-" : ""
        let magnitude = duration.nanoseconds.magnitude
        let fraction = String(magnitude % 1_000_000_000)
        let zeros = String(repeating: "0", count: 9 - fraction.count)
        return "\(sign)\(magnitude / 1_000_000_000).\(zeros)\(fraction)"
    }

    /// For people: `0 s`, `12 ms`, `1.204 s`, `31 min 4 s`.
    static func short(_ duration: SimDuration) -> String {
        let sign = duration.nanoseconds < 0 ? "-" : ""
        let magnitude = duration.nanoseconds.magnitude
        let milliseconds = magnitude / 1_000_000
        switch milliseconds {
        case 0: return magnitude == 0 ? "0 s" : "\(sign)\(magnitude / 1_000) µs"
        case 1..<1_000: return "\(sign)\(milliseconds) ms"
        case 1_000..<120_000:
            let rest = String(milliseconds % 1_000)
            return "\(sign)\(milliseconds / 1_000)."
                + String(repeating: "0", count: 3 - rest.count) + rest + " s"
        default: return "\(sign)\(milliseconds / 60_000) min \(milliseconds / 1_000 % 60) s"
        }
    }
}
