import Cassette
import Determinism
import Faults
import Foundation
import Testing
import WireProtocols

@Suite("Every fault on every stream")
struct StreamTotalityTests {
    @Test(
        "holds the laws, gives the same again, and accounts for the events",
        arguments: StreamSample.all.map(\.name))
    func samples(name: String) throws {
        let sample = try #require(StreamSample.named(name))
        var tally = Tally()
        for delivery in [sample.delivery, sample.jagged] {
            tally.check(delivery, sample.context, seeds: 3, label: name)
        }
        let family = try #require(FaultCatalogue.families.first { $0.name == "stream" })
        for kind in family.kinds where kind.layer == .stream {
            #expect(StreamPromise.of(kind.id) != nil, "no promise of \(kind.id)")
        }
        #expect(tally.fired > 0)
    }

    @Test("each fault of the family fires on some stream")
    func coverage() throws {
        let family = try #require(FaultCatalogue.families.first { $0.name == "stream" })
        for kind in family.kinds {
            let fires = StreamSample.all.contains { sample in
                var draws = Draws(seed: 1, number: 0)
                let given = draws.parameters(of: kind, sample.delivery, sample.context)
                let tame = kind.parameters.compactMap { spec -> JSONMember? in
                    guard case .drawn(let range) = spec.defaultValue,
                        let places = range(sample.delivery, sample.context)
                    else { return nil }
                    return JSONMember(spec.name, .int(places.lowerBound))
                }
                let others = parameters(of: kind, tame)
                var delivery = sample.delivery
                let members = kind.parameters.compactMap { spec in
                    (others.members + given.members).first { $0.key == spec.name }
                }
                return kind.apply(&delivery, FaultParameters(members), sample.context) == .fired
            }
            #expect(fires, "\(kind.id)")
        }
    }

    @Test("recorded events of real providers stand every fault", .needsStreamCorpus)
    func corpus() throws {
        let streams = try StreamCorpus.all()
        #expect(!streams.isEmpty)
        var tally = Tally()
        // The recorded streams are long and many: each meets some of the kinds, in turn, and all of
        // them where that is asked for.
        let asksForAll = ProcessInfo.processInfo.environment["STORMTAPE_TOTALITY"] == "all"
        let step = asksForAll ? 1 : 72
        for (place, (name, sample)) in streams.enumerated() {
            tally.check(
                sample.delivery, sample.context, seeds: 1, label: name,
                kinds: FaultCatalogue.all.enumerated().filter { ($0.offset + place) % step == 0 }
                    .map(\.element))
        }
        print("corpus: \(streams.count) streams, \(tally.applied) applied, \(tally.fired) fired")
        #expect(tally.fired > streams.count)
    }

    /// What was applied, and what fired.
    struct Tally {
        private(set) var applied = 0
        private(set) var fired = 0

        /// Applies every fault, each with so many draws of its parameters.
        mutating func check(
            _ before: Delivery, _ context: FaultContext, seeds: Int, label: String,
            kinds: [FaultKind] = FaultCatalogue.all
        ) {
            let framing = context.framing(of: before)
            let events = framing?.events(of: before.bodyBytes) ?? []
            for kind in kinds {
                for seed in 0..<seeds {
                    var draws = Draws(seed: UInt64(seed), number: 3)
                    let parameters = draws.parameters(of: kind, before, context)
                    let label = "\(label), seed \(seed), \(kind.id) \(parameters.members)"
                    var after = before
                    let outcome = kind.apply(&after, parameters, context)
                    var again = before
                    applied += 1
                    if kind.apply(&again, parameters, context) != outcome || again != after {
                        Issue.record("a second time differs: \(label)")
                    }
                    if (outcome == .fired) != (after != before) {
                        Issue.record("\(outcome), but that is not so: \(label)")
                    }
                    guard outcome == .fired else { continue }
                    fired += 1
                    if let flaw = FaultLaws.flaw(in: after, from: before, kind, parameters, context)
                    {
                        Issue.record("\(flaw): \(label)")
                    }
                    // An array swallows its neighbours where one element is broken.
                    guard let framing, framing != .jsonArray || kind.id != "invalid-json-chunk",
                        let promise = StreamPromise.of(kind.id), kind.layer == .stream
                    else { continue }
                    let edited = framing.events(of: after.bodyBytes)
                    if let flaw = promise.flaw(before: events, after: edited) {
                        Issue.record("\(flaw): \(label)")
                    }
                }
            }
        }
    }
}

/// The folder of recorded traffic; its tests are skipped where it is not given.
enum StreamCorpus {
    static let path = ProcessInfo.processInfo.environment["STORMTAPE_CORPUS"]

    /// Every list of events, as the provider sends it whose folder it stands in.
    static func all() throws -> [(String, StreamSample)] {
        let root = URL(filePath: try #require(path)).appending(path: "sse-vercel-ai")
        let lists = try FileManager.default.subpathsOfDirectory(atPath: root.path())
            .filter { $0.hasSuffix(".chunks.txt") }.sorted()
        return try lists.map { name in
            let data = try Data(contentsOf: root.appending(path: name))
            let lines = data.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
            return (name, sample(name, lines))
        }
    }

    private static func sample(_ name: String, _ lines: [String]) -> StreamSample {
        let (wire, target): (any WireProtocol, String) =
            if name.contains("responses/") {
                (OpenAIResponses(), "/v1/responses")
            } else if name.hasPrefix("anthropic/") {
                (AnthropicMessages(), "/v1/messages")
            } else if name.hasPrefix("google/") {
                (Gemini(), "/v1beta/models/g:streamGenerateContent?alt=sse")
            } else if name.hasPrefix("cohere/") {
                (CohereChat(), "/v2/chat")
            } else {
                (OpenAIChat(), "/v1/chat/completions")
            }
        let ended = wire.id == OpenAIChat.id ? lines + ["[DONE]"] : lines
        return StreamSample(
            name: name, wire: wire, framing: .sse, target: target,
            frames: ended.map { StreamEvent(data: $0).bytes })
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where there is no recorded traffic.
    fileprivate static var needsStreamCorpus: Self {
        .enabled(
            if: StreamCorpus.path != nil, "set STORMTAPE_CORPUS to the folder of recorded traffic")
    }
}
