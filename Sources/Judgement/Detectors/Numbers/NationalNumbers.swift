/// Whether the characters of a number, without separators, can be a number of its kind.
///
/// Each function takes ASCII letters and digits of the length that its shape demands.
enum NationalNumbers {
    static func values(_ characters: [UInt8]) -> [Int] { characters.map(\.digitValue) }

    private static func allEqual(_ characters: [UInt8]) -> Bool {
        characters.allSatisfy { $0 == characters.first }
    }

    /// Area, group and serial are not zero, the area is below 900 and not 666, and it is none of
    /// the two numbers printed in advertisements; source: SSA, RM 10201.
    static func usSSN(_ number: [UInt8]) -> Bool {
        guard number.count == 9, !allEqual(number) else { return false }
        let text = String(decoding: number, as: UTF8.self)
        let area = text.prefix(3)
        return area != "000" && area != "666" && number[0] != UInt8(ascii: "9")
            && text.dropFirst(3).prefix(2) != "00" && text.suffix(4) != "0000"
            && text != "078051120" && text != "219099999"
    }

    /// The prefixes that are never given; source: HMRC, NIM39110.
    static func ukNINO(_ number: [UInt8]) -> Bool {
        guard number.count == 9 else { return false }
        let capitals = number.map { $0.isASCIILetter ? $0 & 0xDF : $0 }
        let prefix = String(decoding: capitals.prefix(2), as: UTF8.self)
        return !"DFIQUV".utf8.contains(capitals[0]) && !"DFIOQUV".utf8.contains(capitals[1])
            && !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(prefix)
            && "ABCD".utf8.contains(capitals[8])
    }

    static func nhsNumber(_ number: [UInt8]) -> Bool {
        guard number.count == 10, !allEqual(number) else { return false }
        let digits = values(number)
        let check = 11 - CheckDigits.weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
        return check % 11 == digits[9]
    }

    /// No number begins with 0 (fictitious) or 8 (business).
    static func canadaSIN(_ number: [UInt8]) -> Bool {
        let digits = values(number)
        return digits.count == 9 && digits[0] != 0 && digits[0] != 8 && CheckDigits.luhn(digits)
    }

    /// Of the first ten digits exactly one occurs twice or three times, the others at most once;
    /// source: BZSt, structure of the identification number.
    static func germanTaxID(_ number: [UInt8]) -> Bool {
        let digits = values(number)
        guard digits.count == 11, digits[0] != 0 else { return false }
        var counts = Array(repeating: 0, count: 10)
        for digit in digits.dropLast() { counts[digit] += 1 }
        let repeated = counts.filter { $0 > 1 }
        return repeated.count == 1 && repeated[0] <= 3 && CheckDigits.mod11And10(digits)
    }

    /// Sex, year, month, department and the key 97 minus the rest; Corsica has 2A and 2B.
    static func frenchNIR(_ number: [UInt8]) -> Bool {
        guard number.count == 15, "123478".utf8.contains(number[0]) else { return false }
        let month = number[3].digitValue * 10 + number[4].digitValue
        guard (1...12).contains(month) || month == 20 || (30...42).contains(month) || month >= 50
        else { return false }
        var digits = Array(number.prefix(13))
        switch digits[6] & 0xDF {
        case UInt8(ascii: "A") where digits[5] == UInt8(ascii: "2"):
            digits.replaceSubrange(5...6, with: "19".utf8)
        case UInt8(ascii: "B") where digits[5] == UInt8(ascii: "2"):
            digits.replaceSubrange(5...6, with: "18".utf8)
        default: break
        }
        guard digits.allSatisfy(\.isASCIIDigit), let rest = CheckDigits.mod97(digits) else {
            return false
        }
        return 97 - rest == number[13].digitValue * 10 + number[14].digitValue
    }

    /// DNI: eight digits and a letter; NIE: X, Y or Z stands for the first digit.
    static func spanishDNI(_ number: [UInt8]) -> Bool {
        guard number.count == 9, let letter = number.last else { return false }
        var digits = Array(number.dropLast())
        if let place = "XYZ".utf8.firstIndex(of: digits[0] & 0xDF), digits[0].isASCIILetter {
            digits[0] = 0x30 + UInt8("XYZ".utf8.distance(from: "XYZ".utf8.startIndex, to: place))
        }
        guard digits.allSatisfy(\.isASCIIDigit), !allEqual(digits) else { return false }
        let rest = digits.reduce(0) { ($0 * 10 + $1.digitValue) % 23 }
        return Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[rest] == letter & 0xDF
    }

    private static let digitLetters = Array("LMNPQRSTUV".utf8)
    private static let oddValues = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ]

    /// Letters may stand for digits when two people would share a code; source: DM 23/12/1976.
    static func italianFiscalCode(_ number: [UInt8]) -> Bool {
        guard number.count == 16, number.allSatisfy(\.isASCIIAlphanumeric) else { return false }
        let code = number.map { $0.isASCIILetter ? $0 & 0xDF : $0 }
        let isDigitPlace = [6, 7, 9, 10, 12, 13, 14]
        guard "ABCDEHLMPRST".utf8.contains(code[8]), !code[15].isASCIIDigit else { return false }
        var sum = 0
        for (place, byte) in code.dropLast().enumerated() {
            if isDigitPlace.contains(place) {
                guard byte.isASCIIDigit || digitLetters.contains(byte) else { return false }
            } else if !byte.isASCIILetter {
                return false
            }
            let value = byte.isASCIIDigit ? byte.digitValue : Int(byte) - 0x41
            sum += place % 2 == 0 ? oddValues[value] : value
        }
        return sum % 26 == Int(code[15]) - 0x41
    }

    static func brazilCPF(_ number: [UInt8]) -> Bool {
        let digits = values(number)
        guard digits.count == 11, !allEqual(number) else { return false }
        return (9...10).allSatisfy { place in
            let weights = Array((2...(place + 1)).reversed())
            let rest = CheckDigits.weighted(digits, weights) * 10 % 11
            return rest % 10 == digits[place]
        }
    }

    /// Letters count as their ASCII code less 48, as in the form of 2026.
    static func brazilCNPJ(_ number: [UInt8]) -> Bool {
        guard number.count == 14, !allEqual(number) else { return false }
        let values = number.map { Int($0.isASCIILetter ? $0 & 0xDF : $0) - 48 }
        let weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
        return (12...13).allSatisfy { place in
            let rest = CheckDigits.weighted(values, Array(weights.dropFirst(13 - place))) % 11
            return (rest < 2 ? 0 : 11 - rest) == values[place]
        }
    }

    static func indiaAadhaar(_ number: [UInt8]) -> Bool {
        let digits = values(number)
        return digits.count == 12 && digits[0] >= 2 && !allEqual(number)
            && CheckDigits.verhoeff(digits)
    }

    /// The fourth letter says who holds it, P for a person; the rule of the last one is not public.
    static func indiaPAN(_ number: [UInt8]) -> Bool {
        number.count == 10 && number.allSatisfy { !$0.isASCIILetter || $0.isASCIIUpper }
            && "PCHABGJLFT".utf8.contains(number[3])
    }

    static func australiaTFN(_ number: [UInt8]) -> Bool {
        number.count == 9 && !allEqual(number)
            && CheckDigits.weighted(values(number), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0
    }

    static func dutchBSN(_ number: [UInt8]) -> Bool {
        number.count == 9 && !allEqual(number)
            && CheckDigits.weighted(values(number), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0
    }
}
