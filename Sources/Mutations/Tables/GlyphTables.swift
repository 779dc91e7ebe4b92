/// Tables of letters that look alike or carry marks.
enum GlyphTables {
    /// 36 Latin letters and digits with look-alikes of other scripts, by hand.
    static let homoglyphs: [Character: String] = [
        "a": "а", "b": "Ь", "c": "с", "d": "ԁ", "e": "е", "f": "ϝ", "g": "ɡ", "h": "һ", "i": "і",
        "j": "ϳ", "k": "𝒌", "l": "ⅼ", "m": "ｍ", "n": "ո", "o": "о", "p": "р", "q": "ԛ", "r": "ⲅ",
        "s": "ѕ", "t": "𝚝", "u": "ս", "v": "ѵ", "w": "ԝ", "x": "х", "y": "у", "z": "ᴢ", "0": "Ο",
        "1": "Ӏ", "3": "Ʒ", "5": "Ƽ", "6": "б", "8": "Ȣ", "A": "А", "E": "Е", "O": "О", "P": "Р",
    ]

    /// What a scanner takes for something else.
    static let scanned: [(right: String, wrong: String)] = [
        ("rn", "m"), ("cl", "d"), ("vv", "w"), ("m", "rn"), ("o", "0"), ("O", "0"), ("l", "1"),
        ("I", "l"), ("i", "1"), ("S", "5"), ("s", "5"), ("B", "8"), ("g", "9"), ("Z", "2"),
        ("C", "G"), ("e", "c"), ("h", "b"), ("t", "f"), ("u", "v"),
    ]

    /// Marks that are put above, below and through letters.
    static let zalgo: [String] = [
        "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{306}", "\u{307}", "\u{308}", "\u{30A}",
        "\u{30B}", "\u{30C}", "\u{30F}", "\u{311}", "\u{316}", "\u{317}", "\u{323}", "\u{324}",
        "\u{325}", "\u{330}", "\u{331}", "\u{334}", "\u{335}", "\u{336}", "\u{337}", "\u{338}",
    ]

    /// Small letters with a mark that a reader overlooks.
    static let diacritics: [Character: String] = [
        "a": "á", "c": "ç", "d": "ď", "e": "ë", "g": "ğ", "i": "î", "l": "ł", "n": "ñ", "o": "ö",
        "r": "ř", "s": "š", "t": "ť", "u": "ü", "y": "ý", "z": "ž",
    ]

    /// Leet digits.
    static let leet: [Character: String] = [
        "a": "4", "b": "8", "e": "3", "g": "9", "i": "1", "l": "1", "o": "0", "s": "5", "t": "7",
        "z": "2",
    ]
}
