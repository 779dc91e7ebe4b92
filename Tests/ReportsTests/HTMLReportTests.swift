import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing

@testable import Reports

@Suite("The report as a page")
struct HTMLReportTests {
    private static let hostile =
        "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=2><!--"
        + "\u{1B}]0;owned\u{07}\u{0}\u{9B}31m\u{202E}\u{2028}\u{200B}\u{FEFF}\u{E0041}&'\""

    private static func text(_ page: [UInt8]) -> String { String(decoding: page, as: UTF8.self) }

    /// A run with bodies, on the clock of the simulation.
    private static func detailed(_ seed: UInt64, body: [UInt8] = []) throws -> DetailedRun {
        var result = try Sample.run(seed: seed, error: hostile)
        result.grade = Grade(.a)
        result.trace.clock = .virtual
        result.trace.standardOutput = Array(hostile.utf8) + [0xFF]
        result.trace.append(.waits(WaiterID(1), until: .zero), at: .zero)
        result.trace.append(.output(.standardOutput, byteCount: 3), at: .zero)
        for index in result.trace.exchanges.indices {
            result.trace.exchanges[index].ordinal = index + 1
            result.trace.exchanges[index].request.body = Array(hostile.utf8)
            result.trace.exchanges[index].body = body
            result.trace.exchanges[index].headers = [HeaderField("x-said", hostile)]
        }
        let detail = RunDetail(result) { ordinal in
            Interaction(
                ordinal: ordinal, upstream: "openai",
                request: RecordedRequest(method: "GET", target: "/"),
                response: RecordedResponse(
                    status: 200, chunks: [Chunk(at: .zero, bytes: Array("{\"a\":1}".utf8))]))
        }
        return DetailedRun(summary: result.summary, detail: detail)
    }

    private static func page(_ runs: [DetailedRun], scenario: String = "s") -> [UInt8] {
        let storm = StormResult(
            cassette: Sample.cassette, scenario: scenario, runs: runs.map(\.summary), exitCode: 1)
        var details = RunDetails(
            undisturbed: runs.min {
                $0.summary.seed?.rawValue ?? 0 < $1.summary.seed?.rawValue ?? 0
            })
        for run in runs {
            let place = storm.runs.firstIndex { $0.seed == run.summary.seed }
            if let place { details.runs[place] = run }
        }
        return HTMLReport.storm(storm, details: details)
    }

    @Test("equal storms give equal bytes, in whatever order their runs came")
    func determinism() throws {
        let runs = try (1...8).map { try HTMLReportTests.detailed($0) }
        let page = HTMLReportTests.page(runs)
        let isSame = page == HTMLReportTests.page(runs.reversed().shuffled(by: 3))
        #expect(isSame)
        #expect(page.count > 10_000)
    }

    @Test("what an agent says cannot leave its block of data")
    func hostileTexts() throws {
        let body = Array(HTMLReportTests.hostile.utf8) + [0xFF, 0xC0]
        let runs = [try HTMLReportTests.detailed(1, body: body)]
        let calm = HTMLReportTests.text(HTMLReportTests.page([]))
        let page = HTMLReportTests.text(
            HTMLReportTests.page(runs, scenario: HTMLReportTests.hostile))
        #expect(calm.ranges(of: "<script").count == 3)
        // One block for the run, and one for the run beside which it stands.
        #expect(page.ranges(of: "<script").count == 5)
        #expect(page.ranges(of: "</script").count == 5)
        #expect(!page.contains("<img"))
        #expect(!page.contains("<!--"))
        let bad = page.unicodeScalars.filter {
            ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
                || [0x202E, 0x2028, 0x200B, 0xFEFF, 0xE0041].contains($0.value)
        }
        #expect(bad.isEmpty)
        #expect(page.contains("\\u003c/script\\u003e"))
        #expect(page.contains("⟨FF⟩"))
    }

