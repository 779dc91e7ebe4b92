internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// One short row for every run, and what the rows have in common.
struct RowTable {
    /// How many bytes the closed plans of rows may take together; failures come first.
    static let planBytesMax = 13 << 18
    /// How many bytes what fired in all rows may take together.
    static let firedBytesMax = 768 << 10
    /// How many bytes the numbers of messages may take in all rows together.
    static let messageBytesMax = 512 << 10
    /// How many bytes different outcomes of all invariants may take together.
    static let patternBytesMax = 768 << 10

    private var texts = TextTable(bytesMax: 1 << 20)
    private var faults = TextTable(bytesMax: 64 << 10)
    private var invariants = TextTable(bytesMax: 256 << 10)
    private var prompts = TextTable(bytesMax: 384 << 10)
    private(set) var rows: [JSONValue] = []
    /// What the number of a message takes with its comma.
    private static let messageBytes = 7
    /// What became of all invariants of a run: thousands of runs have the same.
    private var patterns: [JSONValue] = []
    private var patternPlaces: [JSONValue: Int] = [:]
    private var patternBytesLeft = RowTable.patternBytesMax
    private var fired = RowLists(bytesMax: RowTable.firedBytesMax)
    private var messages = RowLists(bytesMax: RowTable.messageBytesMax)
    private let places: GroupPlaces
    private let plans: Set<Int>

    init(_ runs: [RunSummary]) {
        places = GroupPlaces(runs)
        plans = RowTable.plans(runs)
        for run in runs {
            guard fired.isWhole || messages.isWhole else { break }
            if fired.isWhole { fired.add(RowHits(run, most: .max).bytes) }
            messages.add(run.invariants.count { !$0.passed } * RowTable.messageBytes)
        }
        for (index, run) in runs.enumerated() {
            rows.append(row(run, index, later: runs.count - index - 1))
        }
    }

    var members: [JSONMember] {
        [
            JSONMember("texts", .array(texts.texts.map { .string($0) })),
            JSONMember("faults", .array(faults.texts.map(RowTable.fault))),
            JSONMember("invariants", .array(invariants.texts.map { .string($0) })),
            JSONMember("prompts", .array(prompts.texts.map { .string($0) })),
            JSONMember("verdicts", .array(Verdict.allCases.map { .string($0.rawValue) })),
            JSONMember(
                "groups",
                .array(
                    zip(places.examples, places.counts).map {
                        [.int(Int64($0)), .int(Int64($1))]
                    })),
            JSONMember("patterns", .array(patterns)),
            JSONMember("rows", .array(rows)),
        ]
    }

    private mutating func row(_ run: RunSummary, _ index: Int, later: Int) -> JSONValue {
        let verdict = Verdict.allCases.firstIndex(of: run.verdict) ?? 0
        let hits = RowHits(run, most: fired.share(later: later))
        fired.take(hits.bytes)
        let happened = hits.shown.flatMap { met in
            [faults.place(met.planned.fault), .int(Int64(met.exchange.number))]
        }
        let outcomes = run.invariants.map { result -> JSONValue in
            let outcome: Int64 = !result.passed ? 1 : result.isJudged ? 0 : 2
            return [invariants.place(result.id), .int(outcome)]
        }
        let broken = run.invariants.filter { !$0.passed }
        let said = broken.prefix(messages.share(later: later) / RowTable.messageBytes)
        messages.take(said.count * RowTable.messageBytes)
        let pattern = pattern(.array(outcomes))
        let isCut = hits.isCut || said.count < broken.count || pattern < 0
        return .array(
            members(run, index, verdict, happened, pattern, said.map { texts.place($0.message) })
                + (isCut ? [.bool(true)] : []))
    }

    private mutating func members(
        _ run: RunSummary, _ index: Int, _ verdict: Int, _ fired: [JSONValue], _ pattern: Int64,
        _ messages: [JSONValue]
    ) -> [JSONValue] {
        [
            run.seed.map { .string($0.description) } ?? .null,
            .int(Int64(verdict)),
            .int(Int64(places.groups[index] ?? -1)),
            .int(run.virtualTime.nanoseconds),
            .int(Int64(run.exchanges.count)),
            .array(fired),
            [.int(pattern), .array(messages)],
            texts.place(run.ruling.reason),
            .string(String(run.digest.hex.prefix(16))),
            prompts.place(run.prompt),
            .string(run.grade.letter.rawValue),
            plans.contains(index) ? .string(run.plan) : .null,
        ]
    }

    /// The place of what became of all invariants; -1 when there is no room for one more.
    private mutating func pattern(_ outcomes: JSONValue) -> Int64 {
        if let known = patternPlaces[outcomes] { return Int64(known) }
        guard patternBytesLeft > 0 else { return -1 }
        let size = outcomes.encoded().count + 1
        guard size <= patternBytesLeft else {
            patternBytesLeft = 0
            return -1
        }
        patternBytesLeft -= size
        patternPlaces[outcomes] = patterns.count
        patterns.append(outcomes)
        return Int64(patterns.count - 1)
    }

    /// The identifier, the title of its family, and what it does.
    private static func fault(_ id: String) -> JSONValue {
        guard let kind = FaultCatalogue.named(id) else { return [.string(id), "other", ""] }
        let family = FaultCatalogue.family(of: kind)?.name ?? "other"
        return [.string(id), .string(family), .string(kind.summary)]
    }

    private static func plans(_ runs: [RunSummary]) -> Set<Int> {
        let order =
            runs.indices.filter { runs[$0].verdict != .passed }
            + runs.indices.filter { runs[$0].verdict == .passed }
        var left = planBytesMax
        var chosen: Set<Int> = []
        for index in order {
            guard ScriptSafe.fits(runs[index].plan, left) else { break }
            left -= ScriptSafe.size(of: runs[index].plan)
            chosen.insert(index)
        }
        return chosen
    }
}
