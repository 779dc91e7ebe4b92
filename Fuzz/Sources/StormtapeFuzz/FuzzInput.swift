/// What libFuzzer hands over: a body, and behind it the numbers that choose what is done with it.
///
/// The numbers stand last, so that a recorded body with eight bytes behind it is a seed.
struct FuzzInput {
    /// So many numbers an input has.
    static let numberCount = 8

    /// The bytes under test.
    let body: [UInt8]
    private let numbers: [UInt8]

    /// Splits an input; one that is too short has no body and zeros for what is missing.
    init(_ bytes: [UInt8]) {
        let count = min(Self.numberCount, bytes.count)
        body = Array(bytes.dropLast(count))
        numbers =
            bytes.suffix(count) + [UInt8](repeating: 0, count: Self.numberCount - count)
    }

    /// The input that has this body and these numbers.
    static func bytes(_ body: [UInt8], _ numbers: [Int]) -> [UInt8] {
        let rest = numberCount - numbers.count
        return body + numbers.map { UInt8(truncatingIfNeeded: $0) }
            + [UInt8](repeating: 0, count: max(0, rest))
    }

    /// A number from 0 to 255.
    func number(_ place: Int) -> Int { Int(numbers[place % Self.numberCount]) }

    /// One of some choices.
    func pick<Choice>(_ place: Int, of choices: [Choice]) -> Choice {
        choices[number(place) % choices.count]
    }

    /// A place in something that is so long, by two numbers.
    func place(_ first: Int, in count: Int) -> Int {
        (number(first) << 8 | number(first + 1)) % (count + 1)
    }
}
