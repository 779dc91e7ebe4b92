import Determinism
import Testing

@Suite("JSON under hostile input")
struct JSONHostileTests {
    static let sample = Array(
        #"{"id":"c\u00e9\ud83d\ude00","n":[-1.5e+3,0,true,null,false],"é":{"a b":"\n€","":[]}}"#
            .utf8)

    @Test("a depth bomb is refused at the limit", arguments: ["[", "{\"a\":", "[{\"\":"])
    func depthBomb(piece: String) {
        let bytes = Array(repeating: Array(piece.utf8), count: 1_000_000 / piece.utf8.count)
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(Array(bytes.joined())) }
        #expect(error?.code == .depthLimit)
    }

    @Test("a million open brackets are refused at the one beyond the limit")
    func depthOffset() {
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        let standard = #expect(throws: JSONError.self) { try JSONValue.parse(bomb) }
        #expect(standard?.offset == 128)
        let unlimited = JSONLimits(depthMax: .max)
        let ceiling = #expect(throws: JSONError.self) {
            try JSONValue.parse(bomb, limits: unlimited)
        }
        #expect(ceiling?.code == .depthLimit)
        #expect(ceiling?.offset == JSONLimits.depthCeiling)
    }

    @Test("the deepest allowed value is read, written and compared")
    func deepest() throws {
        let depth = JSONLimits.standard.depthMax
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let value = try JSONValue.parse(text: text)
        #expect(value.canonicalText() == text)
        #expect(
            try JSONValue.parse(text: "[[],[[]]]", limits: JSONLimits(depthMax: 3)) == [[], [[]]])
    }

    @Test("a text beyond the size limit is refused before it is read")
    func size() throws {
        let limits = JSONLimits(bytesMax: 4)
        #expect(try JSONValue.parse(text: "[12]", limits: limits) == [12])
        let error = #expect(throws: JSONError.self) {
            try JSONValue.parse(text: "[123]", limits: limits)
        }
        #expect(error?.code == .sizeLimit)
        #expect(error?.offset == 4)
    }

    @Test("a document cut at any byte is an error inside of what is left")
    func truncation() throws {
        #expect(try JSONValue.parse(Self.sample).objectValue?.count == 3)
        for length in Self.sample.indices {
            let error = #expect(throws: JSONError.self) {
                try JSONValue.parse(Self.sample[..<length])
            }
            #expect((error?.offset ?? .max) <= length)
        }
    }

    @Test("what survives 10,000 random edits is read, written and read again as the same value")
    func mutations() throws {
        let interesting =
            Array(#"{}[]",:\u0eE+-.1 tfn/"#.utf8) + [0, 0x1F, 0x80, 0xC3, 0xED, 0xF4, 0xFF]
        var survivors = 0
        for edit in 0..<UInt64(10_000) {
            let random = KeyedRandom(seed: Seed(2026), callID: edit, take: 1, attempt: 1)
            var bytes = Self.sample
            for step in UInt16(0)..<UInt16(1 + random.below(2, .order)) {
                let place = Int(random.below(UInt64(bytes.count), .position, lane: step))
                let choice = random.below(UInt64(interesting.count), .content, lane: step)
                switch random.below(3, .parameter, lane: step) {
                case 0: bytes[place] = interesting[Int(choice)]
                case 1: bytes.insert(interesting[Int(choice)], at: place)
                default: bytes.remove(at: place)
                }
            }
            do {
                let value = try JSONValue.parse(bytes)
                survivors += 1
                let again = try JSONValue.parse(value.encoded())
                let canonical = try JSONValue.parse(value.canonical())
                if again != value || canonical.canonical() != value.canonical() {
                    Issue.record("edit \(edit) of seed 2026 does not round-trip")
                }
            } catch {
                if !(0...bytes.count).contains(error.offset) {
                    Issue.record("edit \(edit) of seed 2026 is refused outside of its bytes")
                }
            }
        }
        // Both sides must have been exercised for the property to mean anything.
        #expect((500...9_500).contains(survivors))
    }
}
