import Cassette
import Foundation
import Testing

@testable import Importers

@Suite("Recorded traffic of other projects") struct ImportCorpusTests {
    private static let path = ProcessInfo.processInfo.environment["STORMTAPE_CORPUS"]

    @Test(
        "imports, or is refused with a reason; every stream gives its bytes again",
        .enabled(if: path != nil, "set STORMTAPE_CORPUS to the folder of recorded traffic"),
        arguments: [
            ("go-vcr-docker-agent", 46, 45, ["LICENSE"]), ("har-mitmproxy", 73, 0, nil),
            ("ruby-vcr-ruby_llm", 263, 98, ["LICENSE"]), ("sse-vercel-ai", 137, 137, nil),
            ("vcrpy-chatlas", 472, 284, ["LICENSE"]), ("vcrpy-llm-anthropic", 29, 27, ["LICENSE"]),
            ("traces-generated", 18, 6, nil),
        ] as [(String, Int, Int, [String]?)])
    func folder(_ name: String, _ exchanges: Int, _ streamed: Int, _ refused: [String]?) throws {
        let root = URL(filePath: try #require(Self.path)).appending(path: name).path()
        let report = Importer.run(
            try ImportFile.find([root]),
            options: ImportOptions(
                known: [], redactor: Redactor(RedactionRules()), toolVersion: "1.0")
        ).report
        #expect(report.exchanges == exchanges)
        #expect(report.providers.reduce(0) { $0 + $1.streamed } == streamed)
        #expect(report.providers.reduce(0) { $0 + $1.changedStreams } == 0)
        for refusal in report.refusals {
            #expect(refusal.origin != nil && refusal.message.count > 30, "\(refusal)")
        }
        guard let refused else { return }
        let files = report.refusals.compactMap { $0.origin?.file.split(separator: "/").last }
        #expect(files.map(String.init) == refused)
    }
}
