import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@testable import Reports

@Suite("The rooms of a page")
struct PageRoomTests {
    /// A run of so many exchanges with the same header lines, each with bodies of its own.
    static func run(
        _ seed: UInt64, exchanges: Int, header: String = "", body: [UInt8] = []
    ) throws -> DetailedRun {
        var result = try Sample.run(seed: seed)
        let sample = result.trace.exchanges[0]
        result.trace.exchanges = (0..<exchanges).map { number in
            var record = sample
            record.id = ExchangeID(number + 1)
            record.headers = [HeaderField("x", header)]
            record.body = body.isEmpty ? [] : Array("\(seed) \(number) ".utf8) + body
            return record
        }
        return DetailedRun(summary: result.summary, detail: RunDetail(result) { _ in nil })
    }

    private static func isShort(_ part: DetailPart?) -> Bool? { part?.json["short"]?.boolValue }

    private static func size(_ part: DetailPart?) -> Int {
        part.map { ScriptSafe.bytes($0.json).count } ?? 0
    }

    @Test("a large run is whole while all of them fit, wherever it stands", arguments: 0..<4)
    func wholeBlocks(place: Int) throws {
        let header = String(repeating: "h", count: 3_900)
        let runs = try (0..<4).map {
            try Self.run(UInt64($0), exchanges: $0 == place ? 200 : 2, header: header)
        }
        var room = DetailRoom(bytesMax: 1 << 20)
        let parts = room.parts(runs.map { DetailData(run: $0) }, isFirstUndisturbed: false)
        #expect(Self.size(parts[place]) > 800_000)
        #expect(parts.map(Self.isShort) == [false, false, false, false])
    }

    @Test("where all take too much, large runs are in short and small ones whole")
    func sharedBlocks() throws {
        let header = String(repeating: "<", count: 3_900)
        let runs = try (0..<6).map {
            try Self.run(UInt64($0), exchanges: $0 % 2 == 0 ? 200 : 1, header: header)
        }
        var room = DetailRoom(bytesMax: 400_000)
        let parts = room.parts(runs.map { DetailData(run: $0) }, isFirstUndisturbed: false)
        #expect(parts.map(Self.isShort) == [true, false, true, false, true, false])
        let sum = parts.reduce(0) { $0 + Self.size($1) }
        #expect(sum <= 400_000)
        #expect(sum > 150_000)
        // The bodies of blocks that were tried and too large are not kept.
        let named = Set(parts.flatMap { $0?.bodies ?? [] })
        #expect(named == Set(room.bodies.all.indices))
    }

    @Test("a run for which there is no room at all has its row, and the page stays within it")
    func noRoom() throws {
        let runs = try (0..<3).map { try Self.run(UInt64($0), exchanges: 30, header: "h") }
        var room = DetailRoom(bytesMax: 500)
        let parts = room.parts(runs.map { DetailData(run: $0) }, isFirstUndisturbed: true)
        #expect(parts.count == 3 && parts.count { $0 != nil } == 0)
        let details = RunDetails(
            undisturbed: runs[0],
            runs: Dictionary(uniqueKeysWithValues: runs.enumerated().map { ($0, $1) }))
        let blocks = RunBlocks(details, [0, 1, 2], PageRooms(blocks: 500, bodies: 500))
        #expect(blocks.shown.isEmpty && blocks.blocks.isEmpty && blocks.bodies.isEmpty)
    }

