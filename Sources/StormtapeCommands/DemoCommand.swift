internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Storm the shipped support agent, offline, and prove that the storm repeats.",
        discussion: "Run it from a checkout, after `make demo` has set up the agents once.")

    @Option(help: "The seeds.")
    var seeds: String = "1..60"

    @Option(help: "How many worker processes.")
    var workers: Int?

    func run() throws {
        let demo = try Demo(seeds: Arguments.seeds(seeds), workers: workers)
        try demo.run()
    }
}

/// The story that the demo tells.
struct Demo {
    static let cassette = "cassettes/support.cassette"
    static let scenario = "fixtures/scenarios/demo.yaml"
    static let python = ".venv/bin/python"
    static let report = "stormtape-demo.html"

    let seeds: [Seed]
    let workers: Int?
    /// The workers of the first storm, who run it again, and look closer at its runs in the end.
    private let crew = StormCrew()

    init(seeds: [Seed], workers: Int?) {
        self.seeds = seeds
        self.workers = workers
    }

    func run() throws {
        say(
            "A support agent reads an order through a tool, asks a model with streaming, refunds",
            "through a second tool, and writes to the customer. It was recorded once, against a",
            "real model. Now the tape stands in for the world, and \(seeds.count) storms blow:",
            "rate limits, cut streams, lying tools, lost responses.", "")
        say("1. The agent as many people would write it", "")
        // Step 3 runs all of it again, which confirms every run and not failures alone.
        let naive = try storm("naive", seeds, confirms: false, workers: workers, crew: crew)
        Terminal.write(StormText.render(naive, style: Terminal.style))
        say("")
        try reproduce(naive)
        try again(naive)
        try hardened(naive)
        try report(naive)
        say(
            "", "Your agent next:",
            "  stormtape record --cassette a.cassette --upstream openai -- python agent.py",
            "  stormtape init --cassette a.cassette")
    }

    /// The storm as a page to open, or to send to somebody.
    private func report(_ storm: StormResult) throws {
        let details = try Storms.details(
            configuration("naive"), of: storm.runs, workers: workers ?? System.processorCount,
            crew: crew)
        guard System.replaceFile(Demo.report, HTMLReport.storm(storm, details: details)) else {
            throw RunnerError(.usage, "cannot write \(Demo.report)")
        }
        say("", "5. The report of the naive agent's storm, one file to open or to send", "")
        say("   \(Demo.report)")
    }

    /// The lowest failing seed again, from its closed plan alone.
    private func reproduce(_ storm: StormResult) throws {
        guard let failing = storm.runs.first(where: \.verdict.isFailure) else {
            throw RunnerError(.internalError, "the storm broke nothing; the demo has no story")
        }
        say("2. The first failure again, from the plan alone: no seed, no scenario", "")
        say("   \(failing.reproduce)", "")
        let plan = try PlanAccess.load(failing.plan)
        let run = try Storms.single(configuration("naive"), .plan(plan), confirms: false)
        Terminal.write(ReplayText.render(run.summary, style: Terminal.style))
        say("")
        try demand(
            run.summary.digest == failing.digest,
            "same digest as in the storm: \(failing.digest.hex.prefix(16))",
            "the plan gave digest \(run.summary.digest.hex.prefix(16)), the storm "
                + "\(failing.digest.hex.prefix(16))")
    }

    private func again(_ first: StormResult) throws {
        say("", "3. The whole storm again, with one worker more", "")
        let other = (workers ?? System.processorCount) + 1
        let second = try storm("naive", seeds, confirms: false, workers: other, crew: crew)
        try demand(
            first.digest == second.digest,
            "\(seeds.count) runs, the same storm digest: \(first.digest.hex.prefix(16))",
            "the storm's digest changed: \(first.digest.hex) and \(second.digest.hex)")
    }

    private func hardened(_ naive: StormResult) throws {
        let broken = naive.runs.filter(\.verdict.isFailure).compactMap(\.seed)
        say("", "4. The hardened agent in the \(broken.count) storms that broke the naive one", "")
        let storm = try storm("hardened", broken, confirms: true, workers: workers)
        let passed = storm.runs.count { $0.verdict == .passed }
        let assumed = storm.runs.count { $0.verdict == .passedAssumed }
        let holds = passed + assumed == storm.runs.count
        if !holds { Terminal.write(StormText.render(storm, style: Terminal.style)) }
        let onAssumed = assumed == 0 ? "" : " and \(assumed) on assumed answers"
        try demand(
            holds,
            "\(passed) of \(storm.runs.count) passed\(onAssumed)",
            "the hardened agent did not pass \(storm.runs.count - passed - assumed) runs")
    }

    private func storm(
        _ agent: String, _ seeds: [Seed], confirms: Bool, workers: Int?, crew: StormCrew? = nil
    ) throws -> StormResult {
        try StormRunner(
            configuration: try configuration(agent, confirms: confirms), seeds: seeds,
            workers: workers, crew: crew
        ).run(label: agent)
    }

    private func configuration(
        _ agent: String, confirms: Bool = false
    ) throws(RunnerError) -> RunConfiguration {
        guard System.contents(of: Demo.cassette) != nil else {
            throw RunnerError(
                .usage, "\(Demo.cassette) is not here; run the demo from a checkout: make demo")
        }
        var configuration = RunConfiguration(
            cassette: Demo.cassette,
            command: [Demo.python, "fixtures/agents/support_agent_\(agent).py"],
            scenario: RunConfiguration.ScenarioSource(
                file: Demo.scenario, text: try Arguments.fileText(Demo.scenario)))
        configuration.confirmsFailures = confirms
        return configuration
    }

    private func say(_ lines: String...) {
        for line in lines { Terminal.say(line) }
    }

    private func demand(_ holds: Bool, _ fine: String, _ broken: String) throws {
        guard holds else { throw RunnerError(.internalError, broken) }
        say("   ✓ \(fine)")
    }
}
