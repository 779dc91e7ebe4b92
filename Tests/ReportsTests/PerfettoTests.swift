import Cassette
import Determinism
import Faults
import Simulation
import Testing

@testable import Reports

@Suite("Trace events")
struct PerfettoTests {
    private func events(_ bytes: [UInt8]) throws -> [JSONValue] {
        try JSONValue.parse(bytes.dropLast())["traceEvents"]?.arrayValue ?? []
    }

    private func timed() throws -> [JSONValue] {
        let run = try Sample.timedRun()
        return try events(
            PerfettoReport.replay(
                run.summary, report: JSONReport.replay(run, exitCode: 1), scenario: "s"))
    }

    private func named(_ events: [JSONValue], _ phase: String) -> [JSONValue] {
        events.filter { $0["ph"]?.stringValue == phase }
    }

    @Test("every slice of a thread lies within or beside every other")
    func nesting() throws {
        for events in [try timed(), try events(PerfettoReport.storm(Sample.storm()))] {
            let slices = named(events, "X").map { event in
                let start = event["ts"]?.numberText.flatMap(Double.init) ?? -1
                let length = event["dur"]?.numberText.flatMap(Double.init) ?? -1
                return (
                    "\(event["pid"]?.intValue ?? 0) \(event["tid"]?.intValue ?? 0)", start,
                    start + length
                )
            }
            #expect(slices.count > 3)
            for (index, one) in slices.enumerated() {
                for other in slices.dropFirst(index + 1) where one.0 == other.0 {
                    #expect(one.2 <= other.1 || other.2 <= one.1)
                }
            }
        }
    }

    @Test("each thread and process that is used has a name")
    func names() throws {
        let events = try timed()
        let named = events.filter { $0["name"] == "thread_name" }.map { $0["tid"] }
        let used = events.filter { $0["ph"] != "M" }.map { $0["tid"] }
        #expect(used.allSatisfy { named.contains($0) })
        let names = events.filter { $0["name"] == "thread_name" }
            .compactMap { $0["args"]?["name"]?.stringValue }
        #expect(names == ["agent", "model openai", "tool tools", "tool tools 2", "faults"])
    }

    @Test("a retry is an arrow from the slice that failed to the one that asks again")
    func retries() throws {
        let events = try timed()
        let begin = try #require(named(events, "s").first)
        let end = try #require(named(events, "f").first)
        #expect(named(events, "s").count == 1 && named(events, "f").count == 1)
        #expect(begin["id"] == end["id"] && end["bp"] == "e")
        #expect(begin["ts"] == .number("30411999.999"))
        #expect(end["ts"] == .number("31000000"))
    }

    @Test("a wait that ran out is a slice, any other an instant; a time-out is told from a hang-up")
    func waits() throws {
        let events = try timed()
        let slices = named(events, "X").filter { $0["cat"] == "wait" }
        #expect(slices.map { $0["dur"] } == [.number("30000000")])
        let instants = named(events, "i").compactMap { $0["name"]?.stringValue }
        #expect(instants.contains("waits, at most 30.000 s"))
        #expect(instants.contains("time-out: the agent hangs up"))
        #expect(instants.contains("lost-response-after-commit"))
        #expect(instants.contains("tool-error (masked)"))
        #expect(instants.contains("stdout, 12 bytes"))
    }

    @Test("runs on a real clock have no global time: their exchanges are laid end to end")
    func realClock() throws {
        let events = try events(PerfettoReport.storm(Sample.storm()))
        let first = named(events, "X").filter { $0["pid"] == 1 }.compactMap { $0["ts"]?.numberText }
        #expect(Set(first) == ["0", "412000", "824000", "1236000"])
    }

    @Test("of a large storm each way to fail is shown, then the lowest seeds")
    func bound() throws {
        let runs = try (1...700).map { seed in
            try Sample.run(
                seed: UInt64(seed), fault: seed == 700 ? "tool-timeout" : nil
            ).summary
        }
        let storm = StormResult(cassette: Sample.cassette, scenario: "s", runs: runs, exitCode: 1)
        let report = try JSONValue.parse(PerfettoReport.storm(storm).dropLast())
        #expect(report["otherData"]?["runs_shown"] == 500)
        let names = (report["traceEvents"]?.arrayValue ?? [])
            .filter { $0["name"] == "process_name" }
            .compactMap { $0["args"]?["name"]?.stringValue }
        #expect(names.count == 500)
        #expect(names.last?.hasPrefix("seed 700: ") == true)
        #expect(names.dropLast().last?.hasPrefix("seed 499: ") == true)
    }

    @Test(
        "nanoseconds are decimals of microseconds",
        arguments: [
            (0, "0"), (1, "0.001"), (999, "0.999"), (1_000, "1"), (1_010, "1.010"), (-5, "-0.005"),
            (.min, "-9223372036854775.808"),
        ] as [(Int64, String)])
    func microseconds(nanoseconds: Int64, text: String) {
        #expect(TraceEventForm.microseconds(nanoseconds) == .number(text))
    }
}