    @Test("even in short a run with all that there can be fits its share")
    func leastBlock() throws {
        let header = String(repeating: "<", count: 3_900)
        var run = try Self.run(1, exchanges: 200, header: header, body: Array(header.utf8))
        let rule = InvariantResult(
            id: header, invariant: "rule", passed: false, message: header,
            witnesses: (1...50).map { ExchangeID($0) })
        run.summary.invariants = Array(repeating: rule, count: 1_000)
        let planned = Sample.planned(header, upstream: header, call: 1)
        let met = MetFault(planned: planned, exchange: ExchangeID(1), fate: .masked(by: header))
        run.summary.met = Array(repeating: met, count: 1_000)
        run.summary.unreached = Array(repeating: planned, count: 1_000)
        run.summary.foreignAddresses = Array(repeating: header, count: 1_000)
        run.summary.ending = header
        run.summary.grade = Grade(.a, reasons: [header])
        let share = DetailRoom.bytesMax / 121
        var room = DetailRoom(bytesMax: share)
        let parts = room.parts([DetailData(run: run)], isFirstUndisturbed: false)
        #expect(Self.isShort(parts[0]) == true)
        #expect((1...share).contains(Self.size(parts[0])))
        #expect(parts[0]?.json["invariants"]?[0]?["passed"] == false)
    }

    @Test("bodies are whole while all of them fit, and else cut to what is left of a share")
    func bodies() {
        var table = BodyTable()
        var blocks: [[Int]] = []
        for (number, count) in [30_000, 200, 100].enumerated() {
            table.begin()
            let body = Array("\(number) ".utf8) + [UInt8](repeating: 0x61, count: count)
            _ = table.place(BoundedBytes(body, max: 32_768))
            blocks.append(table.named)
        }
        let whole = BodyEntries(
            table, namedBy: blocks, isFirstUndisturbed: false, bytesMax: 30_400)
        #expect(whole.isCut == [false, false, false])
        let cut = BodyEntries(
            table, namedBy: blocks, isFirstUndisturbed: false, bytesMax: 20_000)
        #expect(cut.isCut == [true, false, false])
        // All that the two others leave, and not 512 bytes.
        #expect(cut.entries[0][2] == .int(20_000 - 204 - 104 - 2))
        #expect(cut.entries[0][1] == .int(30_002))
    }

    @Test("a run says that it is in short when only its bodies are cut")
    func shortBodies() throws {
        let runs = try (0..<3).map {
            try Self.run(
                UInt64($0), exchanges: 1,
                body: [UInt8](repeating: 0x61, count: $0 == 1 ? 30_000 : 10))
        }
        let details = RunDetails(
            runs: Dictionary(uniqueKeysWithValues: runs.enumerated().map { ($0, $1) }))
        for (bytesMax, isShort) in [(40_000, false), (20_000, true)] {
            let blocks = RunBlocks(
                details, [0, 1, 2], PageRooms(blocks: 1 << 20, bodies: bytesMax))
            #expect(blocks.shown == [0, 1, 2])
            #expect(
                blocks.blocks.map { $0.json["short"]?.boolValue } == [false, isShort, false])
        }
    }

    @Test(
        "a body is cut by what it takes as written",
        arguments: [
            Array(String(repeating: "a<é\u{202E}", count: 3_000).utf8),
            [UInt8](repeating: 0x61, count: 9_000) + [UInt8](repeating: 0x3C, count: 9_000),
            [UInt8](repeating: 0x3C, count: 9_000) + [UInt8](repeating: 0x61, count: 9_000),
            [UInt8](repeating: 0xFF, count: 9_000), [UInt8](repeating: 0, count: 9_000), [],
        ])
    func cutBody(bytes: [UInt8]) {
        for most in [-5, 0, 2, 3, 10, 500, 2_047, 9_001] {
            let text = BodyText(bytes, fitting: most)
            let size = ScriptSafe.size(of: text.text)
            #expect(size <= max(2, most), "\(most)")
            #expect(text.isCut == !bytes.isEmpty)
            #expect(bytes.isEmpty || most < 500 || size > most / 2, "\(most)")
            if !text.isBinary, bytes.first != 0xFF {
                #expect(Array(text.text.utf8) == Array(bytes.prefix(text.shownCount)))
            }
        }
        #expect(BodyText(bytes, fitting: 200_000).text == BodyText(bytes).text)
        #expect(!BodyText(bytes, fitting: 200_000).isCut)
    }
}
