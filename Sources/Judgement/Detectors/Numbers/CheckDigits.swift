/// The check digits of numbers that people carry, on arrays of digit values 0 to 9.
enum CheckDigits {
    /// ISO/IEC 7812-1, annex B: payment cards, Canadian SIN.
    static func luhn(_ digits: [Int]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let doubled = place % 2 == 1 ? digit * 2 : digit
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return !digits.isEmpty && sum % 10 == 0
    }

    /// The sum of digits times weights; digits beyond the weights do not count.
    static func weighted(_ digits: [Int], _ weights: [Int]) -> Int {
        zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// ISO/IEC 7064 MOD 97-10 over letters and digits, as in an IBAN (ISO 13616).
    static func mod97(_ characters: some Sequence<UInt8>) -> Int? {
        var rest = 0
        for byte in characters {
            if byte.isASCIIDigit {
                rest = (rest * 10 + byte.digitValue) % 97
            } else if byte.isASCIILetter {
                rest = (rest * 100 + Int(byte.asciiLowered) - 0x61 + 10) % 97
            } else {
                return nil
            }
        }
        return rest
    }

    /// ISO/IEC 7064 MOD 11,10: the German tax number.
    static func mod11And10(_ digits: [Int]) -> Bool {
        guard let check = digits.last else { return false }
        var product = 10
        for digit in digits.dropLast() {
            var sum = (digit + product) % 10
            if sum == 0 { sum = 10 }
            product = sum * 2 % 11
        }
        return (11 - product) % 10 == check
    }

    /// Verhoeff's code over the dihedral group of order ten: Aadhaar.
    static func verhoeff(_ digits: [Int]) -> Bool {
        var check = 0
        for (place, digit) in digits.reversed().enumerated() {
            check = product(check, permuted(digit, times: place))
        }
        return !digits.isEmpty && check == 0
    }

    /// The group's product: 0 to 4 are rotations, 5 to 9 reflections.
    private static func product(_ left: Int, _ right: Int) -> Int {
        switch (left < 5, right < 5) {
        case (true, true): (left + right) % 5
        case (true, false): 5 + (left + right - 5) % 5
        case (false, true): 5 + (left - right) % 5
        case (false, false): (left - right + 5) % 5
        }
    }

    private static let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

    private static func permuted(_ digit: Int, times: Int) -> Int {
        (0..<(times % 8)).reduce(digit) { value, _ in permutation[value] }
    }
}
