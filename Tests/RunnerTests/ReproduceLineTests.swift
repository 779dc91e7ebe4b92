import Determinism
import Simulation
import Testing

@testable import Runner

@Suite("The line that does a run again")
struct ReproduceLineTests {
    /// What a member of the configuration has to do with the line.
    enum Part {
        /// With this value the line holds these words.
        case words((inout RunConfiguration) -> Void, String)
        /// It decides nothing of the run, or the plan holds it.
        case elsewhere((inout RunConfiguration) -> Void)
    }

    static let usual = RunConfiguration(cassette: "a.cassette", command: ["python", "agent.py"])

    static let ask = AskSource(
        questions: Questions(port: 80, ready: nil, requests: [], patience: .seconds(1)),
        portVariable: "PORT", arguments: ["--ask", "my questions.yaml", "--value", "a=b c"])

    /// Every member, by name.
    static var parts: [String: Part] {
        [
            "cassette": .words({ $0.cassette = "my tape" }, "--cassette 'my tape' "),
            "command": .words({ $0.command = ["node", "it's.js"] }, " -- node 'it'\\''s.js'"),
            "wallLimitMilliseconds": .words(
                { $0.wallLimitMilliseconds = 1_050 }, "--wall-limit 1.05 "),
            "sleepsForReal": .words({ $0.sleepsForReal = true }, "--pace real "),
            "usesVirtualClock": .words({ $0.usesVirtualClock = false }, "--clock real "),
            "isolatesNetwork": .words({ $0.isolatesNetwork = false }, "--no-isolation "),
            "processesMax": .words({ $0.processesMax = 7 }, "--process-limit 7 "),
            "memoryMebibytesMax": .words({ $0.memoryMebibytesMax = 64 }, "--memory-limit 64 "),
            "ask": .words({ $0.ask = ask }, " --ask 'my questions.yaml' --value 'a=b c' -- "),
            "spelled": .words(
                { $0.spelled = ["wall-limit", "clock", "pace", "memory-limit", "process-limit"] },
                " --wall-limit 60 --pace immediate --clock virtual --memory-limit 8192 "
                    + "--process-limit 1000 --plan "),
            "file": .words({ $0.file = ["--config", "a b.yaml"] }, " --config 'a b.yaml' --plan "),
            "judges": .words(
                { $0.judges = try? JudgesSource("my judges", read: "/nowhere/judges.cassette") },
                " --judges 'my judges' --plan "),
            // The plan holds what these decided.
            "scenario": .elsewhere { $0.scenario = .init(file: "a.yaml", text: "scenario: a\n") },
            "prompt": .elsewhere { $0.prompt = "Another one" },
            "mutation": .elsewhere { $0.mutation = "typos" },
            "invariants": .elsewhere { $0.invariants = [["exit_code": 0]] },
            // These only show more of the run, or make it twice.
            "showsOutput": .elsewhere { $0.showsOutput = true },
            "confirmsFailures": .elsewhere { $0.confirmsFailures = false },
        ]
    }

    @Test("says all that decides the run, whichever member of the configuration says it")
    func members() throws {
        let plain = CommandLineText.reproduce(Self.usual, blob: "stp1.x")
        #expect(plain == "stormtape replay --cassette a.cassette --plan stp1.x -- python agent.py")
        let names = Mirror(reflecting: Self.usual).children.compactMap(\.label)
        #expect(Set(names) == Set(Self.parts.keys), "each member is decided upon here")
        for name in names {
            var configuration = Self.usual
            switch try #require(Self.parts[name]) {
            case .words(let change, let words):
                change(&configuration)
                let line = CommandLineText.reproduce(configuration, blob: "stp1.x")
                #expect(line.contains(words), "\(name): \(line)")
                #expect(!plain.contains(words), "\(name)")
            case .elsewhere(let change):
                change(&configuration)
                #expect(configuration != Self.usual, "\(name)")
                #expect(
                    CommandLineText.reproduce(configuration, blob: "stp1.x") == plain, "\(name)")
            }
        }
    }

    @Test("is the same when a worker prints it")
    func workers() throws {
        for (name, part) in Self.parts.sorted(by: { $0.key < $1.key }) {
            var configuration = Self.usual
            switch part {
            case .words(let change, _), .elsewhere(let change): change(&configuration)
            }
            let sent = try JSONValue.parse(configuration.json.canonical())
            let received = try #require(RunConfiguration(json: sent))
            #expect(
                CommandLineText.reproduce(received, blob: "b")
                    == CommandLineText.reproduce(configuration, blob: "b"), "\(name)")
        }
    }

    @Test(
        "gives seconds as the option takes them",
        arguments: [
            (1, "0.001"), (50, "0.05"), (999, "0.999"), (1_000, "1"), (1_500, "1.5"),
            (60_000, "60"), (86_400_000, "86400"),
        ])
    func seconds(milliseconds: Int64, text: String) {
        #expect(SecondsText.text(milliseconds: milliseconds) == text)
    }
}
