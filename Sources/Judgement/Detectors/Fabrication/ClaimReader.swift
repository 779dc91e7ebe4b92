/// Reads the claims of a text from left to right.
struct ClaimReader {
    private let bytes: [UInt8]
    private let spacesGroup: Bool
    private var place = 0
    private(set) var claims: [Claim] = []

    /// The claims; `12 345` is one number when spaces group digits, and else two.
    static func claims(in text: String, spacesGroup: Bool = true) -> [Claim] {
        var reader = ClaimReader(bytes: Array(text.utf8), spacesGroup: spacesGroup)
        reader.read()
        return reader.claims
    }

    private init(bytes: [UInt8], spacesGroup: Bool) {
        self.bytes = bytes
        self.spacesGroup = spacesGroup
    }

    private mutating func read() {
        while place < bytes.count {
            guard bytes[place].isASCIIAlphanumeric else {
                place += 1
                continue
            }
            if readAddress() || readDate() || readTime() { continue }
            readWord()
        }
    }

    private mutating func add(_ kind: Claim.Kind, to end: Int, _ forms: [ClaimForm]) {
        let text = String(decoding: bytes[place..<end], as: UTF8.self)
        claims.append(Claim(kind: kind, range: place..<end, text: text, forms: forms))
        place = end
    }

    /// A URL, or an e-mail address.
    private mutating func readAddress() -> Bool {
        let word = bytes.runEnd(from: place, limit: 80) { EmailFinder.isLocal($0) }
        if bytes.byte(word) == UInt8(ascii: "@"),
            let range = EmailFinder.range(around: word, in: bytes), range.lowerBound == place
        {
            add(.email, to: range.upperBound, [.address(bytes[range].lowered)])
            return true
        }
        guard let end = WrittenURL.end(bytes, at: place) else { return false }
        add(.url, to: end, [.address(WrittenURL.normalised(bytes[place..<end]))])
        return true
    }

    private mutating func readDate() -> Bool {
        guard let date = WrittenDate.read(bytes, at: place) else { return false }
        add(.date, to: date.end, date.readings.map(ClaimForm.day))
        // The `T` before a time of day is no word.
        if bytes.byte(place) == UInt8(ascii: "T") { place += 1 }
        return true
    }

    /// `10:30`, `10:30:15`, `3:05 pm`.
    private mutating func readTime() -> Bool {
        let hourEnd = bytes.runEnd(from: place, limit: 3, \.isASCIIDigit)
        let minuteEnd = bytes.runEnd(from: min(hourEnd + 1, bytes.count), limit: 3, \.isASCIIDigit)
        guard (1...2).contains(hourEnd - place), bytes.byte(hourEnd) == 0x3A,
            minuteEnd - hourEnd == 3, var hour = number(place..<hourEnd),
            let minute = number((hourEnd + 1)..<minuteEnd), hour < 24, minute < 60
        else { return false }
        var end = minuteEnd
        var seconds: Int?
        let secondEnd = bytes.runEnd(from: min(end + 1, bytes.count), limit: 3, \.isASCIIDigit)
        if bytes.byte(end) == 0x3A, secondEnd - end == 3,
            let value = number((end + 1)..<secondEnd), value < 61
        {
            (seconds, end) = (value, secondEnd)
        }
        if hour <= 12, let half = half(at: bytes.byte(end) == 0x20 ? end + 1 : end) {
            hour = hour % 12 + (half.isAfternoon ? 12 : 0)
            end = half.end
        }
        add(.time, to: end, [.time(minutes: hour * 60 + minute, seconds: seconds)])
        return true
    }

    /// Which half of the day `am`, `pm`, `a.m.` or `p.m.` names.
    private func half(at start: Int) -> (isAfternoon: Bool, end: Int)? {
        guard let letter = bytes.byte(start)?.asciiLowered, "ap".utf8.contains(letter) else {
            return nil
        }
        let hasPoint = bytes.byte(start + 1) == UInt8(ascii: ".")
        var end = start + (hasPoint ? 3 : 2)
        guard bytes.byte(end - 1)?.asciiLowered == UInt8(ascii: "m") else { return nil }
        if let next = bytes.byte(end), next.isASCIIWord || next >= 0x80 { return nil }
        if hasPoint, bytes.byte(end) == UInt8(ascii: ".") { end += 1 }
        return (letter == UInt8(ascii: "p"), end)
    }

    private func number(_ range: Range<Int>) -> Int? {
        range.isEmpty ? nil : bytes[range].reduce(0) { $0 * 10 + $1.digitValue }
    }

    /// A number, an identifier, or a word that claims nothing.
    private mutating func readWord() {
        let end = identifierEnd()
        let token = bytes[place..<end]
        let digits = token.count(where: \.isASCIIDigit)
        guard digits > 0 else {
            place = end
            return
        }
        if bytes[place].isASCIIDigit,
            let number = WrittenNumber.read(bytes, at: place, spacesGroup: spacesGroup),
            isNumber(token, number)
        {
            let percents = number.isPercent ? number.readings.map(\.hundredth) : []
            add(.number, to: number.end, (number.readings + percents).map(ClaimForm.number))
            // A unit glued to the number is no claim: `500mg`.
            place = bytes.runEnd(from: place, \.isASCIILetter)
            return
        }
        add(.identifier, to: end, [ClaimForm(identifier: token)])
    }

    /// Whether a token that begins with a digit is a number, perhaps with a unit of letters.
    private func isNumber(_ token: ArraySlice<UInt8>, _ number: WrittenNumber) -> Bool {
        guard !number.readings.isEmpty else { return false }
        guard number.end < token.endIndex else { return true }
        let rest = token[number.end...]
        // A unit is short and of letters: `500mg`, `10km/h`; a range is two numbers: `10-20`.
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "/") {
            return rest.count <= 8
        }
        return rest.count <= 4 && !rest.contains(where: \.isASCIIDigit)
    }

    /// Letters and digits, joined by single hyphens, underscores, points, slashes or colons.
    private func identifierEnd() -> Int {
        var end = place
        while end < bytes.count {
            if bytes[end].isASCIIWord {
                end += 1
            } else if "-./:#".utf8.contains(bytes[end]),
                bytes.byte(end + 1)?.isASCIIAlphanumeric == true
            {
                end += 1
            } else {
                break
            }
        }
        return end
    }
}
