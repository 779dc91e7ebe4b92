/// Unicode normal forms for Latin letters with one mark, full-width forms and ligatures.
///
/// The standard library has no public way to them. Covered: the composed letters of Latin-1 and
/// Latin Extended-A; anything else comes through as it is.
enum Normalization {
    /// Letters with a mark: the mark, then the base letters and the composed ones in step.
    static let marks: [(mark: Unicode.Scalar, bases: String, composed: String)] = [
        ("\u{300}", "AEIOUaeiouNn", "ÀÈÌÒÙàèìòùǸǹ"),
        ("\u{301}", "AEIOUYaeiouyCcLlNnRrSsZz", "ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹź"),
        ("\u{302}", "AEIOUaeiouCcGgHhJjSsWwYy", "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷ"),
        ("\u{303}", "ANOanoIiUu", "ÃÑÕãñõĨĩŨũ"), ("\u{304}", "AaEeIiOoUu", "ĀāĒēĪīŌōŪū"),
        ("\u{306}", "AaEeGgIiOoUu", "ĂăĔĕĞğĬĭŎŏŬŭ"), ("\u{307}", "CcEeGgIZz", "ĊċĖėĠġİŻż"),
        ("\u{308}", "AEIOUaeiouyY", "ÄËÏÖÜäëïöüÿŸ"), ("\u{30A}", "AaUu", "ÅåŮů"),
        ("\u{30B}", "OoUu", "ŐőŰű"),
        ("\u{30C}", "CcDdEeLlNnRrSsTtZz", "ČčĎďĚěĽľŇňŘřŠšŤťŽž"),
        ("\u{327}", "CcGgKkLlNnRrSsTt", "ÇçĢģĶķĻļŅņŖŗŞşŢţ"), ("\u{328}", "AaEeIiUu", "ĄąĘęĮįŲų"),
    ]

    /// Signs with a plain reading, which the compatibility forms take.
    static let compatible: [Character: String] = [
        "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "…": "...",
        "™": "TM", "№": "No", "²": "2", "³": "3", "¹": "1", "\u{A0}": " ", "\u{3000}": " ",
        "½": "1\u{2044}2", "¼": "1\u{2044}4", "¾": "3\u{2044}4", "ª": "a", "º": "o", "℃": "°C",
        "ℓ": "l", "Ⅳ": "IV", "①": "1", "②": "2", "③": "3",
    ]

    private typealias Pair = (base: Unicode.Scalar, mark: Unicode.Scalar, whole: String)

    private static let composedPairs: [Pair] =
        marks.flatMap { row in
            zip(row.bases.unicodeScalars, row.composed.unicodeScalars).map {
                ($0, row.mark, String(Character($1)))
            }
        }

    private static let decomposed: [Unicode.Scalar: [Unicode.Scalar]] = Dictionary(
        composedPairs.compactMap { pair in
            pair.whole.unicodeScalars.first.map { ($0, [pair.base, pair.mark]) }
        }, uniquingKeysWith: { first, _ in first })

    private static let composed: [[Unicode.Scalar]: String] = Dictionary(
        composedPairs.map { ([$0.base, $0.mark], $0.whole) },
        uniquingKeysWith: { first, _ in first })

    /// A cluster in canonically decomposed form.
    static func decompose(_ cluster: Character) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in cluster.unicodeScalars {
            scalars.append(contentsOf: decomposed[scalar] ?? [scalar])
        }
        return String(scalars)
    }

    /// A cluster in canonically composed form: a letter and its only mark become one.
    static func compose(_ cluster: Character) -> String {
        composed[Array(cluster.unicodeScalars)] ?? String(cluster)
    }

    /// A cluster in its plain reading.
    static func simplify(_ cluster: Character) -> String {
        if let plain = compatible[cluster] { return plain }
        guard let scalar = cluster.unicodeScalars.first, cluster.unicodeScalars.count == 1,
            (0xFF01...0xFF5E).contains(scalar.value),
            let plain = Unicode.Scalar(scalar.value - 0xFEE0)
        else { return String(cluster) }
        return String(Character(plain))
    }

    /// A printable ASCII cluster in full width.
    static func widen(_ cluster: Character) -> String {
        guard let value = cluster.asciiValue, (0x21...0x7E).contains(value),
            let wide = Unicode.Scalar(UInt32(value) + 0xFEE0)
        else { return String(cluster) }
        return String(Character(wide))
    }
}
