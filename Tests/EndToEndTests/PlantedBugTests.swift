import Determinism
import Testing

/// Agents with one classic bug each: its storm finds it, and lets the mended twin through.
@Suite("Planted bugs")
struct PlantedBugTests {
    @Test("The storm finds the bug by its rule and lets the mended twin through", arguments: bugs)
    func found(_ bug: PlantedBug) async throws {
        let tape = try await bug.record()
        let broken = try await tape.storm(bug.scenario, seeds: bug.seeds)
        let mended = try await tape.storm(
            bug.scenario, seeds: bug.seeds, command: tape.command + [PlantedBug.mendedFlag])
        #expect(broken.status == 1, "\(broken.err)")
        #expect(mended.status == 0, "\(mended.err)")
        try #require(!broken.runs.isEmpty && broken.runs.count == mended.runs.count)
        for (broken, mended) in zip(broken.runs, mended.runs) {
            // The same storm: the faults are the same, also where one agent did not come to all.
            #expect(broken["seed"] == mended["seed"])
            #expect(broken["planned"] == mended["planned"])
            #expect(broken["faults"]?.arrayValue?.isEmpty == false)
            #expect(mended["faults"]?.arrayValue?.isEmpty == false)
            check(bug, broken)
            checkMended(bug, mended)
        }
    }

    private func check(_ bug: PlantedBug, _ run: JSONValue) {
        let reason = run["reason"]?.stringValue ?? ""
        #expect(run["verdict"]?.stringValue == bug.verdict, "\(reason)")
        let rule = bug.rule(in: run)
        #expect(rule?["passed"]?.boolValue == false, "\(reason)")
        #expect(rule?["witnesses"]?.arrayValue?.isEmpty == false)
        if bug.verdict == "violated" { #expect(reason.hasPrefix(bug.rule), "\(reason)") }
    }

    private func checkMended(_ bug: PlantedBug, _ run: JSONValue) {
        let reason = run["reason"]?.stringValue ?? ""
        #expect(run["verdict"]?.stringValue == "passed", "\(reason)")
        // It holds because the agent did right, not because nobody looked.
        #expect(bug.rule(in: run)?["judged"]?.boolValue == true)
        #expect(bug.rule(in: run)?["passed"]?.boolValue == true)
    }

    @Test("A storm of no seeds is an error, not a success")
    func emptyMatrix() async throws {
        let tape = try await ProbeTape.tool.tape
        for seeds in ["", "2..1"] {
            let result = try await Stormtape.run(
                ["storm", "--no-history", "--cassette", tape.cassette]
                    + ["--scenario", Self.bugs[0].scenario]
                    + ["--seeds", seeds, "--"] + tape.command)
            #expect(result.status == 2, "\(result.out)")
            #expect(result.err.contains("--seeds"), "\(result.err)")
        }
    }

    /// Two seeds where the seed draws a place or a delay.
    static let bugs = [
        PlantedBug("double_refund", "no_repeated_side_effect"),
        PlantedBug("truncated_stream", "answer_complete", .anthropic, seeds: "1..2"),
        PlantedBug("hammering", "retry_after_honoured", seeds: "1..2"),
        PlantedBug("retry_forever", "no_retry_on_permanent", .anthropic),
        PlantedBug("empty_result_loop", "no_loop"),
        PlantedBug("truncated_arguments", "no_act_on_truncated", seeds: "1..2"),
        PlantedBug("no_time_out", "completes_after_faults", seeds: "1..2", verdict: "hung"),
        PlantedBug("injection_obeyed", "injection_not_obeyed"),
        PlantedBug("secret_in_error", "graceful_error"),
        PlantedBug("invented_data", "data_from_tools", .anthropic),
        PlantedBug("orphan_call", "history_wellformed"),
        PlantedBug("repeated_step", "no_repeated_side_effect"),
        PlantedBug("open_call", "history_wellformed", .anthropic),
        PlantedBug("swallowed_error", "completes_after_faults", .anthropic),
    ]
}

/// One agent of `fixtures/bugs`, with the storm that brings its bug out.
struct PlantedBug: Sendable, CustomTestStringConvertible {
    enum Provider: String {
        case openai
        case anthropic
    }

    static let mendedFlag = "--mended"

    let name: String
    /// The invariant that judges it.
    let rule: String
    let provider: Provider
    let seeds: String
    let verdict: String

    init(
        _ name: String, _ rule: String, _ provider: Provider = .openai, seeds: String = "1",
        verdict: String = "violated"
    ) {
        self.name = name
        self.rule = rule
        self.provider = provider
        self.seeds = seeds
        self.verdict = verdict
    }

    var testDescription: String { name }
    var scenario: String { "\(Checkout.root)/fixtures/bugs/\(name).yaml" }

    /// What a run's report says of the rule.
    func rule(in run: JSONValue) -> JSONValue? {
        run["invariants"]?.arrayValue?.first { $0["invariant"]?[rule] != nil }
    }

    /// Records the agent: with its bug or without it asks the same while nothing goes wrong.
    func record() async throws -> Tape {
        let cassette = try Scratch.folder() + "/\(name).cassette"
        let command = try Checkout.agent("../bugs/\(name).py")
        let result = try await LocalServer.with("../bugs/world.py") { address in
            let model = provider == .openai ? "openai=\(address)/v1" : "anthropic=\(address)"
            return try await Stormtape.run(
                ["record", "--cassette", cassette, "--upstream", model]
                    + ["--upstream", "shop=\(address)", "--env", "SHOP_URL=shop", "--"] + command)
        }
        guard result.status == 0 else {
            throw SetUpError("record ended with \(result.status): \(result.err)")
        }
        return Tape(cassette: cassette, command: command, recorded: result)
    }
}
