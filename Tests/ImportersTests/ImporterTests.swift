import Cassette
import Determinism
import Testing

@testable import Importers

@Suite("An import") struct ImporterTests {
    private static let all = [
        ("b/vcr.yaml", Sample.vcrpy), ("a.yaml", Sample.goVCR), ("c.yml", Sample.rubyVCR),
        ("d.har", Sample.har),
        ("e.chunks.txt", #"{"type":"message_start","message":{"model":"m"}}"#),
    ]

    private func hash(_ result: ImportResult) -> [[UInt8]] {
        [CanonicalText.encode(manifest: result.manifest)]
            + result.interactions.map { CanonicalText.encode(interaction: $0) }
    }

    @Test("gives the same cassette for any order of the files")
    func order() throws {
        let result = try imported(Self.all)
        #expect(result.interactions.count == 5)
        #expect(result.interactions.map(\.ordinal) == [1, 2, 3, 4, 5])
        #expect(try hash(imported(Self.all, reversed: true)) == hash(result))
        #expect(try hash(imported(Self.all.shuffledByRotation)) == hash(result))
        #expect(result.report.refusals.isEmpty)
    }

    @Test("is in the order of the recorded instants where each exchange has one")
    func instants() throws {
        let later = Sample.har
        let earlier = Sample.har.replacing("05:52:40.950681", with: "05:52:40.900681")
        let result = try imported([("a.har", later), ("z.har", earlier)])
        #expect(
            result.interactions.map(\.startedAt)
                == [SimInstant(nanoseconds: 0), SimInstant(nanoseconds: 50_000_000)])
        #expect(result.manifest.recordedAtNanoseconds == 1_795_413_160_900_681_000)
        #expect(!result.manifest.fidelity.contains("order-by-file-name"))
        let mixed = try imported([("a.har", later), ("b.yaml", Sample.vcrpy)])
        #expect(mixed.manifest.fidelity.contains("order-by-file-name"))
        #expect(mixed.interactions.map(\.startedAt.nanoseconds) == [0, 110_000_000])
    }

    @Test("keeps no credential")
    func secrets() throws {
        let result = try imported([("a.yaml", Sample.vcrpy)])
        let text = text(hash(result).flatMap { $0 })
        #expect(!text.contains("not-a-real"))
        #expect(text.contains("Bearer "))
        #expect(result.report.refusals.isEmpty)
    }

