import Cassette
import Determinism
import Foundation
import Importers
import Testing
import WireProtocols

/// Recorded streams in every split: however their bytes arrive, they are the same events.
@Suite("Splits of recorded streams") struct StreamSplitCorpusTests {
    private static let path = ProcessInfo.processInfo.environment["STORMTAPE_CORPUS"]
    /// Streams below this size, in bytes, are cut at every place.
    private static let everyCutBelow = 4096
    /// So many places, drawn, for those above.
    private static let drawnCuts = 200
    /// One cut in so many is tried, others for each stream, and every one where that is asked for:
    /// it takes many minutes.
    private static let step = asksForAll ? 1 : 256
    /// One stream in so many.
    private static let streamStep = asksForAll ? 1 : 4
    private static let asksForAll =
        ProcessInfo.processInfo.environment["STORMTAPE_TOTALITY"] == "all"

    @Test(
        "byte by byte, and cut in two, a stream gives the events of the whole",
        .enabled(if: path != nil, "set STORMTAPE_CORPUS to the folder of recorded traffic"),
        arguments: [
            "go-vcr-docker-agent", "ruby-vcr-ruby_llm", "sse-vercel-ai", "traces-generated",
            "vcrpy-chatlas", "vcrpy-llm-anthropic",
        ])
    func folder(_ name: String) throws {
        let root = URL(filePath: try #require(Self.path)).appending(path: name).path()
        let imported = Importer.run(
            try ImportFile.find([root]),
            options: ImportOptions(
                known: [], redactor: Redactor(RedactionRules()), toolVersion: "1.0"))
        var streams = 0
        for interaction in imported.interactions {
            guard let response = interaction.response, !response.body.isEmpty else { continue }
            let upstream = imported.manifest.upstreams.first { $0.name == interaction.upstream }
            let wire = WireProtocols.of(interaction.request, upstream: upstream)
            guard
                let framing = wire?.framing(of: interaction.request, headers: response.headers)
                    ?? StreamFraming(announcedBy: response.headers)
            else { continue }
            streams += 1
            guard streams % Self.streamStep == 1 % Self.streamStep else { continue }
            try check(response.body, framing, streams, "\(name) at \(interaction.ordinal)")
        }
        #expect(streams > 0)
    }

    private func check(
        _ body: [UInt8], _ framing: StreamFraming, _ number: Int, _ place: Comment
    ) throws {
        let whole = framing.events(of: body)
        #expect(StreamEvent.bytes(of: whole) == body, place)
        #expect(try events(of: body.map { [$0] }, framing) == whole, place)
        let cuts = cuts(of: body.count)
        for cut in cuts.indices.filter({ ($0 + number) % Self.step == 0 }).map({ cuts[$0] }) {
            let pieces = [Array(body[..<cut]), Array(body[cut...])]
            guard try events(of: pieces, framing) == whole else {
                Issue.record("\(place), cut at \(cut)")
                return
            }
        }
    }

    private func cuts(of count: Int) -> [Int] {
        if count < Self.everyCutBelow { return Array(0...count) }
        return (0..<Self.drawnCuts).map { lane in
            let random = KeyedRandom(seed: Seed(1), callID: 0, take: 0, attempt: 0)
            return Int(random.pick(in: 0...Int64(count), .position, lane: UInt16(lane)))
        }
    }

    private func events(of pieces: [[UInt8]], _ framing: StreamFraming) throws -> [StreamEvent] {
        var decoder = StreamDecoder(framing)
        var events: [StreamEvent] = []
        for piece in pieces { events += try decoder.push(piece) }
        if let rest = try decoder.finish() { events.append(rest) }
        return events
    }
}
