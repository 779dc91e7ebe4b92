import Determinism
import Foundation
import Testing

/// What explorations are judged by, and the lines that do their runs again.
@Suite("Gates of explorations, and lines that do a run again")
struct SearchGateTests {
    private let place: SearchPlace
    private var folder: String { place.folder }

    init() throws { place = try SearchPlace() }

    private func write(_ text: String, _ name: String) throws { try place.write(text, name) }

    private func run(_ verb: [String], _ options: [String]) async throws -> CommandResult {
        try await place.run(verb, options)
    }

    @Test(
        "What an invariant weighs, and every gate, decides as it does for a storm by seed",
        arguments: [
            ("critical", ["--min-pass", "0%"], 1, "critical `exit_code == 0` is broken in"),
            ("low", ["--min-pass", "0%"], 0, ""), ("low", [], 1, ""),
            ("low", ["--min-score", "99%"], 1, "score"), ("low", ["--min-score", "1%"], 0, ""),
            ("critical", ["--min-score", "1%"], 1, "critical `exit_code == 0`"),
            ("low", ["--min-pass", "0%", "--min-runs", "1000"], 1, "1000"),
        ] as [(String, [String], Int32, String)])
    func gates(severity: String, options: [String], status: Int32, reason: String) async throws {
        try write(
            """
            scenario: refused
            faults:
              - fault: server-error
                on: { call: 1, probability: 50% }
                times: forever
            invariants:
              - { exit_code: 0, severity: \(severity) }
            """, "refused.yaml")
        let common = ["--no-history", "--scenario", "refused.yaml"] + options
        // By seed some runs pass and some fail; an exploration leaves the probability aside.
        let seeds = try await run(["storm", "--seeds", "1..8"], common)
        #expect(seeds.status == status, "by seed: \(seeds.out)\(seeds.err)")
        let liveness = ["storm", "--explore", "ladder", "--seeds", "1..8", "--restart"]
        let explored = try await run(liveness, common)
        #expect(explored.status == status, "\(explored.out)\(explored.err)")
        for text in [seeds.err, explored.err] where !reason.isEmpty {
            #expect(text.contains(reason), "\(text)")
        }
        // Runs that are known from a search that was cut off are judged like the others.
        _ = try await run(liveness, common + ["--max-runs", "4"])
        let resumed = try await run(liveness.filter { $0 != "--restart" }, common)
        #expect(resumed.err.contains("resuming: "), "\(resumed.err)")
        #expect(resumed.status == status, "\(resumed.out)\(resumed.err)")
    }

    @Test("Lines that do a run again hold what the runs went by, and do it again")
    func conditions() async throws {
        let given = ["--wall-limit", "41.5", "--memory-limit", "4096", "--process-limit", "90"]
        let told = " --no-config --wall-limit 41.5 --memory-limit 4096 --process-limit 90 "
        let common = given + ["--no-config"]
        let explored = try await run(
            [
                "storm", "--explore", "singles", "--no-history", "--kinds",
                "server-error,ttfb-spike",
            ],
            common)
        let failing = try Run(
            await run(
                ["replay", "--format", "json", "--scenario", "three.yaml", "--seed", "1"], common))
        let plan = failing.plan
        let shrunk = try await run(["shrink", "--scenario", "three.yaml", "--seed", "1"], common)
        let explained = try await run(["explain", "--plan", plan], common)
        let json = try await run(["explain", "--format", "json", "--plan", plan], common)
        let reproduce = try JSONValue.parse(Array(json.out.utf8))["reproduce"]?.stringValue ?? ""
        for text in [explored.out, shrunk.out, explained.out, "reproduce: \(reproduce)"] {
            let line = try #require(
                text.split(separator: "\n").last { $0.hasPrefix("reproduce: ") }, "\(text)")
            #expect(line.contains(told), "\(line)")
            let program = try Checkout.stormtape()
            let shell = "stormtape() { '\(program)' \"$@\"; }\n" + line.dropFirst(11)
            let again = try await Shell.run(["/bin/sh", "-c", shell], in: folder)
            #expect(again.status == 1, "\(again.out)\(again.err)")
        }
    }
}
