internal import Determinism
internal import Judgement
internal import Reports
internal import Runner
internal import Scenarios

/// All storms of a command, one after the other, reported and judged together.
struct ProjectStorm {
    let cases: [StormCase]
    let gates: GateSettings
    let settings: RunSettings
    let history: StormHistory

    /// Runs them, reports on standard output and into files, and gives the exit code.
    func run(_ format: ReportFormat) throws -> Int32 {
        try refuse(format)
        var contract = StormContract(gates)
        let crew = StormCrew()
        for storming in cases {
            var storm = try StormRunner(
                configuration: storming.configuration, seeds: storming.seeds,
                workers: gates.seeding.workers, tolerance: gates.tolerance, history: history,
                crew: crew
            ).run(label: cases.count > 1 ? storming.label : "storm")
            if cases.count > 1 { storm.scenario = storming.label }
            storm.reproduce(from: settings.entering)
            contract.add(storm, of: storming)
        }
        let outcome = contract.outcome
        var storms = contract.storms
        let code = SavedPlan.exitCode(
            contract.exitCode(outcome), replayed: storms.flatMap(\.savedFailures),
            tolerance: gates.tolerance)
        if storms.count == 1 { storms[0].exitCode = code }
        var pages = RunDetailsCache(
            cases: cases, workers: gates.seeding.workers, crew: crew)
        try report(storms, contract, outcome, code, format, &pages)
        try writeFiles(storms, &pages)
        OpenQuestionsNote.tell(settings.configuration.judges)
        return code
    }

    /// A form that holds one storm cannot hold several.
    private func refuse(_ format: ReportFormat) throws(RunnerError) {
        guard cases.count > 1, format != .text, format != .json else { return }
        throw RunnerError(
            .usage,
            "--format \(format.rawValue) holds one storm, and these are \(cases.count); choose "
                + "one with --scenario NAME, or let 'report' write one file for each")
    }

    private func report(
        _ storms: [StormResult], _ contract: StormContract, _ outcome: StormContract.Outcome,
        _ code: Int32, _ format: ReportFormat, _ pages: inout RunDetailsCache
    ) throws {
        guard storms.count > 1 else {
            Terminal.write(
                StormReport.bytes(
                    storms[0], format, Terminal.style, context(of: 0),
                    details: try pages.details(of: storms[0], 0, format)))
            contract.tell(outcome)
            return
        }
        guard format == .text else {
            Terminal.write(JSONReport.bytes(json(storms, contract, outcome, code)))
            return
        }
        for storm in storms {
            Terminal.say("── \(VisibleText.escaped(storm.scenario))")
            Terminal.write(StormReport.bytes(storm, .text, Terminal.style))
            Terminal.say("")
        }
        switch outcome {
        case .unjudged(let why): Terminal.say("contract: \(VisibleText.escaped(why))")
        case .judged(let verdict):
            let lines = ContractText.lines(
                verdict, reasons: contract.allReasons(verdict))
            Terminal.say(lines.joined(separator: "\n"))
        }
    }

    private func json(
        _ storms: [StormResult], _ contract: StormContract, _ outcome: StormContract.Outcome,
        _ code: Int32
    ) -> JSONValue {
        let judged: JSONValue =
            switch outcome {
            case .unjudged(let why): ["kept": .bool(false), "reasons": .array([.string(why)])]
            case .judged(let verdict):
                ContractText.json(
                    verdict, reasons: contract.allReasons(verdict)
                )
            }
        return [
            "schema": .int(Int64(1)), "storms": .array(storms.map { JSONReport.storm($0) }),
            "contract": judged, "exit_code": .int(Int64(code)),
        ]
    }

    /// What a report of a storm can point to.
    private func context(of index: Int) -> ReportContext {
        guard cases.indices.contains(index) else { return ReportContext() }
        let page = settings.file?.reports.first { $0.format == "html" }?.path
        let path = page.map { paths($0)[index] }
        return ReportContext(cases[index].configuration, attachment: path)
    }

    // MARK: Files

    /// Where the report of each storm is written.
    private func paths(_ path: String) -> [String] {
        let named =
            cases.count > 1 ? ReportPath.all(cases.map(\.label), in: path) : cases.map { _ in path }
        return named.map(settings.reportPath)
    }

    private func writeFiles(
        _ storms: [StormResult], _ pages: inout RunDetailsCache
    ) throws {
        for entry in settings.file?.reports ?? [] {
            guard let format = ReportFormat(rawValue: entry.format) else { continue }
            let paths = paths(entry.path)
            for (index, storm) in storms.enumerated() where paths.indices.contains(index) {
                let path = paths[index]
                let bytes = StormReport.bytes(
                    storm, format, TextStyle(color: false, width: 100), context(of: index),
                    details: try pages.details(of: storm, index, format))
                guard System.replaceFile(path, bytes) else {
                    throw RunnerError(.usage, "cannot write the report \(path)")
                }
                Terminal.complain("wrote \(path)")
            }
        }
    }
}

/// The runs that are shown in full, which only a page has room for.
///
/// They are run once more for it, whatever number of pages is asked for.
struct RunDetailsCache {
    let cases: [StormCase]
    let workers: Int
    let crew: StormCrew
    private var known: [Int: RunDetails] = [:]

    init(cases: [StormCase], workers: Int, crew: StormCrew) {
        self.cases = cases
        self.workers = workers
        self.crew = crew
    }

    mutating func details(
        of storm: StormResult, _ index: Int, _ format: ReportFormat
    ) throws -> RunDetails {
        guard format == .html, cases.indices.contains(index) else { return RunDetails() }
        if let known = known[index] { return known }
        let details = try Storms.details(
            cases[index].configuration, of: storm.runs, workers: workers, crew: crew)
        known[index] = details
        return details
    }
}

extension StormResult {
    /// Makes the lines that reproduce its runs right in another folder, by words before them.
    mutating func reproduce(from entering: String) {
        guard !entering.isEmpty else { return }
        for index in runs.indices { runs[index].reproduce = entering + runs[index].reproduce }
        for index in savedFailures.indices {
            savedFailures[index].run.reproduce = entering + savedFailures[index].run.reproduce
        }
    }
}

/// Where the report of one storm of several is written.
enum ReportPath {
    /// One path for each scenario; one that is taken gets a number.
    static func all(_ scenarios: [String], in path: String) -> [String] {
        var taken: Set<String> = []
        return scenarios.map { scenario in
            var name = of(scenario, in: path)
            var number = 2
            while !taken.insert(name).inserted {
                name = of("\(scenario)-\(number)", in: path)
                number += 1
            }
            return name
        }
    }

    /// The path with the scenario's name before its last point.
    static func of(_ scenario: String, in path: String) -> String {
        let word = String(
            scenario.unicodeScalars.map { scalar in
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || scalar == "." || scalar == "_"
                    ? Character(scalar) : "-"
            })
        let folder = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let point = path[folder...].lastIndex(of: "."), point > folder else {
            return "\(path)-\(word)"
        }
        return "\(path[..<point])-\(word)\(path[point...])"
    }
}