    @Test("the content policy names the script and the style of the page, and nothing else")
    func policy() throws {
        let page = HTMLReportTests.text(HTMLReportTests.page([]))
        func hash(_ text: Substring) -> String {
            let digest = Digest(hashing: Array(text.utf8))
            return "'sha256-" + String(decoding: Base64.encode(digest.bytes), as: UTF8.self) + "'"
        }
        let style = try #require(page.firstMatch(of: /(?s)<style>(.*?)<\/style>/)).1
        let script = try #require(page.firstMatch(of: /(?s)<script>(.*?)<\/script>/)).1
        #expect(page.contains("script-src \(hash(script)); style-src \(hash(style));"))
        #expect(page.contains("default-src 'none';"))
        #expect(!page.contains("unsafe-inline"))
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            #expect(!script.contains(word), "\(word)")
        }
        #expect(!page.contains("https:"))
    }

    @Test("10,000 runs stay under 15 MB, however long their plans are")
    func size() throws {
        let passed = try Sample.run(seed: 1, fault: nil).summary
        let failed = try Sample.run(seed: 2).summary
        let runs = (1...10_000).map { seed in
            var run = seed % 3 == 0 ? passed : failed
            run.seed = Seed(UInt64(seed))
            run.plan = "stp1.\(seed)." + String(repeating: "p", count: 1_500)
            return run
        }
        let storm = StormResult(
            cassette: Sample.cassette, scenario: "s", runs: runs, exitCode: 1)
        let page = HTMLReport.storm(storm, details: RunDetails())
        #expect(page.count < 15_000_000)
        #expect(page.count > 4_000_000)
    }

    @Test("bodies stay within their bounds together")
    func bodies() {
        var table = BodyTable()
        let letters: [UInt8] = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        for number in 0..<260 {
            let start = Array("\(number) ".utf8)
            let body = start + (0..<32_000).map { letters[($0 + number) % 26] }
            _ = table.place(BoundedBytes(body, max: 32_768))
        }
        let again = table.place(BoundedBytes(Array("0 ".utf8), max: 10))
        #expect(again == .int(260))
        #expect(table.place(BoundedBytes(Array("0 ".utf8), max: 10)) == again)
        #expect(table.place(nil) == .int(-1))
        let shown = BodyEntries(
            table, namedBy: [Array(0..<260)], isFirstUndisturbed: false)
        let size = ScriptSafe.bytes(.array(shown.entries)).count
        #expect(size < BodyEntries.bytesMax + 260 * 24)
        #expect(size > BodyEntries.bytesMax - 1_024)
        #expect(shown.entries[0][2] == .int(32_002))
        #expect(shown.entries[259][1] == .int(32_004))
        #expect(shown.entries[259][2]?.intValue ?? 0 >= 500)
        #expect(!shown.isCut[0] && shown.isCut[259])
    }

    @Test("a detail reads back as it was written")
    func roundTrip() throws {
        let detail = try HTMLReportTests.detailed(3, body: [0xFF, 0x00, 0x41]).detail
        #expect(try RunDetail(json: JSONValue.parse(text: detail.json.encodedText())) == detail)
        #expect(detail.moments.count == 4)
        #expect(detail.exchanges[0].recorded?.total == 7)
        var wrong = detail.json
        wrong["exchanges"]?[0]?["request"]?["total"] = "many"
        let error = try #require(throws: ReportFormatError.self) { try RunDetail(json: wrong) }
        #expect(error.path == "$.exchanges[0].request.total")
    }

    @Test("a detail is bounded, whatever the run was")
    func bounds() throws {
        let big = [UInt8](repeating: 0x41, count: 10_000_000)
        let detail = try HTMLReportTests.detailed(3, body: big).detail
        #expect(detail.exchanges[0].delivered.bytes.count == 32_768)
        #expect(detail.exchanges[0].delivered.total == 10_000_000)
        #expect(detail.json.encoded().count < 200_000)
    }

    @Test("one run of each distinct failure is shown in full, and the first that passed")
    func choice() throws {
        var runs: [RunSummary] = []
        for seed in 1...60 {
            let kinds = ["tool-timeout", "tool-error", nil]
            runs.append(try Sample.run(seed: UInt64(seed), fault: kinds[seed % 3]).summary)
        }
        let chosen = RunDetails.choice(runs)
        #expect(chosen.count == 22)
        #expect(chosen == chosen.sorted())
        #expect(chosen.count { runs[$0].verdict.isFailure } == 2)
        let places = GroupPlaces(runs)
        #expect(places.counts == [20, 20])
        #expect(places.groups.count { $0 == nil } == 20)
    }

    @Test(
        "bytes as text",
        arguments: [
            (Array("a\u{E9}".utf8), "a\u{E9}", false), ([0x61, 0xFF, 0x62], "a⟨FF⟩b", false),
            ([0xE2, 0x82], "⟨E2⟩⟨82⟩", false), ([], "", false),
            (
                [0x00, 0x01, 0xFF, 0x41],
                "0000  00 01 FF 41" + String(repeating: " ", count: 38) + "···A", true
            ),
        ] as [([UInt8], String, Bool)])
    func bodyText(bytes: [UInt8], text: String, isBinary: Bool) {
        let shown = BodyText(bytes)
        #expect(shown.text == text)
        #expect(shown.isBinary == isBinary)
    }

    @Test("a long text says how much of it is missing")
    func longText() {
        let text = TextTable.bounded(String(repeating: "é", count: 5_000))
        #expect(text.hasSuffix("é … 6002 more bytes"))
        #expect(TextTable.bounded("short") == "short")
    }
}

extension Array {
    /// In another order, the same each time.
    fileprivate func shuffled(by step: Int) -> [Element] {
        (0..<step).flatMap { first in
            stride(from: first, to: count, by: step).map { self[$0] }
        }
    }
}
