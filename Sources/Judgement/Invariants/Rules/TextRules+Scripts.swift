/// A script, by the blocks that hold its letters.
struct Script: Sendable {
    let name: String
    let ranges: [ClosedRange<UInt32>]

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) }
    }

    static let latin = Script(
        name: "latin",
        ranges: [
            0x41...0x5A, 0x61...0x7A, 0xAA...0xAA, 0xBA...0xBA, 0xC0...0x24F, 0x250...0x2AF,
            0x1D00...0x1D25, 0x1E00...0x1EFF, 0x2C60...0x2C7F, 0xA720...0xA7FF, 0xAB30...0xAB64,
            0xFB00...0xFB06, 0xFF21...0xFF3A, 0xFF41...0xFF5A,
        ])

    private static let han: [ClosedRange<UInt32>] = [
        0x3005...0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF,
    ]

    /// In the order of the documentation; Japanese and Korean texts may hold Han characters.
    static let all = [
        latin,
        Script(name: "cyrillic", ranges: [0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF]),
        Script(name: "greek", ranges: [0x370...0x3FF, 0x1F00...0x1FFF]),
        Script(
            name: "arabic",
            ranges: [
                0x600...0x6FF, 0x750...0x77F, 0x8A0...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFF,
            ]),
        Script(name: "hebrew", ranges: [0x590...0x5FF, 0xFB1D...0xFB4F]),
        Script(name: "devanagari", ranges: [0x900...0x97F, 0xA8E0...0xA8FF]),
        Script(name: "thai", ranges: [0xE00...0xE7F]),
        Script(name: "han", ranges: han),
        Script(
            name: "japanese",
            ranges: han + [0x3040...0x309F, 0x30A0...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D]),
        Script(
            name: "korean",
            ranges: han + [
                0x1100...0x11FF, 0x3130...0x318F, 0xA960...0xA97F, 0xAC00...0xD7FF,
            ]),
    ]
}

/// Text that was UTF-8 and was read as Latin-1 or Windows-1252.
enum Mojibake {
    /// What Windows-1252 has in place of the controls 0x80 to 0x9F.
    private static let windows: Set<UInt32> = [
        0x20AC, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152,
        0x17D, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161,
        0x203A, 0x153, 0x17E, 0x178,
    ]

    /// The first place with its surroundings; nil where there is none.
    static func first(in scalars: [Unicode.Scalar]) -> String? {
        let place = scalars.indices.first { isBroken(scalars, at: $0) }
        guard let place else { return nil }
        let shown = scalars[max(0, place - 20)..<min(scalars.count, place + 20)]
        return String(String.UnicodeScalarView(shown))
    }

    private static func isBroken(_ scalars: [Unicode.Scalar], at place: Int) -> Bool {
        let value = scalars[place].value
        if value == 0xFFFD { return true }
        guard value == 0xC2 || value == 0xC3 || value == 0xE2, place + 1 < scalars.count else {
            return false
        }
        let next = scalars[place + 1].value
        // Three bytes, as of dashes and quotes: `â€”`.
        if value == 0xE2 {
            return (next == 0x20AC || next == 0x80) && place + 2 < scalars.count
                && isTrail(scalars[place + 2].value)
        }
        // A word in capitals may end in such a letter before a quotation mark.
        let isInCapitals = place > 0 && scalars[place - 1].properties.isUppercase
        return isTrail(next) && !isInCapitals
    }

    /// Whether it stands for a byte that goes on with a character.
    private static func isTrail(_ value: UInt32) -> Bool {
        (0x80...0xBF).contains(value) || windows.contains(value)
    }
}
