/// A number written without an exponent, by its exact value: digits and a power of ten.
struct PlainDecimal: Hashable, Sendable {
    /// Without leading and trailing zeros; none for zero.
    let digits: [UInt8]
    /// How many places of the digits are behind the point; below zero for trailing zeros.
    let places: Int

    init(whole: some Sequence<UInt8>, fraction: some Sequence<UInt8>, tenfold: Int = 0) {
        let fraction = Array(fraction)
        self.init(digits: Array(whole) + fraction, places: fraction.count - tenfold)
    }

    private init(digits: [UInt8], places: Int) {
        var rest = digits.drop { $0 == 0x30 }
        var places = places
        while rest.last == 0x30 {
            rest = rest.dropLast()
            places -= 1
        }
        self.digits = Array(rest)
        self.places = rest.isEmpty ? 0 : places
    }

    /// The hundredth: 12 per cent is also 0.12.
    var hundredth: PlainDecimal { PlainDecimal(digits: digits, places: places + 2) }

    /// The value when it is a whole number of few digits.
    var smallWhole: Int? {
        guard places <= 0, digits.count - places <= 9 else { return nil }
        return digits.reduce(0) { $0 * 10 + $1.digitValue } * Self.power(-places)
    }

    private static func power(_ exponent: Int) -> Int {
        (0..<max(0, exponent)).reduce(1) { value, _ in value * 10 }
    }

    /// Rounded half up, and cut, to so many places behind the point.
    func shortened(to wanted: Int) -> [PlainDecimal] {
        let excess = places - wanted
        guard excess > 0, excess <= digits.count else { return [] }
        let kept = Array(digits.dropLast(excess))
        let cut = PlainDecimal(digits: kept, places: wanted)
        guard digits[digits.count - excess] >= 0x35 else { return [cut] }
        return [cut, PlainDecimal(digits: Self.incremented(kept), places: wanted)]
    }

    private static func incremented(_ digits: [UInt8]) -> [UInt8] {
        var digits = digits
        for place in digits.indices.reversed() {
            guard digits[place] == 0x39 else {
                digits[place] += 1
                return digits
            }
            digits[place] = 0x30
        }
        return [0x31] + digits
    }
}
