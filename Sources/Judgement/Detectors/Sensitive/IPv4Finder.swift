/// Finds addresses of IPv4: four numbers up to 255 that are no version and no section.
enum IPv4Finder {
    private static let versions = ContextWords([
        "version", "release", "build", "firmware", "driver", "sdk", "section", "chapter",
        "paragraph", "clause", "ver.", "v.", "§", "update", "chrome/", "safari/",
    ])
    private static let versionGap = 16

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            guard bytes[place].isASCIIWord else {
                place += 1
                continue
            }
            if let address = IPv4Address(bytes, at: place), isFree(bytes, place, address.end),
                !versions.occur(before: place, within: versionGap, in: bytes),
                sink.options.includesReservedAddresses || !address.isReserved
            {
                sink.add(.ipv4, place..<address.end, in: bytes)
                place = address.end
            } else {
                // Not only the word: the rest of `1.2.3.4.5` is no address either.
                place = bytes.runEnd(from: place) { $0.isASCIIWord || $0 == UInt8(ascii: ".") }
            }
        }
    }

    private static func isFree(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        if let previous = bytes.byte(start - 1), "-.+".utf8.contains(previous) { return false }
        guard let next = bytes.byte(end) else { return true }
        if next.isASCIIWord { return false }
        return !"-.+".utf8.contains(next) || bytes.byte(end + 1)?.isASCIIWord != true
    }
}

/// Four octets in decimal, without leading zeros.
struct IPv4Address {
    let octets: [Int]
    let end: Int

    init?(_ bytes: [UInt8], at start: Int) {
        var octets: [Int] = []
        var place = start
        while octets.count < 4 {
            if !octets.isEmpty {
                guard bytes.byte(place) == UInt8(ascii: ".") else { return nil }
                place += 1
            }
            let end = bytes.runEnd(from: place, limit: 4, \.isASCIIDigit)
            let value = bytes[place..<end].reduce(0) { $0 * 10 + $1.digitValue }
            guard (1...3).contains(end - place), value <= 255,
                end - place == 1 || bytes[place] != UInt8(ascii: "0")
            else { return nil }
            octets.append(value)
            place = end
        }
        self.octets = octets
        end = place
    }

    /// Addresses that name no one on the Internet; source: IANA, special-purpose registry.
    var isReserved: Bool {
        switch (octets[0], octets[1], octets[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): true
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _): true
        case (192, 0, 0), (192, 0, 2), (198, 18...19, _), (198, 51, 100), (203, 0, 113): true
        default: false
        }
    }
}