    @Test("cuts a stream at its events, with instants that are marked as made up")
    func chunks() throws {
        let result = try imported([("a.yaml", Sample.vcrpy)])
        let interaction = try #require(result.interactions.first)
        let response = try #require(interaction.response)
        #expect(response.chunks.map(\.at) == [.milliseconds(25), .milliseconds(30)])
        #expect(response.headAt == .milliseconds(20))
        #expect(response.endAt == .milliseconds(30))
        #expect(!response.headers.contains("transfer-encoding"))
        #expect(
            result.manifest.fidelity == [
                "chunks-reconstructed", "content-length-mended", "imported",
                "request-reconstructed", "timing-absent", "wall-clock-made-up",
            ])
        #expect(result.manifest.provenance == "imported from vcrpy")
    }

    @Test("leaves a body that cannot be decompressed as it is, and warns")
    func broken() throws {
        let har = Sample.har.replacing(
            #"{"name": "Content-Type", "value": "application/json"}"#,
            with: #"{"name": "Content-Encoding", "value": "gzip"}"#
        ).replacing("eyJvayI6dHJ1ZX0=", with: "H4sIAAAAAAACA6tWys9WsiopKk3V")
        let result = try imported([("a.har", har)])
        #expect(result.report.warnings.count == 1)
        #expect(result.interactions.first?.response?.headers.first("content-encoding") == "gzip")
        #expect(result.interactions.first?.response?.body.prefix(2) == [0x1F, 0x8B])
        #expect(result.manifest.fidelity.contains("content-coding-broken"))
    }

    @Test("takes an empty line of a type for none, and reads a stream by its bytes")
    func emptyType() throws {
        let stream = text(
            Base64.encode(Array("data: {\"a\":1}\n\ndata: {\"a\":2}\n\n".utf8)))
        let har = Sample.har.replacing(
            #"{"name": "Content-Type", "value": "application/json"}"#,
            with: #"{"name": "Content-Type", "value": ""}"#)
        let typeless = har.replacing(
            #""mimeType": "application/json", "encoding""#, with: #""encoding""#
        )
        .replacing("eyJvayI6dHJ1ZX0=", with: stream)
        let result = try imported([("a.har", typeless)])
        let response = try #require(result.interactions.first?.response)
        #expect(response.headers.first("content-type") == "text/event-stream")
        #expect(response.chunks.count == 2)
        #expect(result.manifest.fidelity.contains("content-type-guessed"))
        // Where the archive names a type beside the lines, that one is taken.
        let named = try imported([("a.har", har)])
        let headers = named.interactions.first?.response?.headers
        #expect(headers?.first("content-type") == "application/json")
        #expect(!named.manifest.fidelity.contains("content-type-guessed"))
    }

    @Test("takes an empty line of a length for none, and warns of no body that is lost")
    func emptyLength() throws {
        let har = Sample.har.replacing(#""method": "POST""#, with: #""method": "GET""#)
            .replacing(#""text": "{\"a\":1}""#, with: #""text": """#)
            .replacing(
                #"{"name": "content-type", "value": "application/json"}"#,
                with: #"{"name": "content-length", "value": ""}"#
            )
            .replacing("999", with: "")
        let result = try imported([("a.har", har)])
        let interaction = try #require(result.interactions.first)
        #expect(interaction.request.body.isEmpty)
        #expect(!interaction.request.headers.contains("content-length"))
        #expect(interaction.response?.headers.contains("content-length") == false)
        #expect(result.report.warnings.isEmpty)
        #expect(!result.manifest.fidelity.contains("content-length-mended"))
    }

    @Test("imports the rest when one file is refused")
    func partly() throws {
        let result = try imported([("LICENSE", "MIT"), ("a.yaml", Sample.vcrpy)])
        #expect(result.report.exchanges == 1)
        #expect(result.report.files == 2)
        #expect(result.report.refusedFiles == 1)
        #expect(result.report.refusals.map(\.code) == [.unknownFormat])
    }

    @Test("prints counts and what was kept, for people and for programs")
    func report() throws {
        let report = try imported(Self.all).report
        let total = try #require(report.countLines.last)
        #expect(total.split(separator: " ").map(String.init) == ["total", "5", "3", "5"])
        #expect(report.fidelityLines.count == 6)
        #expect(report.fidelityLines[0].contains("request  "))
        let json = report.json
        #expect(json["exchanges"]?.intValue == 5)
        let streamed = json["providers"]?.arrayValue?.compactMap { $0["streamed"]?.intValue }
        #expect(streamed?.reduce(0, +) == 3)
        #expect(json["fidelity"]?[0]?["retries"]?["recorded"] != nil)
    }

    @Test("reads a folder as all that is below it, and each file once")
    func folders() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x/a.yaml", Sample.vcrpy)
        _ = try folder.write("x/y/b.yaml", Sample.goVCR)
        _ = try folder.write("x/.git/c.yaml", Sample.goVCR)
        let files = try ImportFile.find([folder.path + "/x/", path])
        #expect(files.map(\.name) == ["x/a.yaml", "x/y/b.yaml"])
        #expect(throws: ImportError.self) { try ImportFile.find([folder.path + "/none"]) }
    }
}

extension Array {
    /// Another order, the same each time.
    fileprivate var shuffledByRotation: [Element] {
        Array(self[(count / 2)...] + self[..<(count / 2)])
    }
}
