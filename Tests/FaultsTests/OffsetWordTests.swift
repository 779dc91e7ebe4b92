import Cassette
import Determinism
import Testing
import WireProtocols

@testable import Faults

@Suite("Places by name")
struct OffsetWordTests {
    static let range: ClosedRange<Int64> = 1...9

    /// A stream with two texts, a tool call in two pieces, a finish and a terminator.
    static var stream: Delivery {
        let texts = [
            Sample.event("<"), Sample.event("A"), Sample.event("é"), SemanticFaultTests.call,
            SemanticFaultTests.piece, SemanticFaultTests.finish, Sample.event("."),
        ]
        var stream = Sample.stream("<ABCD>.")
        for (place, text) in texts.enumerated() { stream.body[place].bytes = Array(text.utf8) }
        return stream
    }

    static func place(
        _ word: OffsetWord, _ unit: PlaceUnit, _ range: ClosedRange<Int64>,
        domain: ClosedRange<Int64> = 0...1 << 40
    ) -> Int64? {
        let spec = ParameterSpec(
            "at", .integer(domain), default: .drawn { _, _ in range }, "x", counting: unit)
        return word.place(in: range, of: spec, stream, Sample.model)
    }

    @Test(
        "a word stands for a number of what is counted",
        arguments: [
            (.first, .other, 1), (.middle, .other, 5), (.last, .other, 9),
            (.beforeTerminator, .events, 5), (.insideToolArguments, .events, 5),
            // The call opens as the third content event and is filled by the fourth.
            (.beforeTerminator, .contentEvents, 4), (.insideToolArguments, .contentEvents, 4),
        ] as [(OffsetWord, PlaceUnit, Int64)])
    func numbers(word: OffsetWord, unit: PlaceUnit, expected: Int64) {
        #expect(Self.place(word, unit, Self.range) == expected)
    }

    @Test("bytes are counted up to the place, or into it")
    func bytes() throws {
        let bytes = Self.stream.bodyBytes
        let wide: ClosedRange<Int64> = 0...Int64(bytes.count)
        let end = try #require(Self.place(.beforeTerminator, .bytes, wide))
        let rest = String(decoding: bytes[Int(end)...], as: UTF8.self)
        #expect(rest == SemanticFaultTests.finish + Sample.event("."))
        let inside = try #require(Self.place(.insideToolArguments, .bytes, wide))
        #expect(inside < end && inside > end - Int64(SemanticFaultTests.piece.utf8.count))
        let character = try #require(Self.place(.insideCharacter, .bytes, wide))
        #expect(bytes[Int(character)] & 0xC0 == 0x80)
    }

    @Test("what the answer does not have, or the parameter does not take, is no place")
    func none() {
        #expect(Self.place(.insideCharacter, .events, Self.range) == nil)
        #expect(Self.place(.beforeTerminator, .other, Self.range) == nil)
        #expect(Self.place(.beforeTerminator, .events, 6...9) == 5)
        #expect(Self.place(.beforeTerminator, .events, 6...9, domain: 6...9) == nil)
    }

    @Test(
        "first, middle and last lie in the domain too",
        arguments: [
            (.first, 3...6, 3), (.middle, 3...6, 4), (.last, 3...6, 6), (.first, 20...30, nil),
            (.middle, 20...30, nil), (.last, 20...30, nil),
        ] as [(OffsetWord, ClosedRange<Int64>, Int64?)])
    func clamped(word: OffsetWord, domain: ClosedRange<Int64>, expected: Int64?) {
        #expect(Self.place(word, .other, Self.range, domain: domain) == expected)
    }

    @Test("arguments in an event that is not counted have no number")
    func uncounted() {
        // The piece with the arguments comes first, behind a byte order mark: it cannot be moved.
        var marked = Self.stream
        marked.body.removeFirst(4)
        marked.body[0].bytes.insert(contentsOf: [0xEF, 0xBB, 0xBF], at: 0)
        let spec = ParameterSpec(
            "at", .integer(0...9), default: .drawn { _, _ in 1...9 }, "x", counting: .contentEvents)
        let word = OffsetWord.insideToolArguments
        #expect(word.place(in: 1...9, of: spec, marked, Sample.model) == nil)
    }

    @Test("a plan holds the number; two seeds agree on a word")
    func expansion() throws {
        let entry = FaultEntry(fault: "model-fault", settings: [("delay_ms", .word(.last))])
        let plan = try ExpansionFixture.expand([entry]).plan
        #expect(
            plan.faults.map { $0.parameters.integer("delay_ms") } == [1_000, 1_000, 1_000, 1_000])
    }

    @Test("a word stands for no parameter that is not a place")
    func refused() throws {
        let error = try #require(throws: ExpansionError.self) {
            try ExpansionFixture.expand([
                FaultEntry(fault: "model-fault", settings: [("word", .word(.last))])
            ])
        }
        #expect(error.description.contains("must be one of 500, 502, was last"), "\(error)")
    }

    @Test(
        "calls are selected by route and by protocol",
        arguments: [
            ("POST /refunds", nil, 1), ("/orders/*", nil, 2), (nil, "http", 3),
            (nil, "openai-chat", 4), ("/orders/*", "openai-chat", 0), (nil, "mcp", 0),
        ] as [(String?, String?, Int)])
    func selectors(route: String?, wire: String?, count: Int) throws {
        var selector = Selector()
        selector.route = route
        selector.wireProtocol = wire
        let result = try ExpansionFixture.expand([FaultEntry(fault: "plain", selector: selector)])
        #expect(result.plan.faults.count == count)
    }
}
