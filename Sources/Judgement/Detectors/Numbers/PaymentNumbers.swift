/// Cards, accounts and routing numbers.
enum PaymentNumbers {
    /// Luhn and the ranges of the large issuers; source: ISO/IEC 7812 and the issuers' BIN tables.
    static func card(_ number: [UInt8]) -> Bool {
        let digits = NationalNumbers.values(number)
        guard (12...19).contains(digits.count), Set(digits).count > 1 else { return false }
        return isIssued(digits) && CheckDigits.luhn(digits)
    }

    private static func isIssued(_ digits: [Int]) -> Bool {
        let count = digits.count
        let four = digits.prefix(4).reduce(0) { $0 * 10 + $1 }
        let six = digits.prefix(6).reduce(0) { $0 * 10 + $1 }
        switch digits[0] {
        case 4: return [13, 16, 19].contains(count)
        case 2: return (2221...2720).contains(four) && count == 16
        case 3:
            if [34, 37].contains(four / 100) { return count == 15 }
            if (3528...3589).contains(four) { return count == 16 }
            return count == 14
                && ((300...305).contains(four / 10) || [36, 38, 39].contains(four / 100))
        case 5:
            if (51...55).contains(four / 100) { return count == 16 }
            return [50, 56, 57, 58].contains(four / 100)
        case 6:
            let isDiscover =
                four == 6011 || four / 100 == 65 || (644...649).contains(four / 10)
                || (622_126...622_925).contains(six)
            if isDiscover { return count == 16 || count == 19 }
            return four / 100 == 62 ? count >= 16 : [6304, 6759].contains(four) || four / 100 == 67
        default: return false
        }
    }

    /// ABA: weights 3, 7, 1 and the first two digits of a Federal Reserve district.
    static func usRoutingNumber(_ number: [UInt8]) -> Bool {
        let digits = NationalNumbers.values(number)
        guard digits.count == 9, Set(digits).count > 1 else { return false }
        let district = digits[0] * 10 + digits[1]
        return [0...12, 21...32, 61...72, 80...80].contains { $0.contains(district) }
            && CheckDigits.weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0
    }

    /// The lengths of IBANs; source: SWIFT, IBAN registry.
    static func ibanLength(_ country: String) -> Int? { ibanLengths[country] }

    private static let ibanLengths: [String: Int] = {
        let rows: [(Int, String)] = [
            (15, "NO"), (16, "BE"), (18, "DK FI FK FO GL NL SD"), (19, "MK SI"),
            (20, "AT BA EE KZ LT LU MN XK"), (21, "CH CR HR LI LV"),
            (22, "BG BH DE GB GE IE ME RS VA"), (23, "AE GI IL IQ OM SO TL"),
            (24, "AD CZ ES MD PK RO SA SE SK TN VG"), (25, "LY PT ST"),
            (26, "IS TR"), (27, "BI DJ FR GR IT MC MR SM"),
            (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"), (29, "BR EG PS QA UA"),
            (30, "JO KW MU YE"), (31, "MT SC"), (32, "LC"), (33, "RU"),
        ]
        var lengths: [String: Int] = [:]
        for (length, countries) in rows {
            for country in countries.split(separator: " ") { lengths[String(country)] = length }
        }
        return lengths
    }()

    /// The end of the IBAN that begins at a place: bare, or in groups with single spaces.
    static func ibanEnd(in bytes: [UInt8], at start: Int) -> Int? {
        guard start + 15 <= bytes.count, bytes[start].isASCIILetter,
            bytes[start + 1].isASCIILetter, bytes[start + 2].isASCIIDigit,
            bytes[start + 3].isASCIIDigit
        else { return nil }
        let country = String(decoding: bytes[start...(start + 1)], as: UTF8.self).uppercased()
        guard let length = ibanLength(country) else { return nil }
        var characters: [UInt8] = []
        var end = start
        while characters.count < length, end < bytes.count {
            let byte = bytes[end]
            if byte.isASCIIAlphanumeric {
                characters.append(byte)
            } else if byte != UInt8(ascii: " ") || characters.count % 4 != 0
                || bytes[end - 1] == UInt8(ascii: " ")
            {
                return nil
            }
            end += 1
        }
        guard characters.count == length, bytes.byte(end)?.isASCIIWord != true else { return nil }
        // Beyond the letters of the bank, capitals are the rule: this spares words of a sentence.
        guard
            characters.allSatisfy({ !$0.isASCIIUpper })
                || characters.allSatisfy({
                    !$0.isASCIILetter || $0.isASCIIUpper
                })
        else { return nil }
        let turned = characters.dropFirst(4) + characters.prefix(4)
        return CheckDigits.mod97(turned) == 1 ? end : nil
    }
}
