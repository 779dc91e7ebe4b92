import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@testable import Reports

@Suite("Texts and rows of a page within their bounds")
struct PageTextTests {
    @Test(
        "a text is cut by what it takes as written, and says how much is missing",
        arguments: [
            String(repeating: "a<é\u{202E}\n", count: 300),
            String(repeating: "a", count: 900) + String(repeating: "<", count: 900),
            String(repeating: "<", count: 900) + String(repeating: "a", count: 900),
            String(repeating: "\u{E0041}\u{1}\"\\", count: 300),
        ])
    func cut(text: String) throws {
        for most in [60, 120, 500, 1_500] {
            let cut = ScriptSafe.cut(text, to: most)
            let size = ScriptSafe.size(of: cut)
            #expect((most - 16...most).contains(size), "\(most): \(size)")
            let parts = try #require(cut.firstMatch(of: /^((?s).*) … ([0-9]+) more bytes$/))
            #expect(text.utf8.starts(with: parts.1.utf8) && !parts.1.isEmpty)
            #expect(Int(parts.2) == text.utf8.count - parts.1.utf8.count)
        }
        #expect(ScriptSafe.cut(text, to: 50_000) == text)
        #expect(ScriptSafe.size(of: ScriptSafe.cut(text, to: 6)) <= 6)
        #expect(ScriptSafe.cut(text, to: 50_000, max: 20).utf8.count < 45)
    }

    @Test("texts for which there is no room share one entry")
    func texts() {
        var table = TextTable(bytesMax: 40_000)
        let places = (0..<5_000).map { table.place("\($0) " + String(repeating: "<", count: 40)) }
        #expect(ScriptSafe.bytes(.array(table.texts.map { .string($0) })).count <= 40_010)
        #expect(table.texts.count { $0 == "…" } == 1)
        #expect(places[4_998] == places[4_999])
        #expect(table.place("0 " + String(repeating: "<", count: 40)) == places[0])
        #expect(table.texts.count > 100)
    }

    private static func hits(_ faults: [String]) -> [MetFault] {
        faults.enumerated().map { place, fault in
            MetFault(
                planned: Sample.planned(fault, upstream: "tools", call: place + 1),
                exchange: ExchangeID(place + 1), fate: .fired)
        }
    }

    private static func row(_ table: RowTable, _ place: Int, _ column: Int) -> JSONValue? {
        table.rows[place][column]
    }

    @Test("what fired is whole while it fits; else a row has each fault, and says that it is cut")
    func fired() throws {
        var run = try Sample.run(seed: 1).summary
        let faults = Array(repeating: "tool-error", count: 298) + ["tool-timeout", "slow-drip"]
        run.met = Self.hits(faults)
        let few = RowTable([run])
        #expect(Self.row(few, 0, 5)?.arrayValue?.count == 600)
        #expect(Self.row(few, 0, 12) == nil)

        let many = RowTable(Array(repeating: run, count: 3_000))
        let lists = many.rows.compactMap { $0[5] }
        #expect(lists.reduce(0) { $0 + $1.encoded().count } < RowTable.firedBytesMax + 3_000)
        let places = stride(from: 0, to: 600, by: 2).compactMap { lists[2_999][$0] }
        #expect(Set(places).count == 3)
        #expect(Self.row(many, 2_999, 12) == true)
    }

    @Test("messages and outcomes have rooms of their own")
    func rules() throws {
        var run = try Sample.run(seed: 1, fault: nil).summary
        run.met = []
        let runs = (0..<2_000).map { number in
            run.invariants = (0..<120).map { rule in
                InvariantResult(
                    id: "rule-\(rule)", invariant: "rule",
                    passed: rule < 11 && (number >> rule) & 1 == 1, message: "\(number) \(rule)")
            }
            return run
        }
        let table = RowTable(runs)
        let messages = table.rows.compactMap { $0[6]?[1] }
        let size = messages.reduce(0) { $0 + $1.encoded().count }
        #expect(size < RowTable.messageBytesMax + 4_000)
        #expect(messages.allSatisfy { ($0.arrayValue?.count ?? 0) > 20 })
        #expect(table.rows[1_999][6]?[0] == .int(-1))
        #expect(table.rows.allSatisfy { $0[12] == true })
        let patterns = table.members.first { $0.key == "patterns" }?.value
        #expect(patterns?.encoded().count ?? .max <= RowTable.patternBytesMax + 2)
        #expect(RowTable(Array(runs.prefix(20))).rows.allSatisfy { $0[12] == nil })
    }

    @Test("saved failures are whole while they fit, and else share their room")
    func saved() throws {
        let hostile = String(repeating: "<", count: 3_000)
        var run = try Sample.run(seed: 1).summary
        run.reproduce = "stormtape " + String(repeating: "p", count: 1_500)
        let one = SavedFailure(signature: hostile, origin: "here", run: run)
        let few = SavedRows([one, one], most: 50).members[0].value
        #expect(few[1]?[1] == .string(hostile))

        run.ruling = Ruling(verdict: .violated, reason: hostile)
        var long = SavedFailure(signature: hostile, origin: hostile, run: run)
        let all = SavedRows((0..<60).map { _ in long }, most: 50).members
        #expect(ScriptSafe.bytes(all[0].value).count <= SavedRows.bytesMax)
        #expect(all[0].value.arrayValue?.count == 50)
        #expect(all[0].value[49]?[4] == .string(run.reproduce))
        #expect(all[1].value == .int(60))

        long.run.reproduce = String(repeating: "<", count: 200_000)
        let lines = SavedRows((0..<50).map { _ in long }, most: 50).members[0].value
        #expect(ScriptSafe.bytes(lines).count <= SavedRows.bytesMax)
        #expect(lines[0]?[4] == .null)
    }
}
