/// A number with eighteen decimals, for the steps of a computation.
///
/// Intervals need roots. These are taken of whole numbers, so that every machine finds the same
/// digits. Values stay below 10: products of two then fit into 127 bits.
struct Fine: Comparable {
    private static let unit: Int128 = 1_000_000_000_000_000_000

    static let zero = Fine(raw: 0)
    static let one = Fine(raw: unit)

    private let raw: Int128

    private init(raw: Int128) {
        self.raw = raw
    }

    /// A fraction, cut after the last decimal; its numerator is below 10^20.
    init(_ numerator: Int128, over denominator: Int128) {
        raw = numerator * Fine.unit / denominator
    }

    /// A number of billionths of billionths.
    init(billionthsOfBillionths raw: Int128) {
        self.raw = raw
    }

    static func + (left: Fine, right: Fine) -> Fine { Fine(raw: left.raw + right.raw) }
    static func - (left: Fine, right: Fine) -> Fine { Fine(raw: left.raw - right.raw) }
    static func * (left: Fine, right: Fine) -> Fine { Fine(raw: left.raw * right.raw / unit) }
    static func / (left: Fine, right: Fine) -> Fine { Fine(raw: left.raw * unit / right.raw) }
    static func / (left: Fine, right: Int) -> Fine { Fine(raw: left.raw / Int128(right)) }
    static func < (left: Fine, right: Fine) -> Bool { left.raw < right.raw }

    /// The square root, cut after the last decimal; zero below zero.
    var root: Fine {
        raw > 0 ? Fine(raw: Fine.wholeRoot(raw * Fine.unit)) : .zero
    }

    func clamped(to bounds: ClosedRange<Fine>) -> Fine {
        min(max(self, bounds.lowerBound), bounds.upperBound)
    }

    /// The nearest number with nine decimals, half to even.
    var rounded: FixedDecimal {
        FixedDecimal(billionths: raw, over: 1_000_000_000)
    }

    /// The largest whole number whose square is not larger; zero below zero.
    static func wholeRoot(_ square: Int128) -> Int128 {
        guard square > 0 else { return 0 }
        // Newton's method from above comes down to the root and then stops.
        let bits = Int128.bitWidth - square.leadingZeroBitCount
        var root = Int128(1) << ((bits + 1) / 2)
        while true {
            let next = (root + square / root) / 2
            if next >= root { return root }
            root = next
        }
    }
}
