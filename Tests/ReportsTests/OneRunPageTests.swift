import Determinism
import Foundation
import Testing

@testable import Reports

@Suite("The page of one run")
struct OneRunPageTests {
    private static func page(_ body: [UInt8], header: String) throws -> [UInt8] {
        let run = try PageRoomTests.run(1, exchanges: 100, header: header, body: body)
        var calm = try PageRoomTests.run(2, exchanges: 100, header: header, body: body)
        calm.summary.seed = nil
        return HTMLReport.replay(
            run.summary, cassette: "", scenario: "s",
            details: RunDetails(undisturbed: calm, runs: [0: run]), exitCode: 1)
    }

    private static func block(_ page: [UInt8], _ id: String) throws -> JSONValue {
        let text = String(decoding: page, as: UTF8.self)
        let start = try #require(text.range(of: "id=\"\(id)\">"))
        let rest = text[start.upperBound...]
        let end = try #require(rest.range(of: "</script>"))
        return try JSONValue.parse(text: String(rest[..<end.lowerBound]))
    }

    @Test("it has all that was kept of the run, and nothing says that it is in short")
    func whole() throws {
        // Far more than a storm's page has for bodies and blocks.
        let body = [UInt8](repeating: 0x61, count: 20_000)
        let page = try Self.page(body, header: String(repeating: "<", count: 2_000))
        let run = try Self.block(page, "run-0")
        #expect(run["short"] == false)
        #expect(try Self.block(page, "undisturbed")["short"] == false)
        #expect(run["exchanges"]?.arrayValue?.count == 100)
        let bodies = try #require(Self.block(page, "bodies").arrayValue)
        #expect(bodies.count { $0[2]?.intValue ?? 0 > 20_000 } == 200)
        #expect(page.count > BodyEntries.bytesMax + DetailRoom.bytesMax)
    }

    @Test("a run that is all escapes stays under 15 MB, and then says that it is in short")
    func worst() throws {
        let body = [UInt8](repeating: 0x3C, count: 20_000)
        let page = try Self.page(body, header: String(repeating: "<", count: 4_000))
        #expect(page.count < 15_000_000)
        #expect(page.count > 10_000_000)
        #expect(try Self.block(page, "run-0")["short"] == true)
    }

    @Test("only a storm's page points to the line that makes another page")
    func sentence() throws {
        let page = try String(decoding: Self.page([], header: ""), as: UTF8.self)
        #expect(try Self.block(Array(page.utf8), "index")["kind"] == "replay")
        #expect(
            page.contains(
                /data\.kind === "storm" && reproduceOf\(place\)\s+\? ": the line below shows more/))
        #expect(!page.contains("shows all of it, with --format html"))
    }
}
