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

    /// How many bytes the name of a scenario may take as written.
    private static let nameBytesMax = 8_000
    /// How many bytes a reason of the grade may take as written.
    private static let reasonBytesMax = 2_000
    /// How many bytes of a command may stand around the plan, as written.
    private static let commandBytesMax = 64 << 10

    /// A storm.
    package static func storm(_ storm: StormResult, details: RunDetails) -> [UInt8] {
        let card = storm.scoreCard
        let head = [
            JSONMember("kind", "storm"),
            JSONMember("digest", .string(storm.digest.hex)),
            JSONMember("cassette", .string(storm.cassette.hex)),
            JSONMember("scenario", .string(ScriptSafe.cut(storm.scenario, to: nameBytesMax))),
            JSONMember("exit", .int(Int64(storm.exitCode))),
            JSONMember(
                "score", ScoreText.score(card).map { .string($0) } ?? .null),
            JSONMember(
                "unstable",
                .array(
                    storm.nondeterministicSeeds.prefix(200).map { .string($0.description) })),
        ]
        let saved = SavedRows(storm.savedFailures.filter(\.stillFails), most: savedMax)
        return page(head + share(card.runs) + saved.members, storm.runs, details)
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, cassette: String, scenario: String, details: RunDetails, exitCode: Int32
    ) -> [UInt8] {
        let head = [
            JSONMember("kind", "replay"),
            JSONMember("digest", .string(run.digest.hex)),
            JSONMember("cassette", .string(cassette)),
            JSONMember("scenario", .string(ScriptSafe.cut(scenario, to: nameBytesMax))),
            JSONMember("exit", .int(Int64(exitCode))),
            JSONMember("score", .null),
            JSONMember("unstable", []),
        ]
        return page(head, [run], details)
    }

    private static func page(
        _ head: [JSONMember], _ runs: [RunSummary], _ details: RunDetails
    ) -> [UInt8] {
        let index =
            [JSONMember("schema", .int(schemaVersion))] + head + totals(runs)
            + [JSONMember("waiting", OpenVerdicts.text(of: runs).map { .string($0) } ?? .null)]
            + RowTable(runs).members
        let wanted = runs.indices.filter { details.runs[$0] != nil }
        let rooms =
            wanted.count > PageRooms.fewRuns
            ? PageRooms.many
            : PageRooms.few(beside: ScriptSafe.bytes(.object(index)).count)
        let blocks = RunBlocks(details, wanted, rooms)
        let shown = JSONMember("shown", .array(blocks.shown.map { .int(Int64($0)) }))
        let first = [
            HTMLDocument.Block(id: "index", json: .object(index + [shown])),
            HTMLDocument.Block(id: "bodies", json: .array(blocks.bodies)),
        ]
        return HTMLDocument.bytes(first + blocks.blocks)
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

    private static func totals(_ runs: [RunSummary]) -> [JSONMember] {
        let grade = Grade.worst(runs.map(\.grade))
        let worst = runs.first { $0.plan.utf8.count > 8 && $0.reproduce.contains($0.plan) }
        let parts = worst.map { $0.reproduce.components(around: $0.plan) } ?? []
        // Half a command does nothing again.
        let isShort = parts.allSatisfy { ScriptSafe.fits($0, commandBytesMax / 2) }
        return [
            JSONMember("grade", grade.map { .string($0.letter.rawValue) } ?? .null),
            JSONMember(
                "reasons",
                .array(
                    (grade?.reasons ?? []).prefix(20).map {
                        .string(ScriptSafe.cut($0, to: reasonBytesMax))
                    })),
            JSONMember("command", .array(isShort ? parts.map { .string($0) } : [])),
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
