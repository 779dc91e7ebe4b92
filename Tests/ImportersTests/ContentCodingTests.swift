import Cassette
import Testing

@testable import Importers

@Suite("Content codings") struct ContentCodingTests {
    private static let plain = #"{"ok":true,"text":"hello hello hello"}"#

    private func decode(_ body: [UInt8], _ coding: String) throws -> ContentCoding.Outcome {
        try ContentCoding.decode(body, headers: [HeaderField("Content-Encoding", coding)])
    }

    @Test(
        "are removed: gzip, deflate in both forms, brotli",
        arguments: [
            ("gzip", "H4sIAAAAAAACA6tWys9WsiopKk3VUSpJrShRslLKSM3JyVdAIpVqAeT3pVQmAAAA"),
            ("X-GZIP", "H4sIAAAAAAACA6tWys9WsiopKk3VUSpJrShRslLKSM3JyVdAIpVqAeT3pVQmAAAA"),
            ("deflate", "eNqrVsrPVrIqKSpN1VEqSa0oUbJSykjNyclXQCKVagH85Q1A"),
            ("deflate", "q1bKz1ayKikqTdVRKkmtKFGyUspIzcnJV0AilWoB"),
            ("br", "GyUA+I3UYs0Z7tQia297S6cPNuDAPUwTHOQ+gIVdxDG3SGA4ehQ="),
        ])
    func decoded(_ coding: String, _ digits: String) throws {
        let outcome = try decode(unpacked(digits), coding)
        #expect(outcome == .decoded(Array(Self.plain.utf8)))
        // Most recorders decode what they store and keep the header line.
        #expect(try decode(Array(Self.plain.utf8), coding) == .plain)
        // Whatever is cut off or changed is noticed.
        let bytes = try unpacked(digits)
        for end in 0..<(bytes.count - 9) {
            if case .decoded(let body) = try decode(Array(bytes.prefix(end)), coding) {
                Issue.record("\(end) of \(bytes.count) bytes of \(coding) gave \(body.count)")
            }
        }
    }

    @Test("in a row are removed from the last to the first, and two gzip members are joined")
    func several() throws {
        let members = try unpacked(
            "H4sIAAAAAAACA8vPS1UAAElhrCMEAAAAH4sIAAAAAAACAyspzwcAZorKEQMAAAA=")
        #expect(try decode(members, "gzip") == .decoded(Array("one two".utf8)))
        let twice = zlib(try unpacked("H4sIAAAAAAACA8vPS1UAAElhrCMEAAAA"))
        #expect(try decode(twice, "gzip, deflate") == .decoded(Array("one ".utf8)))
        #expect(throws: ImportError.self) { try decode(twice, "br,br,br,br,br") }
    }

    @Test("that are broken leave the body as it is, with the reason")
    func broken() throws {
        let bytes = try unpacked("H4sIAAAAAAACA6tWys9WsiopKk3VUSpJrShRslLK")
        guard case .broken(let reason) = try decode(bytes, "gzip") else {
            Issue.record("no failure")
            return
        }
        #expect(reason.contains("before the end"))
        guard case .broken(let unknown) = try decode([0x28, 0xB5, 0x2F, 0xFD, 0], "zstd") else {
            Issue.record("no failure")
            return
        }
        #expect(unknown.contains("gzip, deflate and br"))
    }

    @Test("that unfold without end are refused, those of short bodies are not")
    func bombs() throws {
        let million = [UInt8](repeating: 0, count: 1 << 20)
        #expect(try decode(zlib(million), "deflate") == .decoded(million))
        let bombs = [
            ("deflate", zlib(million + million + million)),
            ("br", try unpacked("m/8IPfgnAOKxQCAXoAc=")),
        ]
        for (coding, bytes) in bombs {
            let error = #expect(throws: ImportError.self) { try decode(bytes, coding) }
            #expect(error?.code == .tooLarge)
        }
        let limit = DecodingLimit(bytesMax: 1_000, ratioMax: 1_000_000, freeBytes: 0)
        #expect(throws: CodingFailure.self) {
            try Inflater.inflate(zlib(million), .wrapped, limit: limit)
        }
    }
}
