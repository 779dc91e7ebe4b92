import Cassette
import Testing

@testable import Importers

@Suite("Limits of memory") struct LimitTests {
    private let json = Array(Sample.har.utf8)

    @Test("What all packed files in a zip file unfold to is bounded together")
    func unfolded() {
        let packed = zlib(json)
        let file = zip([("a", packed), ("b", packed), ("c", packed)])
        let inside = SourceLimits(unfoldedBytesMax: 3 * (packed.count + json.count))
        #expect(SourceReader.read(file, file: "z", limits: inside).exchanges.count == 3)
        let below = SourceLimits(unfoldedBytesMax: inside.unfoldedBytesMax - 1)
        let reading = SourceReader.read(file, file: "z", limits: below)
        #expect(reading.exchanges.count == 2)
        #expect(reading.refusals.map(\.code) == [.tooLarge])
        #expect(reading.refusals.first?.origin?.file == "z!c")
        let none = SourceLimits(unfoldedBytesMax: 3 * packed.count - 1)
        #expect(SourceReader.read(file, file: "z", limits: none).exchanges.isEmpty)
        let wrapped = SourceLimits(unfoldedBytesMax: json.count - 1)
        #expect(
            SourceReader.read(packed, file: "a", limits: wrapped).refusals.map(\.code)
                == [.tooLarge])
    }

    @Test("The values of a JSON document are bounded, also of a list of events")
    func values() {
        let count = SourceLimits.values(json)
        let inside = SourceLimits(valuesMax: count)
        let below = SourceLimits(valuesMax: count - 1)
        #expect(SourceReader.read(json, file: "a", limits: inside).exchanges.count == 1)
        #expect(
            SourceReader.read(json, file: "a", limits: below).refusals.map(\.code) == [.tooLarge])
        let file = zip([("a.har", json)])
        #expect(SourceReader.read(file, file: "a", limits: inside).exchanges.count == 1)
        #expect(
            SourceReader.read(file, file: "a", limits: below).refusals.map(\.code) == [.tooLarge])
        let bodies = zip([("a.har", json), ("b.json", Array("{\"b\":[".utf8) + json)])
        #expect(
            SourceReader.read(bodies, file: "a", limits: below).refusals.map(\.origin?.file)
                == ["a!a.har"])
        let lines = Array("{\"choices\":[]}\n{\"a\":[1,2,3,4]}\n".utf8)
        let few = SourceLimits(valuesMax: 5)
        #expect(
            SourceReader.read(lines, file: "a", limits: few).refusals.map(\.code) == [.tooLarge])
        #expect(SourceReader.read(lines, file: "a").exchanges.count == 1)
    }

    @Test("A bomb of values is refused before it is read")
    func valueBomb() {
        let bomb = [UInt8(ascii: "[")] + [UInt8](repeating: UInt8(ascii: ","), count: 4_000_000)
        #expect(SourceReader.read(bomb, file: "a").refusals.map(\.code) == [.tooLarge])
    }

    @Test(
        "The bound of the values counts none of those in texts, and never too few",
        arguments: [
            ("{}", 2), ("[1,2]", 3), ("[[1],[2]]", 5), (#"{"a,[{":"\\\",,","b":1} ,,,"#, 3),
            ("7", 1), ("[1,", 3), ("]", 1),
        ])
    func counted(_ text: String, _ count: Int) {
        #expect(SourceLimits.values(text.utf8) == count)
    }

    @Test("The bodies of an import are bounded together, whatever the order of the files")
    func bodies() throws {
        let texts = [("a.har", Sample.har), ("b.har", Sample.har), ("c.yaml", Sample.goVCR)]
        let sum = try imported(texts).interactions.reduce(0) { sum, interaction in
            sum + interaction.request.body.count + (interaction.response?.body.count ?? 0)
        }
        #expect(try imported(texts, bodyBytesMax: sum).report.exchanges == 3)
        for isReversed in [false, true] {
            let result = try imported(texts, reversed: isReversed, bodyBytesMax: sum - 1)
            #expect(result.interactions.isEmpty)
            #expect(result.report.refusals.map(\.code) == [.tooLarge])
            #expect(result.report.refusedFiles == 3)
            #expect(result.report.files == 3)
        }
    }

    @Test("A list of more lines than a body may have is refused before it is taken apart")
    func lines() {
        let list = Array("{\"choices\":[]}\n".utf8)
        let bomb = list + list + [UInt8](repeating: 0x0A, count: 2_000_000)
        #expect(SourceReader.read(bomb, file: "a").refusals.map(\.code) == [.tooLarge])
    }

    @Test("Commas and opening brackets of a body are bounded together")
    func marks() throws {
        let body = Array("[[{\"a\":1}],2,\"}]\"]".utf8)
        try ExchangeRepair.checkSize(body, marksMax: 5)
        #expect(throws: ImportError.self) {
            try ExchangeRepair.checkSize(body, marksMax: 4)
        }
    }

    @Test("An event with too many values is refused before it is read")
    func eventBomb() {
        let start = Array("data: [\"[\"".utf8)
        let bomb = start + [UInt8](repeating: UInt8(ascii: ","), count: 4_000_000)
        #expect(SourceReader.read(bomb, file: "a").refusals.map(\.code) == [.tooLarge])
    }

    @Test("A line is found by its beginning only")
    func beginnings() {
        #expect(hasLine(Array("a\n\nlog: b".utf8)[...], beginningWith: ["x", "log:"]))
        #expect(!hasLine(Array("a log:\n log:\n".utf8)[...], beginningWith: ["log:"]))
        #expect(!hasLine([], beginningWith: ["log:"]))
    }
}
