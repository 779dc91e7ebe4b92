import Determinism
import Testing

@Suite("JSON parsing")
struct JSONParsingTests {
    @Test(
        "valid texts and their canonical forms",
        arguments: [
            ("null", "null"), ("true", "true"), (" false ", "false"), ("\t\r\n 0 \n", "0"),
            ("-0", "-0"), ("1.0", "1.0"), ("1E+2", "1E+2"), ("-1.5e-300", "-1.5e-300"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("[]", "[]"), ("{ }", "{}"), ("[ 1 , [ ] , { } ]", "[1,[],{}]"),
            (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#),
            (#"{"aa":1,"a":2,"B":3,"":4}"#, #"{"":4,"B":3,"a":2,"aa":1}"#),
            (#"{"😀":1,"\uffff":2}"#, "{\"\u{FFFF}\":2,\"😀\":1}"),
            (#""""#, #""""#), (#""\/""#, #""/""#), (#""a\u002fb""#, #""a/b""#),
            (#""\"\\\b\f\n\r\t""#, #""\"\\\b\f\n\r\t""#),
            (#""\u0000\u001F\u007f""#, "\"\\u0000\\u001f\u{7F}\""),
            (#""\ud83d\ude00""#, #""😀""#), (#""\uD800\uDC00""#, "\"\u{10000}\""),
            (#""\uDBFF\uDFFF""#, "\"\u{10FFFF}\""), (#""\u00e9é""#, #""éé""#),
            (#""\u2028""#, "\"\u{2028}\""), ("\"\u{2028}\u{2029}\"", "\"\u{2028}\u{2029}\""),
            (#""\ufeff""#, "\"\u{FEFF}\""),
            (#"{"\u0061":{"z":[{"y":1,"x":2}]}}"#, #"{"a":{"z":[{"x":2,"y":1}]}}"#),
        ])
    func valid(text: String, canonical: String) throws {
        let value = try JSONValue.parse(text: text)
        #expect(value.canonical() == Array(canonical.utf8))
        #expect(try JSONValue.parse(value.encoded()) == value)
        #expect(try JSONValue.parse(value.canonical()).canonical() == value.canonical())
    }

    @Test(
        "invalid texts, their codes and offsets",
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("\u{FEFF}1", .unexpectedByte, 0),
            ("nul", .unexpectedEnd, 3), ("nulL", .unexpectedByte, 3), ("True", .unexpectedByte, 0),
            ("NaN", .unexpectedByte, 0), ("'a'", .unexpectedByte, 0),
            ("// x\n1", .unexpectedByte, 0),
            ("1 2", .trailingBytes, 2), ("{}}", .trailingBytes, 2), ("nullx", .trailingBytes, 4),
            ("1\0", .trailingBytes, 1), ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2),
            ("-", .unexpectedEnd, 1), ("-a", .invalidNumber, 1), ("1.", .unexpectedEnd, 2),
            ("1.e1", .invalidNumber, 2), ("1e", .unexpectedEnd, 2), ("[1e+]", .invalidNumber, 4),
            ("1e+-1", .invalidNumber, 3), ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0),
            ("0x1", .trailingBytes, 1), ("-Infinity", .invalidNumber, 1), ("[", .unexpectedEnd, 1),
            ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("[1,]", .unexpectedByte, 3),
            ("[,1]", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3),
            ("[1}", .unexpectedByte, 2),
            ("]", .unexpectedByte, 0), ("{", .unexpectedEnd, 1), ("{1:2}", .unexpectedByte, 1),
            (#"{"a"}"#, .unexpectedByte, 4), (#"{"a":}"#, .unexpectedByte, 5),
            (#"{"a":1,}"#, .unexpectedByte, 7), (#"{"a":1 "b":2}"#, .unexpectedByte, 7),
            (#"{"a":1]"#, .unexpectedByte, 6), (#"{"a":1,"a":2}"#, .duplicateKey, 7),
            (#"{"a":1,"\u0061":2}"#, .duplicateKey, 7), (#"[{"":1, "":1}]"#, .duplicateKey, 8),
            (#""a"#, .unexpectedEnd, 2), (#""a\"#, .unexpectedEnd, 3),
            (#""\x""#, .invalidEscape, 1),
            (#""ab\'""#, .invalidEscape, 3), (#""\u12g4""#, .invalidEscape, 1),
            (#""\u12""#, .invalidEscape, 1), (#""\u12"#, .unexpectedEnd, 5),
            (#""\U0041""#, .invalidEscape, 1), (#""\ud800""#, .loneSurrogate, 1),
            (#""x\udc00""#, .loneSurrogate, 2), (#""\ud800x""#, .loneSurrogate, 1),
            (#""\ud800\n""#, .loneSurrogate, 1), (#""\ud800\ud800""#, .loneSurrogate, 1),
            (#""\ud800\u0041""#, .loneSurrogate, 1), (#""\ud800\uzzzz""#, .invalidEscape, 7),
            (#""\ud83d\"#, .unexpectedEnd, 8), ("\"a\nb\"", .controlCharacter, 2),
            ("\"\\n\0\"", .controlCharacter, 3), ("\"\u{1F}\"", .controlCharacter, 1),
            ("[\u{A0}1]", .unexpectedByte, 1), ("[1\u{C}]", .unexpectedByte, 2),
        ] as [(String, JSONError.Code, Int)])
    func invalid(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text: text) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
        #expect(error?.description.contains("byte \(offset)") == true)
    }

    @Test(
        "strings that are not UTF-8 are refused at the first bad byte",
        arguments: [
            ([0x80], 0), ([0x61, 0xBF], 1), ([0xC3], 0), ([0xC0, 0xAF], 0), ([0xC1, 0xBF], 0),
            ([0xE0, 0x80, 0xAF], 0), ([0xE0, 0x9F, 0xBF], 0), ([0xED, 0xA0, 0x80], 0),
            ([0x61, 0xED, 0xBF, 0xBF], 1), ([0xE2, 0x82], 0), ([0xF0, 0x8F, 0xBF, 0xBF], 0),
            ([0xF0, 0x9F, 0x98], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0),
            ([0xC3, 0xA9, 0xFF], 2), ([0xFE], 0), ([0xF0, 0x9F, 0x98, 0x80, 0x80], 4),
            ([0x5C, 0x6E, 0xFF], 2), ([0xC3, 0x5C, 0x75, 0x30, 0x30, 0x41, 0x39], 0),
            ([0xE2, 0x82, 0xAC, 0x5C, 0x6E, 0xA9], 5),
        ] as [([UInt8], Int)])
    func invalidUTF8(content: [UInt8], offset: Int) {
        let error = #expect(throws: JSONError.self) {
            try JSONValue.parse([0x5B, 0x22] + content + [0x22, 0x5D])
        }
        #expect(error?.code == .invalidUTF8)
        #expect(error?.offset == offset + 2)
    }

    @Test("all well-formed edges of UTF-8 pass")
    func validUTF8() throws {
        let text = "\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}"
        #expect(try JSONValue.parse(text: "\"\(text)\"") == .string(text))
        #expect(try JSONValue.parse(text: "\"\(text)\\n\"") == .string(text + "\n"))
    }

    @Test(
        "a name that comes twice is found in large objects as well",
        arguments: [2, 16, 17, 18, 400])
    func duplicates(count: Int) throws {
        var text = "{" + (0..<count).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSONValue.parse(text: text + "}").objectValue?.count == count)
        let offset = text.utf8.count + 1
        text += ",\"key\(count / 2)\":0}"
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text: text) }
        #expect(error?.code == .duplicateKey)
        #expect(error?.offset == offset)
    }

    @Test("names that are only canonically equivalent are two names", arguments: [0, 20])
    func equivalentNames(others: Int) throws {
        let rest = (0..<others).map { "\"\($0)\":0," }.joined()
        let value = try JSONValue.parse(text: "{\(rest)\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test("slices are read with offsets of their own")
    func slices() throws {
        let bytes = Array("xx[1,]yy".utf8)
        #expect(try JSONValue.parse(bytes[3..<4]) == 1)
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(bytes[2..<6]) }
        #expect(error?.offset == 3)
    }
}
