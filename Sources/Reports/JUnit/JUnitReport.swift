internal import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// A storm or a run as JUnit XML: one suite for the scenario, one case for each seed.
///
/// Violated, hung and crashed runs are failures; all others that did not pass are errors, those
/// that rest on assumed answers among them. Times are virtual, so that the file repeats. What
/// readers make of it: GitLab shows `classname` and drops a second case of one name; Jenkins shows
/// `message` and `type`; actions for GitHub point to `file` and `line`.
package enum JUnitReport {
    /// Further cases say only why they failed: GitLab takes files of less than 30 MB.
    static let bodyBytesMax = 24_000_000

    /// A storm.
    package static func storm(
        _ storm: StormResult, _ context: ReportContext = ReportContext()
    ) -> [UInt8] {
        suites(ReportInput(storm), context, saved: storm.savedFailures.map(\.run))
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, scenario: String, _ context: ReportContext = ReportContext()
    ) -> [UInt8] {
        suites(ReportInput(run, scenario: scenario, cassette: context.cassette), context)
    }

    /// Saved failures, which are no runs of the storm, have a suite of their own.
    private static func suites(
        _ input: ReportInput, _ context: ReportContext, saved: [RunSummary] = []
    ) -> [UInt8] {
        let name = XMLText.attribute(BoundedText.line(input.scenario, 200))
        var writer = JUnitCases(context: context, suite: name, cassette: input.cassette)
        let properties = [
            ("cassette", input.cassette?.hex), ("digest", input.digest.hex),
            ("exit_code", input.exitCode.map { String($0) }),
        ]
        let lines =
            [
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                "<testsuites name=\"stormtape\" \(counts(input.runs + saved))>",
                "  <testsuite name=\"\(name)\" \(counts(input.runs))>",
            ] + JUnitCases.properties(properties, indent: "    ")
            + input.runs.flatMap { writer.lines($0) } + ["  </testsuite>"]
            + suite(saved, named: "\(name): saved failures", input, context)
            + ["</testsuites>", ""]
        return Array(lines.joined(separator: "\n").utf8)
    }

    private static func suite(
        _ saved: [RunSummary], named name: String, _ input: ReportInput, _ context: ReportContext
    ) -> [String] {
        guard !saved.isEmpty else { return [] }
        var writer = JUnitCases(context: context, suite: name, cassette: input.cassette)
        return ["  <testsuite name=\"\(name)\" \(counts(saved))>"]
            + saved.flatMap { writer.lines($0) } + ["  </testsuite>"]
    }

    private static func counts(_ runs: [RunSummary]) -> String {
        let failures = runs.count(where: \.verdict.isFailure)
        let errors = runs.count { !$0.verdict.isFailure && $0.verdict != .passed }
        let time = runs.reduce(SimDuration.zero) { $0 + $1.virtualTime }
        return "tests=\"\(runs.count)\" failures=\"\(failures)\" errors=\"\(errors)\" "
            + "time=\"\(TimeText.seconds(time))\""
    }
}

/// Writes the cases of a suite.
struct JUnitCases {
    let context: ReportContext
    /// The name of the scenario, ready for an attribute.
    let suite: String
    let cassette: Digest?
    private var names = CaseNames()
    private var bytesLeft = JUnitReport.bodyBytesMax

    init(context: ReportContext, suite: String, cassette: Digest?) {
        self.context = context
        self.suite = suite
        self.cassette = cassette
    }

    static func properties(_ list: [(name: String, value: String?)], indent: String) -> [String] {
        let lines = list.compactMap { property in
            property.value.map { value in
                "\(indent)  <property name=\"\(property.name)\" value=\"\(XMLText.attribute(value))\"/>"
            }
        }
        return ["\(indent)<properties>"] + lines + ["\(indent)</properties>"]
    }

    mutating func lines(_ run: RunSummary) -> [String] {
        let properties = Self.properties(
            [
                ("cassette", cassette?.hex), ("seed", run.seed?.description),
                ("plan_digest", run.planDigest.hex), ("digest", run.digest.hex),
                ("grade", run.grade.letter.rawValue),
            ], indent: "      ")
        return [open(run)] + properties + outcome(run) + ["    </testcase>"]
    }

    private mutating func open(_ run: RunSummary) -> String {
        let place = run.verdict == .passed ? context.scenarioPlace : context.place(of: run)
        let file = place.map { " file=\"\(XMLText.attribute($0.path))\" line=\"\($0.line)\"" } ?? ""
        return
            "    <testcase name=\"\(XMLText.attribute(names.name(run)))\" classname=\"\(suite)\" "
            + "time=\"\(TimeText.seconds(run.virtualTime))\"\(file)>"
    }

    private mutating func outcome(_ run: RunSummary) -> [String] {
        guard run.verdict != .passed else { return [] }
        let element = run.verdict.isFailure ? "failure" : "error"
        let message = XMLText.attribute(BoundedText.head(run.ruling.reason, 1_000))
        let body = XMLText.content(body(run))
        let streams =
            stream("system-out", run.standardOutputTail, last: context.attachment)
            + stream("system-err", run.standardErrorTail)
        let open = "      <\(element) message=\"\(message)\" type=\"\(run.verdict.rawValue)\">"
        let size = streams.reduce(body.utf8.count) { $0 + $1.utf8.count }
        bytesLeft -= size
        guard bytesLeft >= 0 else {
            return [open + "left out: the report would be too large</\(element)>"]
        }
        return [open + body + "</\(element)>"] + streams
    }

    /// The story of the run; it ends with the line that does it again.
    private func body(_ run: RunSummary) -> String {
        let story = Story(
            group: FailureGroup(example: run, others: []), style: TextStyle(width: 120))
        return "\n" + story.lines.map { BoundedText.head($0, 40_000) }.joined(separator: "\n")
            + "\n"
    }

    /// What the agent wrote; the name of a file stands last, in the form that GitLab and Jenkins
    /// know, and only ours: an agent must not have files attached.
    private func stream(_ name: String, _ bytes: [UInt8], last: String? = nil) -> [String] {
        let written = String(decoding: BoundedText.withoutColor(bytes), as: UTF8.self)
        let text = XMLText.content(written)
        let file = last.map { XMLText.content(BoundedText.line($0, 1_000)) }
        let more = file.map { "[[ATTACHMENT|\($0)]]\n" } ?? ""
        let isOpen = !text.isEmpty && !text.hasSuffix("\n") && !more.isEmpty
        guard !(text + more).isEmpty else { return [] }
        return ["      <\(name)>\(text)\(isOpen ? "\n" : "")\(more)</\(name)>"]
    }
}
