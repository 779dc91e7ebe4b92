internal import ArgumentParser
internal import Determinism
internal import Faults
internal import Judgement
internal import Reports
internal import Runner
internal import Scenarios
internal import Search

struct ShrinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Make a failing plan as small and as simple as it can be.",
        discussion: """
            EXAMPLES
              stormtape shrink --cassette a.cassette --plan stp1.… -- python agent.py
              stormtape shrink --cassette a.cassette --scenario storm.yaml --seed 7 \\
                --emit-test pytest -- python agent.py

            It ends with 1 when the plan fails, shrunk or not; with 0 when it passes, so that there
            is nothing to shrink; with 4 when two runs of it were not the same.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var chosen: ChoiceOptions
    @OptionGroup var search: ShrinkOptionGroup

    @Option(
        name: .customLong("emit-test"),
        help: "Write a test that fails today and passes when the agent is mended: pytest or swift.")
    var emitTest: EmittedTest.Language?

    @Option(
        name: .customLong("test-output"), help: "Where the test is written; else a name is made.")
    var testOutput: String?

    @Option(
        name: .customLong("cut-cassette"),
        help: "Write a cassette of only what the failure needs, to attach to a report.")
    var cutCassette: String?

    func run() throws {
        // Meant from here; the agent's folder may be another one.
        let project = try options.projectOptions.project()
        let cutPath = cutCassette.map { project?.lasting($0) ?? $0 }
        let testPath = testOutput.map { project?.lasting($0) ?? $0 }
        if let cutPath { try OutputFile.demandNew(cutPath, "cassette") }
        if let testPath, emitTest != nil { try OutputFile.demand(testPath, "test") }
        let target = try SearchTarget(options, chosen, search)
        let shrunk = try target.shrink(explains: false, search)
        // What was found is shown, whatever becomes of the files.
        let cut = Result { try cutPath.flatMap { try self.cut(shrunk.result, target, to: $0) } }
        let made = try? cut.get()
        switch search.format {
        case .json: Terminal.write(JSONReport.bytes(json(shrunk, target, made?.plan)))
        case .text: ShrinkText.show(shrunk, target, cut: made)
        }
        if let language = emitTest {
            try emit(language, shrunk.result, target, to: testPath)
        }
        _ = try cut.get()
        throw ExitCode(ShrinkText.exitCode(shrunk.result.outcome))
    }

    private func cut(
        _ result: ShrinkResult, _ target: SearchTarget, to path: String
    ) throws -> (path: String, plan: Plan)? {
        guard result.outcome == .shrunk else { return nil }
        guard let cut = try target.shrinking.cutCassette(result, to: path) else {
            Terminal.complain(
                "\(path): with only what the run came to the agent does not fail the same way; "
                    + "the whole cassette is needed")
            return nil
        }
        Terminal.complain("wrote \(path): \(cut.kept) of \(cut.of) interactions")
        return (path, cut.plan)
    }

    private func json(_ shrunk: ShrunkAgent, _ target: SearchTarget, _ cut: Plan?) -> JSONValue {
        var json = shrunk.result.json
        let blob = PlanBlob.encode(shrunk.result.plan)
        json["plan_blob"] = .string(blob)
        json["reproduce"] = .string(target.reproduce(blob))
        if let grade = shrunk.worstGrade { json["worst_grade"] = .string(grade.rawValue) }
        if let cut { json["cut_plan_blob"] = .string(PlanBlob.encode(cut)) }
        return json
    }

    /// The whole cassette is used: a mended agent gets further than the failing one did.
    private func emit(
        _ language: EmittedTest.Language, _ result: ShrinkResult, _ target: SearchTarget,
        to given: String?
    ) throws {
        guard result.outcome == .shrunk, let signature = result.signature else { return }
        let path =
            given ?? EmittedTest.standardPath(language, failure: signature.text)
        var configuration = target.configuration
        if configuration.file.count == 2 {
            configuration.file[1] = EmittedTest.relative(configuration.file[1])
        }
        let test = EmittedTest(
            language: language, failure: signature.text,
            arguments: [
                "replay", "--cassette", configuration.cassette, "--plan",
                PlanBlob.encode(result.plan),
            ] + configuration.conditions + (configuration.ask?.arguments ?? []) + ["--"]
                + configuration.command,
            path: EmittedTest.relative(path))
        guard System.replaceFile(path, Array(test.text.utf8)) else {
            throw RunnerError(.usage, "cannot write the test \(path)")
        }
        Terminal.complain("wrote \(path)")
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shrink a failing plan and say what of it matters, and from where on.",
        discussion: """
            EXAMPLE
              stormtape explain --cassette a.cassette --plan stp1.… -- python agent.py
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var chosen: ChoiceOptions
    @OptionGroup var search: ShrinkOptionGroup

    func run() throws {
        let target = try SearchTarget(options, chosen, search)
        let shrunk = try target.shrink(explains: true, search)
        switch search.format {
        case .json:
            var json = shrunk.result.json
            if let explanation = shrunk.explanation { json["explanation"] = explanation.json }
            let blob = PlanBlob.encode(shrunk.result.plan)
            json["plan_blob"] = .string(blob)
            json["reproduce"] = .string(target.reproduce(blob))
            if let grade = shrunk.worstGrade { json["worst_grade"] = .string(grade.rawValue) }
            Terminal.write(JSONReport.bytes(json))
        case .text:
            ShrinkText.show(shrunk, target, cut: nil)
            if let explanation = shrunk.explanation { try show(explanation, target) }
        }
        throw ExitCode(ShrinkText.exitCode(shrunk.result.outcome))
    }

    private func show(_ explanation: Explanation, _ target: SearchTarget) throws {
        Terminal.say("")
        for line in explanation.lines { Terminal.say(VisibleText.escaped(line)) }
        guard let nearest = explanation.nearest else { return }
        let blob = PlanBlob.encode(nearest.plan)
        Terminal.say("the passing run: " + target.reproduce(blob))
    }
}

