import Determinism
import Foundation
import Testing

#if os(Linux)
    /// A server on a real SDK that is asked the same twice.
    @Suite("A turn that comes again")
    struct TurnTests {
        private struct Asked: Sendable {
            var tape: Tape
            var options: [String]
        }

        private static let recorded = Task {
            let questions = try Scratch.file(
                "turns.yaml",
                """
                port: \(try ServerPort.free())
                requests:
                  - path: /turns
                    body: {turn: t-1, text: "Refund order A-1001, please."}
                """)
            let cassette = try Scratch.folder() + "/turns.cassette"
            let command = try Checkout.agent("turn_server.py")
            let result = try await LocalServer.with("../bugs/world.py") { address in
                try await Stormtape.run(
                    ["record", "--cassette", cassette, "--upstream", "openai=\(address)/v1"]
                        + ["--upstream", "shop=\(address)", "--env", "SHOP_URL=shop"]
                        + ["--ask", questions, "--"] + command)
            }
            guard result.status == 0 else {
                throw SetUpError("record ended with \(result.status): \(result.err)")
            }
            return Asked(
                tape: Tape(cassette: cassette, command: command, recorded: result),
                options: ["--ask", questions])
        }

        struct Case: Sendable, CustomTestStringConvertible {
            var variant: String
            var aim: String
            var testDescription: String { "\(variant) at \(aim)" }

            var scenario: String {
                """
                scenario: turn
                faults:
                  - fault: duplicate-user-message
                    on: { \(aim) }
                    variant: \(variant)
                invariants:
                  - no_repeated_side_effect: true
                off_tape: fail
                """
            }
        }

        static let cases = [
            Case(variant: "duplicate-user-message", aim: "upstream: openai, call: 1"),
            Case(variant: "duplicate-user-message", aim: #"tool: "POST /refunds""#),
            Case(variant: "late-user-message", aim: "upstream: openai, call: 2"),
            Case(variant: "interrupt", aim: "upstream: openai, call: 1"),
            Case(variant: "interrupt", aim: #"tool: "POST /refunds""#),
        ]

        private static func replay(_ item: Case, mended: Bool) async throws -> Run {
            let asked = try await recorded.value
            return try await asked.tape.replay(
                scenario: item.scenario, options: asked.options,
                command: asked.tape.command + (mended ? [PlantedBug.mendedFlag] : []))
        }

        @Test(
            "A server that knows its turns has each effect once, twice in the same way",
            arguments: cases)
        func once(_ item: Case) async throws {
            let runs = [
                try await Self.replay(item, mended: true),
                try await Self.replay(item, mended: true),
            ]
            for run in runs {
                #expect(run.verdict == "passed", "\(run.text("reason")) \(run.err)")
                #expect(run.fired == ["duplicate-user-message"])
                #expect(run.text("grade") == "A", "\(run.list("grade_reasons"))")
            }
            #expect(runs[0].digest == runs[1].digest, "\(runs[1].difference(from: runs[0]))")
            let asked = runs[0].json["trace"]?["asked"]?.arrayValue ?? []
            #expect(asked.count == 2)
            #expect(asked.last?["repeats"]?.intValue == 1)
            let endings = asked.compactMap { $0["ending"]?.stringValue }
            let isLeft = item.variant == "interrupt"
            #expect(endings == [isLeft ? "interrupted" : "complete", "complete"])
            #expect(
                asked.last?["body"]?.stringValue?.contains("Order A-1001 was refunded") == true)
        }

        @Test("One that does not has it twice", arguments: cases)
        func twice(_ item: Case) async throws {
            let run = try await Self.replay(item, mended: false)
            #expect(run.verdict == "violated", "\(run.text("reason")) \(run.err)")
            #expect(run.text("reason").hasPrefix("no_repeated_side_effect"))
            let asked = try await Self.recorded.value
            let again = try await asked.tape.replay(
                asked.options + ["--plan", run.plan])
            #expect(again.digest == run.digest, "\(again.difference(from: run))")
        }

        @Test("A storm of workers gives the digests of one")
        func storm() async throws {
            let asked = try await Self.recorded.value
            let file = try Scratch.file("turn.yaml", Self.cases[0].scenario)
            var digests: [String] = []
            for workers in ["1", "3"] {
                let storm = try await asked.tape.storm(
                    file, seeds: "1..4", options: asked.options + ["--workers", workers])
                #expect(storm.runs.count == 4)
                digests.append(storm.digest)
            }
            #expect(digests[0] == digests[1])
        }
    }
#endif
