internal import Cassette
internal import Determinism
internal import Judgement

/// One file that a browser opens from disk, without a network: all runs, and the chosen ones in
/// full.
///
/// All that agents and upstreams said goes into blocks of JSON, which no browser executes; the
/// page's own script, which the content policy names by its hash, writes it as text.
package enum HTMLReport {
    /// The version of the data in the page.
    static let schemaVersion: Int64 = 1
    /// How many saved failures are shown; further ones are counted only.
    static let savedMax = 50

    /// A storm.
    package static func storm(_ storm: StormResult, details: RunDetails) -> [UInt8] {
        let card = storm.scoreCard
        let head = [
            JSONMember("kind", "storm"),
            JSONMember("digest", .string(storm.digest.hex)),
            JSONMember("cassette", .string(storm.cassette.hex)),
            JSONMember("scenario", .string(TextTable.bounded(storm.scenario))),
            JSONMember("exit", .int(Int64(storm.exitCode))),
            JSONMember(
                "score", ScoreText.score(card).map { .string($0) } ?? .null),
            JSONMember(
                "unstable",
                .array(
                    storm.nondeterministicSeeds.prefix(200).map { .string($0.description) })),
        ]
        return page(head + share(card.runs) + saved(storm), storm.runs, details)
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, cassette: String, scenario: String, details: RunDetails, exitCode: Int32
    ) -> [UInt8] {
        let head = [
            JSONMember("kind", "replay"),
            JSONMember("digest", .string(run.digest.hex)),
            JSONMember("cassette", .string(cassette)),
            JSONMember("scenario", .string(TextTable.bounded(scenario))),
            JSONMember("exit", .int(Int64(exitCode))),
            JSONMember("score", .null),
            JSONMember("unstable", []),
        ]
        return page(head, [run], details)
    }

    private static func page(
        _ head: [JSONMember], _ runs: [RunSummary], _ details: RunDetails
    ) -> [UInt8] {
        var bodies = BodyTable()
        var blocks: [HTMLDocument.Block] = []
        let shown = runs.indices.filter { details.runs[$0] != nil }
        var room = DetailRoom()
        if let undisturbed = details.undisturbed {
            // Most bodies of all others are its own.
            bodies.begin(share: min(2, shown.count + 1))
            let share = min(DetailRoom.bytesMax / DetailRoom.undisturbedBytesMax, shown.count + 1)
            let json = room.json(DetailData(run: undisturbed), share: share, &bodies)
            blocks.append(HTMLDocument.Block(id: "undisturbed", json: json))
        }
        for (place, index) in shown.enumerated() {
            guard let run = details.runs[index] else { continue }
            bodies.begin(share: shown.count - place)
            let json = room.json(DetailData(run: run), share: shown.count - place, &bodies)
            blocks.append(HTMLDocument.Block(id: "run-\(index)", json: json))
        }
        let index =
            [JSONMember("schema", .int(schemaVersion))] + head + totals(runs)
            + RowTable(runs).members
            + [JSONMember("shown", .array(shown.map { .int(Int64($0)) }))]
        let first = [
            HTMLDocument.Block(id: "index", json: .object(index)),
            HTMLDocument.Block(id: "bodies", json: .array(bodies.bodies)),
        ]
        return HTMLDocument.bytes(first + blocks)
    }

    private static func share(_ share: PassShare) -> [JSONMember] {
        let interval = share.interval.map {
            "\($0.lower.percentText()) to \($0.upper.percentText())"
        }
        return [
            JSONMember("passed", .int(Int64(share.passed))),
            JSONMember("judged", .int(Int64(share.total))),
            JSONMember("interval", interval.map { .string($0) } ?? .null),
        ]
    }

    /// Failures of earlier storms that failed again, and how many there are.
    private static func saved(_ storm: StormResult) -> [JSONMember] {
        let failing = storm.savedFailures.filter(\.stillFails)
        let shown = failing.prefix(savedMax).map { failure -> JSONValue in
            [
                .string(failure.run.verdict.rawValue),
                .string(TextTable.bounded(failure.signature)),
                .string(TextTable.bounded(failure.origin)),
                .string(TextTable.bounded(failure.run.ruling.reason)),
                .string(failure.run.reproduce),
            ]
        }
        return [
            JSONMember("saved", .array(shown)),
            JSONMember("savedCount", .int(Int64(failing.count))),
        ]
    }

    private static func totals(_ runs: [RunSummary]) -> [JSONMember] {
        let grade = Grade.worst(runs.map(\.grade))
        let worst = runs.first { $0.plan.utf8.count > 8 && $0.reproduce.contains($0.plan) }
        let parts = worst.map { $0.reproduce.components(around: $0.plan) } ?? []
        return [
            JSONMember("grade", grade.map { .string($0.letter.rawValue) } ?? .null),
            JSONMember(
                "reasons",
                .array((grade?.reasons ?? []).prefix(20).map { .string(TextTable.bounded($0)) })),
            JSONMember("command", .array(parts.map { .string($0) })),
        ]
    }
}

extension String {
    /// What stands before and after the first occurrence of a part.
    fileprivate func components(around part: String) -> [String] {
        guard let range = firstRange(of: part) else { return [] }
        return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
    }
}
