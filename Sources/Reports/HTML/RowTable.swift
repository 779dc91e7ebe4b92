internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// One short row for every run, and what the rows have in common.
struct RowTable {
    /// How many bytes the closed plans of rows may take together; failures come first.
    static let planBytesMax = 13 << 18

    private var texts = TextTable()
    private var faults = TextTable()
    private var invariants = TextTable()
    private var prompts = TextTable()
    private(set) var rows: [JSONValue] = []
    /// What became of all invariants of a run: thousands of runs have the same.
    private var patterns: [JSONValue] = []
    private var patternPlaces: [JSONValue: Int] = [:]
    private let places: GroupPlaces
    private let plans: Set<Int>

    init(_ runs: [RunSummary]) {
        places = GroupPlaces(runs)
        plans = RowTable.plans(runs)
        for (index, run) in runs.enumerated() { rows.append(row(run, index)) }
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

    private mutating func row(_ run: RunSummary, _ index: Int) -> JSONValue {
        let verdict = Verdict.allCases.firstIndex(of: run.verdict) ?? 0
        let fired = run.fired.flatMap { met in
            [faults.place(met.planned.fault), .int(Int64(met.exchange.number))]
        }
        let outcomes = run.invariants.map { result -> JSONValue in
            let outcome: Int64 = !result.passed ? 1 : result.isJudged ? 0 : 2
            return [invariants.place(result.id), .int(outcome)]
        }
        let messages = run.invariants.filter { !$0.passed }.map { texts.place($0.message) }
        return [
            run.seed.map { .string($0.description) } ?? .null,
            .int(Int64(verdict)),
            .int(Int64(places.groups[index] ?? -1)),
            .int(run.virtualTime.nanoseconds),
            .int(Int64(run.exchanges.count)),
            .array(fired),
            [pattern(.array(outcomes)), .array(messages)],
            texts.place(run.ruling.reason),
            .string(String(run.digest.hex.prefix(16))),
            prompts.place(run.prompt),
            .string(run.grade.letter.rawValue),
            plans.contains(index) ? .string(run.plan) : .null,
        ]
    }

    private mutating func pattern(_ outcomes: JSONValue) -> JSONValue {
        if let known = patternPlaces[outcomes] { return .int(Int64(known)) }
        patternPlaces[outcomes] = patterns.count
        patterns.append(outcomes)
        return .int(Int64(patterns.count - 1))
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
            left -= runs[index].plan.utf8.count
            guard left >= 0 else { break }
            chosen.insert(index)
        }
        return chosen
    }
}