/// Options of commands that shrink.
struct ShrinkOptionGroup: ParsableArguments {
    @Option(help: "How many worker processes; the result does not depend on it.")
    var workers: Int?

    @Option(name: .customLong("max-runs"), help: "How many runs it may take.")
    var runsMax: Int = 500

    @Option(help: "text or json.")
    var format: FaultsCommand.Format = .text
}

/// An agent and a plan of it, for commands that search.
struct SearchTarget {
    let configuration: RunConfiguration
    let shrinking: Shrinking
    let plan: Plan
    let entering: String

    init(
        _ options: RunOptions, _ chosen: ChoiceOptions, _ search: ShrinkOptionGroup
    ) throws {
        guard chosen.plan != nil || chosen.seed != nil else {
            throw RunnerError(
                .usage,
                "give the plan that fails: --plan with the text from a report, or --scenario and "
                    + "--seed")
        }
        let workers = search.workers ?? System.processorCount
        guard (1...256).contains(workers) else {
            throw RunnerError(.usage, "--workers \(workers): from 1 to 256")
        }
        guard search.runsMax >= 2 else {
            throw RunnerError(.usage, "--max-runs \(search.runsMax): 2 or more")
        }
        let single = try SingleSettings(options, chosen)
        configuration = single.configuration
        entering = single.entering
        shrinking = Shrinking(configuration, workers: workers)
        plan = try shrinking.plan(single.choice)
    }

    func reproduce(_ blob: String) -> String {
        entering + CommandLineText.reproduce(configuration, blob: blob)
    }

    func shrink(explains: Bool, _ search: ShrinkOptionGroup) throws -> ShrunkAgent {
        try shrinking.shrink(plan, runsMax: search.runsMax, explains: explains) { step in
            Terminal.complain(
                VisibleText.escaped(
                    "\(step.stage.rawValue): \(step.description) (\(step.runs) runs, "
                        + "\(step.faults) faults)"))
        }
    }
}

/// What shrinking found, for people.
enum ShrinkText {
    static func exitCode(_ outcome: ShrinkOutcome) -> Int32 {
        switch outcome {
        case .shrunk, .differs: ExitCodes.failed
        case .passes(let verdict): ExitCodes.of(verdict)
        case .nondeterministic: ExitCodes.nondeterministic
        }
    }

    static func show(
        _ shrunk: ShrunkAgent, _ target: SearchTarget, cut: (path: String, plan: Plan)?
    ) {
        let result = shrunk.result
        guard result.outcome == .shrunk, let signature = result.signature else {
            Terminal.say("nothing to shrink: \(VisibleText.escaped(result.outcome.text))")
            return
        }
        Terminal.say(VisibleText.escaped(signature.text))
        if !result.observation.reason.isEmpty {
            Terminal.say("  " + VisibleText.escaped(result.observation.reason))
        }
        let count = result.plan.faults.count
        let minimal = result.isMinimal ? "minimal" : "not minimal: the budget was spent"
        Terminal.say(
            "\(result.closed.faults.count) faults became \(count), \(minimal), after "
                + "\(result.runs) runs"
                + (shrunk.worstGrade.map { ", grade \($0.rawValue)" } ?? ""))
        for fault in result.plan.faults {
            Terminal.say("  " + VisibleText.escaped(PlannedFaultText.line(fault)))
        }
        for other in result.others {
            Terminal.say(
                VisibleText.escaped("seen on the way, another failure: \(other.signature.text)"))
        }
        Terminal.say("reproduce: " + target.reproduce(PlanBlob.encode(result.plan)))
        guard let cut else { return }
        var smaller = target.configuration
        smaller.cassette = cut.path
        Terminal.say(
            "with the cut cassette: " + target.entering
                + CommandLineText.reproduce(smaller, blob: PlanBlob.encode(cut.plan)))
    }
}
