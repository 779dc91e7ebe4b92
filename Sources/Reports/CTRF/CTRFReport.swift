internal import Determinism
internal import Faults
internal import Judgement

/// A storm or a run in the Common Test Report Format, version 1.0.
///
/// Times are virtual and count from the epoch, so that the file repeats. A run in which nothing is
/// broken, but a verdict waits for a judge, is pending.
package enum CTRFReport {
    /// When the tests take more together, further ones only say what became of them.
    package static let bytesMax = 24_000_000

    /// A storm.
    package static func storm(
        _ storm: StormResult, _ context: ReportContext, bytesMax: Int = CTRFReport.bytesMax
    ) -> [UInt8] {
        SafeJSON.bytes(json(ReportInput(storm), context, bytesMax))
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, scenario: String, _ context: ReportContext
    ) -> [UInt8] {
        SafeJSON.bytes(
            json(
                ReportInput(run, scenario: scenario, cassette: context.cassette), context, bytesMax)
        )
    }

    private static func json(
        _ input: ReportInput, _ context: ReportContext, _ bytesMax: Int
    ) -> JSONValue {
        var writer = CTRFTests(
            context: context, suite: BoundedText.line(input.scenario, 200), bytesLeft: bytesMax)
        var tests = input.runs.map { writer.test($0) }
        tests += input.savedFailures.map { writer.saved($0.run) }
        var tool = [JSONMember("name", "stormtape")]
        if let version = context.version { tool.append(JSONMember("version", .string(version))) }
        var identity = [JSONMember("digest", .string(input.digest.hex))]
        if let cassette = input.cassette {
            identity.append(JSONMember("cassette", .string(cassette.hex)))
        }
        if let open = OpenVerdicts.text(of: input.runs) {
            identity.append(JSONMember("judges", .string(open)))
        }
        return [
            "reportFormat": "CTRF", "specVersion": "1.0.0", "generatedBy": "stormtape",
            "results": [
                "tool": .object(tool), "summary": summary(input), "tests": .array(tests),
                "extra": .object(identity),
            ],
        ]
    }

    private static func summary(_ input: ReportInput) -> JSONValue {
        let saved = input.savedFailures
        let pending = input.runs.count(where: \.isPending)
        let other = input.runs.count - input.passedCount - input.failureCount
        let failed = input.failureCount + saved.count
        let time = milliseconds(saved.reduce(input.virtualTime) { $0 + $1.run.virtualTime })
        let flaky = input.runs.count { $0.verdict == .nondeterministic }
        return [
            "tests": .int(Int64(input.runs.count + saved.count)),
            "passed": .int(Int64(input.passedCount - pending)), "failed": .int(Int64(failed)),
            "skipped": 0, "pending": .int(Int64(pending)), "other": .int(Int64(other)),
            "flaky": .int(Int64(flaky)),
            "suites": saved.isEmpty ? 1 : 2, "start": 0, "stop": time, "duration": time,
        ]
    }

    fileprivate static func milliseconds(_ duration: SimDuration) -> JSONValue {
        .int(duration.nanoseconds / 1_000_000)
    }
}

/// Writes the tests of a report, all of them together within bounds.
struct CTRFTests {
    let context: ReportContext
    /// The name of the scenario.
    let suite: String
    private var names = CaseNames()
    private var bytesLeft: Int

    init(context: ReportContext, suite: String, bytesLeft: Int) {
        self.context = context
        self.suite = suite
        self.bytesLeft = bytesLeft
    }

    mutating func test(_ run: RunSummary) -> JSONValue {
        test(run, name: names.name(run), suites: [.string(suite)])
    }

    /// A failure of an earlier storm, in a suite of its own.
    mutating func saved(_ run: RunSummary) -> JSONValue {
        test(
            run, name: "saved failure: " + names.name(run),
            suites: [.string(suite), "saved failures"])
    }

    private mutating func test(
        _ run: RunSummary, name: String, suites: [JSONValue]
    ) -> JSONValue {
        var head = [
            JSONMember("name", .string(name)), JSONMember("status", .string(status(run))),
            JSONMember("duration", CTRFReport.milliseconds(run.virtualTime)),
            JSONMember("suite", .array(suites)),
            JSONMember("rawStatus", .string(run.verdict.rawValue)),
            JSONMember("type", "e2e"),
            JSONMember("flaky", .bool(run.verdict == .nondeterministic)),
        ]
        let isTold = run.verdict != .passed
        if let message = isTold ? run.ruling.reason : run.isPending ? waits(run) : nil {
            head.append(JSONMember("message", .string(BoundedText.line(message, 1_000))))
        }
        var tail: [JSONMember] = []
        let place = run.verdict == .passed ? context.scenarioPlace : context.place(of: run)
        if let place {
            tail.append(JSONMember("filePath", .string(place.path)))
            tail.append(JSONMember("line", .int(Int64(place.line))))
        }
        let extra = [JSONMember("extra", extra(run))]
        let whole = JSONValue.object(head + (isTold ? failure(run) : []) + tail + extra)
        bytesLeft -= SafeJSON.bytes(whole).count
        return bytesLeft >= 0 ? whole : .object(head + tail)
    }

    private func failure(_ run: RunSummary) -> [JSONMember] {
        let story = Story(
            group: FailureGroup(example: run, others: []), style: TextStyle(width: 110))
        let trace = story.lines.map { BoundedText.head($0, 40_000) }.joined(separator: "\n")
        func lines(_ bytes: [UInt8]) -> JSONValue {
            .array(BoundedText.lines(bytes, count: 40).map { .string($0) })
        }
        return [
            JSONMember("trace", .string(trace)),
            JSONMember("stdout", lines(run.standardOutputTail)),
            JSONMember("stderr", lines(run.standardErrorTail)),
        ]
    }

    private func extra(_ run: RunSummary) -> JSONValue {
        var members = [
            JSONMember("seed", run.seed.map { .string($0.description) } ?? .null),
            JSONMember("digest", .string(run.digest.hex)),
            JSONMember("plan_digest", .string(run.planDigest.hex)),
            JSONMember("grade", .string(run.grade.letter.rawValue)),
            JSONMember("virtual_ns", .int(run.virtualTime.nanoseconds)),
            JSONMember(
                "faults",
                .array(run.fired.map { .string(BoundedText.line($0.planned.fault, 60)) })),
            JSONMember("reproduce", .string(SafeText.line(run.reproduce))),
        ]
        let waiting = run.waiting.map { JSONValue.string(BoundedText.line($0.id, 200)) }
        if !waiting.isEmpty { members.append(JSONMember("waiting", .array(waiting))) }
        return .object(members)
    }

    private func waits(_ run: RunSummary) -> String {
        let rules = run.waiting
        return OpenVerdicts.text(rules.count) + ": " + rules.map(\.id).joined(separator: ", ")
    }

    private func status(_ run: RunSummary) -> String {
        if run.isPending { return "pending" }
        return run.verdict == .passed ? "passed" : run.verdict.isFailure ? "failed" : "other"
    }
}
