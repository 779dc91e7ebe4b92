internal import Determinism
internal import Faults
internal import Judgement
internal import Reports
internal import Runner
internal import Scenarios
internal import Search

/// `storm --explore`: one exploration with its progress shown, reported and judged.
struct ExploreRun {
    let explore: ExploreOptions
    let gates: GateSettings
    let history: StormHistory
    let entering: String

    /// The folder of journals.
    static let journals = ".stormtape/search"

    /// Explores, reports on standard output and into the certificate, and gives the exit code.
    func run(_ storming: StormCase, _ format: ReportFormat) throws -> Int32 {
        guard format == .text || format == .json else {
            throw RunnerError(
                .usage,
                "--format \(format.rawValue) shows storms by seed; an exploration is shown as "
                    + "text or json, which is its certificate")
        }
        let options = try explore.options(seeds: storming.seeds)
        if let path = explore.certificate { try OutputFile.demand(path, "certificate") }
        var request = ExplorationRequest(
            storming.configuration, options: options, workers: gates.seeding.workers,
            space: FaultSpace.Options(draws: explore.draws), journals: ExploreRun.journals,
            tool: StormtapeVersion.current)
        request.secondsMax = explore.secondsMax
        request.restarts = explore.restart
        request.outputs = [explore.certificate].compactMap(\.self)
        request.history = history
        request.replaysSaved = explore.certificate == nil && explore.shard == nil
        var ladder = LadderProgress()
        let explored = try Explorations.explore(
            request, say: { Terminal.complain(VisibleText.escaped($0)) },
            progress: { ladder.show($0) })
        let certificate = explored.certificate
        if let path = explore.certificate {
            guard System.replaceFile(path, certificate.bytes) else {
                throw RunnerError(.usage, "cannot write the certificate \(path)")
            }
            Terminal.complain("wrote \(path)")
        }
        switch format {
        case .json: Terminal.write(certificate.bytes)
        default: show(explored, storming.configuration)
        }
        explored.forgetJournal()
        OpenQuestionsNote.tell(storming.configuration.judges)
        return judge(explored, storming)
    }

    /// Judges what was run as a storm is judged, and says why a gate is not reached.
    ///
    /// An exploration that was cut off has proved nothing of what is left; its exit code is that
    /// of what was run.
    private func judge(_ explored: ExploredAgent, _ storming: StormCase) -> Int32 {
        var contract = StormContract(gates)
        let cells = explored.cells.map { cell in
            var cell = cell
            cell.run.scenario = storming.scenario
            return cell
        }
        contract.add(cells, explored.certificate.rows.compactMap(\.verdict), of: storming)
        let outcome = contract.outcome
        contract.tell(outcome)
        return contract.exitCode(outcome)
    }

    /// The exit code of a certificate alone: it holds verdicts, and no gates.
    static func exitCode(_ certificate: Certificate) -> Int32 {
        ExitCodes.of(certificate.rows.compactMap(\.verdict), tolerance: Tolerance())
    }

    private func show(_ explored: ExploredAgent, _ configuration: RunConfiguration) {
        let certificate = explored.certificate
        for line in certificate.lines { Terminal.say(VisibleText.escaped(line)) }
        for failure in certificate.failures {
            let blob = PlanBlob.encode(failure.plan)
            Terminal.say("")
            Terminal.say(VisibleText.escaped(failure.signature.text))
            for fault in failure.plan.faults {
                Terminal.say("  " + VisibleText.escaped(PlannedFaultText.line(fault)))
            }
            Terminal.say(
                "reproduce: " + entering + CommandLineText.reproduce(configuration, blob: blob))
        }
        Terminal.say("")
        Terminal.say("certificate \(certificate.digest.hex)")
    }
}

/// How far an exploration has come: one line on a terminal; in a log, a line a rung and quarter.
struct LadderProgress {
    private let isTerminal = System.isTerminal(2)
    private var last = ""
    private var quarter = -1

    mutating func show(_ progress: ExplorationProgress) {
        let text =
            "\(progress.phase.rawValue): \(progress.done)/\(progress.total) decided, "
            + "\(progress.runs) runs in all, \(progress.failed) failing"
        if isTerminal {
            System.write(Array("\r\u{1B}[K\(text)".utf8), to: 2)
            if progress.done == progress.total { System.write(Array("\r\u{1B}[K".utf8), to: 2) }
            return
        }
        let part = progress.done * 4 / max(1, progress.total)
        guard progress.phase.rawValue != last || part != quarter else { return }
        (last, quarter) = (progress.phase.rawValue, part)
        Terminal.complain(text)
    }
}
