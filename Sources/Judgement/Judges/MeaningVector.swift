internal import Determinism

/// The meaning of a text as a model of embeddings gives it: a direction in whole numbers.
///
/// Each decimal is cut to nine digits below the leading one of the largest component, and then
/// rounded to a share of that component in 18 bits, so that no product or sum overflows. That moves
/// a cosine by far less than the tenth of a percent to which it is given.
struct MeaningVector: Hashable {
    /// Each from -262143 to 262143; at least one of them reaches that.
    let components: [Int64]

    private static let unit: Int64 = (1 << 18) - 1
    private static let countMax = 1 << 15

    /// Reads the first embedding of an answer in OpenAI's form; nil where there is none.
    init?(_ body: [UInt8]) {
        guard let answer = try? JSONValue.parse(body),
            let numbers = answer["data"]?[0]?["embedding"]?.arrayValue
        else { return nil }
        self.init(numbers)
    }

    /// Nil for no numbers, too many, and a vector that points nowhere.
    init?(_ numbers: [JSONValue]) {
        guard numbers.count <= MeaningVector.countMax else { return nil }
        var decimals: [WrittenDecimal] = []
        decimals.reserveCapacity(numbers.count)
        for number in numbers {
            guard let text = number.numberText, let decimal = WrittenDecimal(text) else {
                return nil
            }
            decimals.append(decimal)
        }
        let leading = decimals.filter { $0.digits > 0 }.map(\.magnitude).max()
        guard let leading else { return nil }
        let fixed = decimals.map { $0.scaled(below: leading) }
        let largest = fixed.map { abs($0) }.max() ?? 0
        guard largest > 0 else { return nil }
        components = fixed.map { value in
            let share = (abs(value) * MeaningVector.unit + largest / 2) / largest
            return value < 0 ? -share : share
        }
    }

    /// The cosine to the nearest tenth of a percent, and 0 where it is negative; nil for vectors of
    /// different lengths.
    func likeness(to other: MeaningVector) -> Int? {
        guard components.count == other.components.count else { return nil }
        let dot = MeaningVector.product(components, other.components)
        guard dot > 0 else { return 0 }
        let (left, right) = (
            MeaningVector.product(components, components),
            MeaningVector.product(other.components, other.components)
        )
        // cos >= k / 2000, both sides squared and without the division: below 2^125.
        let reached = (2_000 * dot) * (2_000 * dot)
        var (low, high): (Int128, Int128) = (0, 2_000)
        while low < high {
            let middle = (low + high + 1) / 2
            if middle * middle * left * right <= reached { low = middle } else { high = middle - 1 }
        }
        return Int((low + 1) / 2)
    }

    /// Below 2^51: at most 2^15 products of numbers below 2^18.
    private static func product(_ left: [Int64], _ right: [Int64]) -> Int128 {
        Int128(zip(left, right).reduce(Int64(0)) { $0 + $1.0 * $1.1 })
    }
}

/// A number of JSON as it is written: sign, digits and a power of ten.
struct WrittenDecimal {
    var isNegative = false
    /// At most 18 digits, the first of them not 0; further ones are cut off.
    var digits: Int64 = 0
    /// How many digits those are.
    var count = 0
    var exponent = 0

    private static let countMax = 18
    private static let exponentMax = 100_000

    /// Nil for what is no number of JSON, and for exponents that no vector has.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        if rest.first == UInt8(ascii: "-") {
            isNegative = true
            rest = rest.dropFirst()
        }
        var isFraction = false
        while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: ".") {
                isFraction = true
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            take(Int64(byte - 0x30), isFraction: isFraction)
            guard abs(exponent) <= WrittenDecimal.exponentMax else { return nil }
        }
        guard !rest.isEmpty else { return }
        guard let written = Int(String(decoding: rest.dropFirst(), as: UTF8.self)),
            (-WrittenDecimal.exponentMax...WrittenDecimal.exponentMax).contains(written)
        else { return nil }
        exponent += written
    }

    private mutating func take(_ digit: Int64, isFraction: Bool) {
        guard count < WrittenDecimal.countMax else {
            if !isFraction { exponent += 1 }
            return
        }
        if isFraction { exponent -= 1 }
        guard digits > 0 || digit > 0 else { return }
        digits = digits * 10 + digit
        count += 1
    }

    /// Where its leading digit stands: 0.5 has 0, 5 has 1.
    var magnitude: Int { count + exponent }

    /// The value in units of the ninth digit at or below this magnitude, cut towards zero.
    func scaled(below leading: Int) -> Int64 {
        guard digits > 0 else { return 0 }
        var value = digits
        var shift = exponent + 9 - leading
        // What is too small for one unit has more than 18 digits to lose.
        guard shift > -WrittenDecimal.countMax - 1 else { return 0 }
        while shift < 0 {
            value /= 10
            shift += 1
        }
        // No overflow: the digits and the shift together are nine places.
        while shift > 0 {
            value *= 10
            shift -= 1
        }
        return isNegative ? -value : value
    }
}
