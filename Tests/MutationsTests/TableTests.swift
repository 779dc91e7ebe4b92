import Testing

@testable import Mutations

@Suite("The tables of the mutations")
struct TableTests {
    @Test("the word tables are as large as the documentation says")
    func sizes() {
        #expect(WordTable.synonyms.count >= 150)
        #expect(WordTable.antonyms.count >= 150)
        #expect(WordTable.hypernyms.count >= 150)
        #expect(WordTable.misspellings.count >= 100)
        #expect(GlyphTables.homoglyphs.count == 36)
        #expect(PhraseBanks.languages.count == 20)
        #expect(PhraseBanks.languages.allSatisfy { $0.words.count == PhraseBanks.glueWords.count })
    }

    @Test(
        "a word is looked up in any case and in the plural",
        arguments: [
            ("buy", "purchase"), ("Buy", "Purchase"), ("BUY", "PURCHASE"), ("shops", "stores"),
            ("as", nil), ("unheard", nil), ("", nil), ("s", nil),
        ])
    func lookUp(word: String, wanted: String?) {
        #expect(WordTable.synonyms.other(for: word) == wanted)
    }

    @Test("a homoglyph is one cluster and another one than its letter")
    func homoglyphs() {
        for (letter, other) in GlyphTables.homoglyphs {
            #expect(other.count == 1, "\(letter)")
            #expect(other != String(letter))
            #expect(other.unicodeScalars.allSatisfy { !$0.isASCII })
        }
    }

    @Test("letters of the composed table are canonically equal to base and mark")
    func composed() {
        for row in Normalization.marks {
            #expect(row.bases.unicodeScalars.count == row.composed.unicodeScalars.count)
            for (base, whole) in zip(row.bases.unicodeScalars, row.composed.unicodeScalars) {
                var scalars = String.UnicodeScalarView()
                scalars.append(base)
                scalars.append(row.mark)
                #expect(String(scalars) == String(Character(whole)), "\(whole)")
                let parts = Normalization.decompose(Character(whole))
                #expect(Array(parts.unicodeScalars) == [base, row.mark])
                let joined = Normalization.compose(Character(String(scalars)))
                #expect(Array(joined.unicodeScalars) == [whole])
            }
        }
    }

    @Test("every composed letter of Latin-1 and Latin Extended-A is covered")
    func covered() {
        let plain = "ÆÐ×ØÞßæð÷øþĐđĦħıĲĳĸĿŀŁłŉŊŋŒœŦŧſ".unicodeScalars
        for value in UInt32(0xC0)...0x17F {
            guard let scalar = Unicode.Scalar(value), !plain.contains(scalar) else { continue }
            let parts = Normalization.decompose(Character(scalar)).unicodeScalars
            #expect(parts.count == 2, "U+\(String(value, radix: 16)) \(scalar)")
        }
    }

    @Test("compatibility forms read plain")
    func compatible() {
        #expect("oﬃce Ｆｕｌｌ～ ①".map { Normalization.simplify($0) }.joined() == "office Full~ 1")
        #expect(Normalization.widen("A") == "Ａ")
        #expect(Normalization.widen("é") == "é")
        #expect(Normalization.widen(" ") == " ")
    }

    @Test("each letter of the font has five lines of five")
    func font() {
        #expect(BlockFont.sizes == Array(repeating: 25, count: 26))
        #expect(
            BlockFont.drawn("Il")
                == "##### #....\n..#.. #....\n..#.. #....\n..#.. #....\n##### #####")
        #expect(BlockFont.drawn("1") == "\n\n\n\n")
    }

    @Test(
        "neighbours lie around a key, in its case",
        arguments: [
            ("g", ["f", "h", "t", "y", "v", "b"]), ("Q", ["W", "A"]), ("ß", []), ("7", []),
        ] as [(Character, [String])])
    func neighbours(letter: Character, wanted: [String]) {
        #expect(Set(KeyboardLayout.qwerty.neighbours(of: letter)) == Set(wanted))
    }

    @Test(
        "numbers are written in other notations",
        arguments: [
            ("1250000", "1,250,000 1.250.000 1.25e6 nil"),
            ("$1,250.5", "$1,250.5 $1.250,5 nil nil"),
            ("42", "42 42 4.2e1 forty-two"), ("100000", "100,000 100.000 1e5 one hundred thousand"),
            ("1017", "1,017 1.017 1.017e3 one thousand seventeen"), ("007", "007 007 nil nil"),
        ])
    func numbers(text: String, wanted: String) throws {
        let number = try #require(PlainNumber(Array(text)[...]))
        let forms = [
            number.written(groupedBy: ",", point: "."), number.written(groupedBy: ".", point: ","),
            number.scientific ?? "nil", number.words ?? "nil",
        ]
        #expect(forms.joined(separator: " ") == wanted)
    }

    @Test(
        "dates, times and broken numbers are no plain numbers",
        arguments: [
            "2031-04-28", "10:30", "1,25", "1.2.3", ".", "", "$", "%", "1,2345", "٣", "1.", ",1",
        ])
    func noNumbers(text: String) {
        #expect(PlainNumber(Array(text)[...]) == nil)
    }

    @Test("units convert without a rest")
    func units() throws {
        let number = try #require(PlainNumber(Array("12.5")[...]))
        #expect(number.times(1_609_344, decimals: 6) == "20.1168")
        let huge = try #require(PlainNumber(Array("9999999999999999")[...]))
        #expect(huge.times(1_609_344, decimals: 6) == nil)
    }
}
