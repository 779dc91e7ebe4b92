import Cassette
import Determinism
import Judgement
import Simulation
import Testing

@testable import Reports

@Suite("What a closer look at a run shows")
struct DetailTests {
    private static func detail(_ result: RunResult) -> RunDetail {
        RunDetail(result) { _ in nil }
    }

    @Test("a second run that did something else is shown with its own summary")
    func otherRun() throws {
        let first = try Sample.run(seed: 4)
        var again = try Sample.run(seed: 5)
        again.seed = nil
        let same = DetailedRun(
            of: first.summary, again: first.summary, detail: Self.detail(first))
        #expect(same.isSame)
        #expect(same.summary == first.summary)

        // The digest need not see the order, or what is left to chance.
        again = first
        again.trace.exchanges[1].status = 503
        again.reproduce = "another line"
        let shown = DetailedRun(
            of: first.summary, again: again.summary, detail: Self.detail(again))
        #expect(shown.summary.exchanges[1].status == 503)
        #expect(shown.summary.seed == Seed(4))
        #expect(shown.summary.reproduce == first.reproduce)

        again.digest = Digest(hashing: [7])
        let other = DetailedRun(
            of: first.summary, again: again.summary, detail: Self.detail(again))
        #expect(!other.isSame)
        #expect(other.summary.digest == again.digest)
    }

    @Test("bodies that only begin alike are two bodies")
    func sameBegin() throws {
        let begin = [UInt8](repeating: 0x61, count: 100)
        let one = BoundedBytes(begin + [1], max: 100)
        let other = BoundedBytes(begin + [2], max: 100)
        #expect(one != other)
        var table = BodyTable()
        #expect(table.place(one) != table.place(other))
        #expect(BoundedBytes(begin, max: 100).digest == nil)
        #expect(try BoundedBytes(ReportFields(one.json)) == one)
    }

    @Test("of a binary body as much is kept as its dump shows")
    func dump() {
        var table = BodyTable()
        _ = table.place(BoundedBytes([UInt8](repeating: 0, count: 5_000), max: 9_000))
        let shown = BodyEntries(table, namedBy: [[0]], isFirstUndisturbed: false)
        #expect(shown.entries[0][1] == .int(5_000))
        #expect(shown.entries[0][2] == .int(Int64(BodyText.dumpBytesMax)))
        #expect(shown.isCut == [false])
    }

    @Test("one run has one budget, and its first exchanges have it")
    func budget() throws {
        var result = try Sample.run(seed: 4)
        let sample = result.trace.exchanges[0]
        result.trace.exchanges = (1...200).map { number in
            var record = ExchangeRecord(
                id: ExchangeID(number), upstream: sample.upstream, kind: sample.kind,
                request: sample.request, fingerprint: sample.fingerprint, arrivedAt: .zero)
            record.request.body = [UInt8](repeating: 0x61, count: 100_000)
            record.body = [UInt8](repeating: 0x62, count: 100_000)
            record.steps = Array(repeating: sample.steps[1], count: 5_000)
            return record
        }
        let detail = Self.detail(result)
        #expect(detail.exchanges.count == 200)
        #expect(detail.exchanges[0].delivered.bytes.count == ExchangeDetail.answerBytesMax)
        #expect(detail.exchanges[0].steps.count == ExchangeDetail.stepsMax)
        #expect(detail.exchanges[199].delivered.bytes.count == DetailBudget.shortBytesMax)
        #expect(detail.exchanges[199].steps.count == DetailBudget.shortItemsMax)
        #expect(detail.exchanges[199].stepCount == 5_000)
        #expect(detail.json.encoded().count < 2 * DetailBudget.bytesMax)
    }

    @Test("all bodies of a page stay within bounds, however many there are")
    func shortBodies() {
        var table = BodyTable()
        for number in 0..<12_000 {
            let body = Array("\(number) ".utf8) + [UInt8](repeating: 0x61, count: 1_000)
            _ = table.place(BoundedBytes(body, max: 32_768))
        }
        let shown = BodyEntries(
            table, namedBy: [Array(0..<12_000)], isFirstUndisturbed: false)
        let size = shown.entries.reduce(0) { $0 + ($1[0]?.stringValue?.utf8.count ?? 0) }
        #expect(size <= BodyEntries.bytesMax)
        #expect(size > BodyEntries.bytesMax * 9 / 10)
        #expect(shown.entries[11_999][1] == .int(1_006))
        #expect(shown.isCut[11_999])
    }

    @Test("a run says whether all of it repeats")
    func repeats() throws {
        var result = try Sample.timedRun()
        #expect(result.summary.repeats)
        result.trace.clock = .real
        #expect(!result.summary.repeats)
        result.trace.clock = .virtual
        result.grade = Grade(.c)
        #expect(!result.summary.repeats)
    }

    @Test("a virtual run whose requests all come at once is not laid out")
    func clock() throws {
        var result = try Sample.run(seed: 1)
        #expect(Timeline(result.summary).isLaidOut)
        result.trace.clock = .virtual
        #expect(!Timeline(result.summary).isLaidOut)
        #expect(Timeline(result.summary).exchanges.allSatisfy { $0.start == 0 })
    }

    @Test("JUnit and CTRF count whole cases, and saved failures too")
    func reportBounds() throws {
        let failed = try Sample.run(seed: 2).summary
        let runs = (1...100).map { seed in
            var run = failed
            run.seed = Seed(UInt64(seed))
            run.reproduce = "stormtape " + String(repeating: "p", count: 3_000)
            return run
        }
        var storm = StormResult(
            cassette: Sample.cassette, scenario: "s", runs: runs, exitCode: 1)
        storm.savedFailures = runs.prefix(50).map {
            SavedFailure(signature: "x", origin: "y", run: $0)
        }
        let brief = 150 * 700
        let xml = JUnitReport.storm(storm, bytesMax: 300_000)
        #expect(xml.count < 300_000 + brief)
        #expect(try XMLCheck.parse(xml).all("testcase").count == 150)
        #expect(JUnitReport.storm(storm).count > 500_000)
        let ctrf = CTRFReport.storm(storm, ReportContext(), bytesMax: 300_000)
        #expect(ctrf.count < 300_000 + brief)
        let tests = try JSONValue.parse(ctrf.dropLast())["results"]?["tests"]
        #expect(tests?.arrayValue?.count == 150)
        #expect(CTRFReport.storm(storm, ReportContext()).count > 500_000)
    }
}
