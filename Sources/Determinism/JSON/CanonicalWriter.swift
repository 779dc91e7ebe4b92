/// Writes canonical JSON piece by piece, where a tree of values would cost more than its bytes.
///
/// Whoever writes an object writes its members in the order of the UTF-8 bytes of their names.
package struct CanonicalWriter: Sendable {
    private static let lengthRoom = [UInt8](repeating: 0, count: 8)
    private static let digitsMax = 20

    /// What was written.
    package private(set) var bytes: [UInt8] = []

    /// Creates a writer that has written nothing.
    package init() {}

    /// Writes bytes as they are.
    package mutating func write(_ piece: [UInt8]) {
        bytes.append(contentsOf: piece)
    }

    /// Writes the bytes of a text as they are.
    package mutating func write(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes a value.
    package mutating func write(_ value: JSONValue) {
        write(value.canonical())
    }

    /// Writes a whole number.
    package mutating func write(number: Int64) {
        bytes.append(addingCapacity: CanonicalWriter.digitsMax) { out in
            CanonicalWriter.put(number, into: &out)
        }
    }

    /// Writes a form with its numbers; at once, since a run has many events of the same form.
    package mutating func write(
        _ form: CanonicalForm, _ one: Int64, _ two: Int64, _ three: Int64, _ four: Int64
    ) {
        let room = form.text.count + 4 * CanonicalWriter.digitsMax
        bytes.append(addingCapacity: room) { out in
            let (text, ends) = (form.text, form.ends)
            func put(_ range: Range<Int>) {
                for place in range { out.append(text[place]) }
            }
            put(0..<ends.0)
            CanonicalWriter.put(one, into: &out)
            put(ends.0..<ends.1)
            CanonicalWriter.put(two, into: &out)
            put(ends.1..<ends.2)
            CanonicalWriter.put(three, into: &out)
            put(ends.2..<ends.3)
            CanonicalWriter.put(four, into: &out)
            put(ends.3..<text.count)
        }
    }

    @inline(__always)
    private static func put(_ number: Int64, into out: inout OutputSpan<UInt8>) {
        if number < 0 { out.append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        var width = 1
        if rest >= packedMax {
            putDigits(of: rest / packedMax, width: 1, into: &out)
            rest %= packedMax
            width = 16
        }
        putDigits(of: rest, width: width, into: &out)
    }

    /// The first number that has more digits than a word has halves of bytes.
    private static let packedMax: UInt64 = 10_000_000_000_000_000

    /// Digits come from the last to the first, so they are kept in halves of bytes meanwhile.
    @inline(__always)
    private static func putDigits(
        of number: UInt64, width: Int, into out: inout OutputSpan<UInt8>
    ) {
        var rest = number
        var packed: UInt64 = 0
        var count = 0
        while rest > 0 || count < width {
            packed = packed << 4 | rest % 10
            rest /= 10
            count += 1
        }
        for _ in 0..<count {
            out.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: packed & 15))
            packed >>= 4
        }
    }

    /// Writes a text as a JSON string.
    package mutating func write(string text: String) {
        guard !text.utf8.contains(where: JSONWriter.isEscaped) else {
            write(.string(text))
            return
        }
        bytes.append(UInt8(ascii: "\""))
        write(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a digest as a JSON string of hexadecimal digits.
    package mutating func write(_ digest: Digest) {
        write(hexadecimal: digest.words)
    }

    /// Writes words as a JSON string of 16 hexadecimal digits each.
    package mutating func write(hexadecimal words: [UInt64]) {
        bytes.append(addingCapacity: 2 + 16 * words.count) { out in
            out.append(UInt8(ascii: "\""))
            for word in words {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    out.append(hexDigit(UInt32(truncatingIfNeeded: word >> shift) & 15))
                }
            }
            out.append(UInt8(ascii: "\""))
        }
    }

    // MARK: Strings of bytes

    /// Begins a string of bytes: room for its length, little-endian, which `setLength` fills in.
    mutating func beginString() {
        bytes.append(contentsOf: CanonicalWriter.lengthRoom)
    }

    /// Writes the length of the string of bytes that begins at a place and goes to the end.
    mutating func setLength(at start: Int) {
        var length = bytes.count - start - CanonicalWriter.lengthRoom.count
        var place = start
        while length > 0 {
            bytes[place] = UInt8(truncatingIfNeeded: length)
            length >>= 8
            place += 1
        }
    }

    /// Forgets what was written.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }
}

/// The bytes between the numbers of a piece of canonical JSON that holds four of them.
package struct CanonicalForm: Sendable {
    let text: [UInt8]
    /// Where each number stands.
    let ends: (Int, Int, Int, Int)

    /// Creates a form from what stands before, between and after the numbers.
    package init(
        _ first: String, _ second: String, _ third: String, _ fourth: String, _ last: String
    ) {
        text = Array((first + second + third + fourth + last).utf8)
        let one = first.utf8.count
        let two = one + second.utf8.count
        let three = two + third.utf8.count
        ends = (one, two, three, three + fourth.utf8.count)
    }
}
