internal import Determinism
internal import Faults
internal import Judgement

/// A storm or a run in the Common Test Report Format, version 1.0.
///
/// Times are virtual and count from the epoch, so that the file repeats.
package enum CTRFReport {
    /// A storm.
    package static func storm(_ storm: StormResult, _ context: ReportContext) -> [UInt8] {
        SafeJSON.bytes(json(ReportInput(storm), context))
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, scenario: String, _ context: ReportContext
    ) -> [UInt8] {
        SafeJSON.bytes(
            json(ReportInput(run, scenario: scenario, cassette: context.cassette), context))
    }

    private static func json(_ input: ReportInput, _ context: ReportContext) -> JSONValue {
        var names = CaseNames()
        var tests: [JSONValue] = []
        for run in input.runs {
            tests.append(test(run, name: names.name(run), input.scenario, context))
        }
        var tool = [JSONMember("name", "stormtape")]
        if let version = context.version { tool.append(JSONMember("version", .string(version))) }
        var identity = [JSONMember("digest", .string(input.digest.hex))]
        if let cassette = input.cassette {
            identity.append(JSONMember("cassette", .string(cassette.hex)))
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
        let other = input.runs.count - input.passedCount - input.failureCount
        let flaky = input.runs.count { $0.verdict == .nondeterministic }
        return [
            "tests": .int(Int64(input.runs.count)), "passed": .int(Int64(input.passedCount)),
            "failed": .int(Int64(input.failureCount)), "skipped": 0, "pending": 0,
            "other": .int(Int64(other)), "flaky": .int(Int64(flaky)), "suites": 1, "start": 0,
            "stop": milliseconds(input.virtualTime), "duration": milliseconds(input.virtualTime),
        ]
    }

    private static func test(
        _ run: RunSummary, name: String, _ scenario: String, _ context: ReportContext
    ) -> JSONValue {
        var members = [
            JSONMember("name", .string(name)), JSONMember("status", .string(status(run.verdict))),
            JSONMember("duration", milliseconds(run.virtualTime)),
            JSONMember("suite", [.string(BoundedText.line(scenario, 200))]),
            JSONMember("rawStatus", .string(run.verdict.rawValue)),
            JSONMember("type", "e2e"),
            JSONMember("flaky", .bool(run.verdict == .nondeterministic)),
        ]
        if run.verdict != .passed { members += failure(run) }
        let place = run.verdict == .passed ? context.scenarioPlace : context.place(of: run)
        if let place {
            members.append(JSONMember("filePath", .string(place.path)))
            members.append(JSONMember("line", .int(Int64(place.line))))
        }
        members.append(JSONMember("extra", extra(run)))
        return .object(members)
    }

    private static func failure(_ run: RunSummary) -> [JSONMember] {
        let story = Story(
            group: FailureGroup(example: run, others: []), style: TextStyle(width: 110))
        let trace = story.lines.map { BoundedText.head($0, 40_000) }.joined(separator: "\n")
        func lines(_ bytes: [UInt8]) -> JSONValue {
            .array(BoundedText.lines(bytes, count: 40).map { .string($0) })
        }
        return [
            JSONMember("message", .string(BoundedText.line(run.ruling.reason, 1_000))),
            JSONMember("trace", .string(trace)),
            JSONMember("stdout", lines(run.standardOutputTail)),
            JSONMember("stderr", lines(run.standardErrorTail)),
        ]
    }

    private static func extra(_ run: RunSummary) -> JSONValue {
        [
            "seed": run.seed.map { .string($0.description) } ?? .null,
            "digest": .string(run.digest.hex), "plan_digest": .string(run.planDigest.hex),
            "grade": .string(run.grade.letter.rawValue),
            "virtual_ns": .int(run.virtualTime.nanoseconds),
            "faults": .array(run.fired.map { .string(BoundedText.line($0.planned.fault, 60)) }),
            "reproduce": .string(SafeText.line(run.reproduce)),
        ]
    }

    private static func status(_ verdict: Verdict) -> String {
        verdict == .passed ? "passed" : verdict.isFailure ? "failed" : "other"
    }

    private static func milliseconds(_ duration: SimDuration) -> JSONValue {
        .int(duration.nanoseconds / 1_000_000)
    }
}
