/// Finds addresses of IPv6; without the option only those that are given out (2000::/3).
enum IPv6Finder {
    private static let lengthMax = 45

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            guard belongs(bytes[place]) else {
                place += 1
                continue
            }
            let end = bytes.runEnd(from: place, belongs)
            if end - place <= lengthMax, bytes.byte(end)?.isASCIIWord != true,
                bytes.byte(place - 1).map({ !$0.isASCIIWord && $0 != UInt8(ascii: "-") }) ?? true
            {
                match(bytes, place..<end, &sink)
            }
            place = end
        }
    }

    private static func belongs(_ byte: UInt8) -> Bool {
        byte.hexValue != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func match(_ bytes: [UInt8], _ run: Range<Int>, _ sink: inout SensitiveSink) {
        var range = run
        // The point or colon of a sentence; a colon before may stand behind a label.
        while let last = bytes.byte(range.upperBound - 1), range.count > 2,
            last == UInt8(ascii: ".") || (last == 0x3A && bytes[range.upperBound - 2] != 0x3A)
        {
            range = range.lowerBound..<(range.upperBound - 1)
        }
        guard let groups = groups(Array(bytes[range])),
            !isReserved(groups)
                || (sink.options.includesReservedAddresses
                    && bytes[range].contains(where: \.isASCIIDigit))
        else { return }
        sink.add(.ipv6, range, in: bytes)
    }

    /// Global unicast without documentation; source: IANA, IPv6 special-purpose registry.
    private static func isReserved(_ groups: [Int]) -> Bool {
        groups[0] >> 13 != 1 || (groups[0] == 0x2001 && groups[1] == 0xDB8)
            || (groups[0] == 0x3FFF && groups[1] < 0x1000)
    }

    /// Eight groups, with one `::` for zeros; the last two may be an address of IPv4 (RFC 4291).
    static func groups(_ text: [UInt8]) -> [Int]? {
        var parts: [[Int]] = [[]]
        var place = 0
        while place < text.count {
            if text.has([0x3A, 0x3A], at: place) {
                guard parts.count == 1 else { return nil }
                parts.append([])
                place += 2
                continue
            }
            if place > 0, text[place] == UInt8(ascii: ":") {
                guard text[place - 1] != UInt8(ascii: ":") else { return nil }
                place += 1
            }
            if let address = IPv4Address(text, at: place), address.end == text.count {
                let octets = address.octets
                parts[parts.count - 1] += [octets[0] << 8 | octets[1], octets[2] << 8 | octets[3]]
                place = address.end
                continue
            }
            let end = text.runEnd(from: place, limit: 5) { $0.hexValue != nil }
            guard (1...4).contains(end - place), end == text.count || text[end] == 0x3A else {
                return nil
            }
            parts[parts.count - 1].append(
                text[place..<end].reduce(0) { $0 << 4 | Int($1.hexValue ?? 0) })
            place = end
        }
        guard text.last != UInt8(ascii: ":") || text.has([0x3A, 0x3A], at: text.count - 2) else {
            return nil
        }
        let count = parts.reduce(0) { $0 + $1.count }
        guard parts.count == 2 ? count <= 7 : count == 8 else { return nil }
        guard parts.count == 2 else { return parts[0] }
        return parts[0] + Array(repeating: 0, count: 8 - count) + parts[1]
    }
}
