/// Letters for signs and words: Morse, Braille, the spelling alphabet and pig Latin.
enum Alphabets {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    private static let morseCodes = """
        .- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- \
        .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.
        """.split(separator: " ").map(String.init)
    private static let natoWords = """
        Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November \
        Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey Xray Yankee Zulu Zero One Two \
        Three Four Five Six Seven Eight Nine
        """.split(separator: " ").map(String.init)
    private static let brailleCells = Array("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵").map(String.init)
    private static let marks: [Character: String] = [
        ".": ".-.-.-", ",": "--..--", "?": "..--..", "'": ".----.", "!": "-.-.--", "/": "-..-.",
        ":": "---...", "=": "-...-", "+": ".-.-.", "-": "-....-", "\"": ".-..-.", "@": ".--.-.",
    ]

    /// International Morse of ITU-R M.1677; words are told apart by a slash.
    static func morse(_ text: String) -> String {
        words(of: text).map { word in
            word.map { code(of: $0, in: morseCodes) ?? marks[$0] ?? String($0) }
                .joined(separator: " ")
        }.joined(separator: " / ")
    }

    /// The spelling alphabet of ICAO and NATO, a word a letter.
    static func nato(_ text: String) -> String {
        words(of: text).map { word in
            word.map { code(of: $0, in: natoWords) ?? String($0) }.joined(separator: " ")
        }.joined(separator: " / ")
    }

    /// Grade 1 Braille; a number sign stands before digits.
    static func braille(_ text: String) -> String {
        var result = ""
        var isNumber = false
        for cluster in text {
            if let digit = cluster.isASCII ? cluster.wholeNumberValue : nil {
                if !isNumber { result += "⠼" }
                isNumber = true
                // The digits 1 to 9 and 0 are the cells of a to j.
                result += brailleCells[(digit + 9) % 10]
                continue
            }
            isNumber = false
            let small = Character(cased: cluster.lowercased()) ?? cluster
            if cluster.isASCII, cluster.isUppercase { result += "⠠" }
            result += code(of: small, in: brailleCells) ?? (cluster == " " ? "⠀" : String(cluster))
        }
        return result
    }

    /// The first consonants behind the rest, then `ay`; `way` behind a vowel.
    static func pigLatin(_ text: String) -> String {
        let clusters = Array(text)
        var result = ""
        var place = 0
        while place < clusters.count {
            guard isLatin(clusters[place]) else {
                result.append(clusters[place])
                place += 1
                continue
            }
            let end = clusters[place...].firstIndex { !isLatin($0) } ?? clusters.count
            result += pigLatin(word: clusters[place..<end])
            place = end
        }
        return result
    }

    private static func pigLatin(word: ArraySlice<Character>) -> String {
        let lower = word.map { Character(cased: $0.lowercased()) ?? $0 }
        let head = lower.enumerated().prefix { place, letter in
            !"aeiou".contains(letter) && !(letter == "y" && place > 0)
        }.count
        let moved = String(lower.dropFirst(head)) + String(lower.prefix(head))
        let whole = moved + (head == 0 ? "way" : "ay")
        return WordTable.cased(whole, like: String(word))
    }

    private static func isLatin(_ cluster: Character) -> Bool {
        cluster.isASCII && cluster.isLetter
    }

    private static func words(of text: String) -> [[Character]] {
        text.split(whereSeparator: \.isWhitespace).map { word in
            word.map { Character(cased: $0.lowercased()) ?? $0 }
        }
    }

    private static func code(of letter: Character, in codes: [String]) -> String? {
        letters.firstIndex(of: letter).flatMap { codes.indices.contains($0) ? codes[$0] : nil }
    }
}
