import Determinism
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test("literals build values in the order written")
    func literals() {
        let value: JSONValue = ["b": [1, -2, true, .null, "x"], "a": ["c": [:], "d": []]]
        #expect(value.encodedText() == #"{"b":[1,-2,true,null,"x"],"a":{"c":{},"d":[]}}"#)
    }

    @Test("accessors give a value of their kind and nil for others")
    func accessors() {
        #expect(JSONValue.string("x").stringValue == "x")
        #expect(JSONValue.number("1.50").numberText == "1.50")
        #expect(JSONValue.number("9223372036854775807").intValue == .max)
        #expect(JSONValue.number("9223372036854775808").intValue == nil)
        #expect(JSONValue.number("1.0").intValue == nil)
        #expect(JSONValue.int(.min).intValue == .min)
        #expect(JSONValue.bool(false).boolValue == false)
        #expect(JSONValue.array([1]).arrayValue == [1])
        #expect(JSONValue.object([JSONMember("a", 1)]).objectValue == [JSONMember("a", 1)])
        #expect(JSONValue.null.isNull)
        for value in [.null, true, 1, "1", [1], ["a": 1]] as [JSONValue] {
            let kinds = [
                value.stringValue != nil, value.numberText != nil, value.boolValue != nil,
                value.arrayValue != nil, value.objectValue != nil, value.isNull,
            ]
            #expect(kinds.count { $0 } == 1)
        }
    }

    @Test("members are replaced in place, appended and removed")
    func editMembers() {
        var value: JSONValue = ["a": 1, "b": ["c": [1, 2, 3]]]
        value["a"] = "new"
        value["z"] = .null
        value["b"]?["c"]?[1] = 20
        value["b"]?["c"]?[0] = nil
        value["b"]?["c"]?[7] = 1
        #expect(value.encodedText() == #"{"a":"new","b":{"c":[20,3]},"z":null}"#)
        value["a"] = nil
        value["absent"] = nil
        #expect(value.encodedText() == #"{"b":{"c":[20,3]},"z":null}"#)
        var text: JSONValue = "text"
        text["a"] = 1
        text[0] = 1
        #expect(text == "text")
    }

    // Source: RFC 6901, section 5.
    @Test(
        "JSON pointers of the RFC, and what they refuse",
        arguments: [
            ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"),
            ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), (#"/i\j"#, "5"), (#"/k"l"#, "6"),
            ("/ ", "7"), ("/m~0n", "8"), ("/foo/2", nil), ("/foo/-", nil), ("/foo/00", nil),
            ("/foo/+1", nil), ("/foo/-1", nil), ("foo", nil), ("/m~n", nil), ("/m~", nil),
            ("/foo/0/x", nil), ("/absent", nil), ("//", nil),
        ] as [(String, String?)])
    func pointers(pointer: String, result: String?) throws {
        let document = try JSONValue.parse(
            text: #"""
                {"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,
                "m~n":8}
                """#)
        #expect(document[pointer: pointer]?.encodedText() == result)
        #expect(document[pointer: ""] == document)
    }

    @Test("equality is that of the text")
    func equality() {
        #expect(JSONValue.number("1.0") != .number("1"))
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(JSONValue.string("\u{E9}") == .string("é"))
        #expect(JSONValue.string("1") != .number("1"))
        #expect((["a": 1, "b": 2] as JSONValue) != ["b": 2, "a": 1])
        let left: JSONValue = ["a": 1, "b": [2, 3]]
        let right: JSONValue = ["b": [2, 3], "a": 1]
        #expect(left.canonical() == right.canonical())
        #expect(Set([left, right, left]).count == 2)
    }

    // Expected texts: json.dumps of CPython 3.
    @Test("Python's spellings")
    func python() {
        let value: JSONValue = [
            "a": [1, .number("2.5"), .string("é\u{2028}\u{7F}\0\u{8}\"\\/😀")], "b": [:], "c": [],
        ]
        let list = #"[1, 2.5, "\u00e9\u2028\u007f\u0000\b\"\\/\ud83d\ude00"]"#
        #expect(value.pythonStyle() == #"{"a": "# + list + #", "b": {}, "c": []}"#)
        let rawList = "[1, 2.5, \"é\u{2028}\u{7F}\\u0000\\b\\\"\\\\/😀\"]"
        #expect(value.pythonStyleRaw() == #"{"a": "# + rawList + #", "b": {}, "c": []}"#)
    }

    @Test("the canonical form sorts by bytes, and keeps the order of equal names")
    func canonicalOrder() {
        let names = ["b", "\u{FFFF}", "a", "😀", "B", "a", "aa", ""]
        let value = JSONValue.object(
            names.enumerated().map { JSONMember($0.element, .int(Int64($0.offset))) })
        #expect(
            value.canonicalText()
                == "{\"\":7,\"B\":4,\"a\":2,\"a\":5,\"aa\":6,\"b\":0,\"\u{FFFF}\":1,\"😀\":3}")
    }

    @Test("every control character has one canonical escape")
    func controls() throws {
        for code in UInt8(0)..<0x20 {
            let value = JSONValue.string(String(Unicode.Scalar(code)))
            #expect(try JSONValue.parse(value.canonical()) == value)
            #expect(value.canonical().count == ([8, 9, 10, 12, 13].contains(code) ? 4 : 8))
        }
    }
}
