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
    /// When the cases of all suites take more together, further ones say only why they failed:
    /// GitLab takes files of less than 30 MB.
    package static let bytesMax = 24_000_000

    /// A storm.
    package static func storm(
        _ storm: StormResult, _ context: ReportContext = ReportContext(),
        bytesMax: Int = JUnitReport.bytesMax
    ) -> [UInt8] {
        suites(ReportInput(storm), context, bytesMax, saved: storm.savedFailures.map(\.run))
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, scenario: String, _ context: ReportContext = ReportContext()
    ) -> [UInt8] {
        suites(ReportInput(run, scenario: scenario, cassette: context.cassette), context, bytesMax)
    }

    /// Saved failures, which are no runs of the storm, have a suite of their own.
    private static func suites(
        _ input: ReportInput, _ context: ReportContext, _ bytesMax: Int, saved: [RunSummary] = []
    ) -> [UInt8] {
        let name = XMLText.attribute(BoundedText.line(input.scenario, 200))
        var writer = JUnitCases(
            context: context, suite: name, cassette: input.cassette, bytesLeft: bytesMax)
        let properties = [
            ("cassette", input.cassette?.hex), ("digest", input.digest.hex),
            ("exit_code", input.exitCode.map { String($0) }),
            ("judges", OpenVerdicts.text(of: input.runs)),
        ]
        let cases = input.runs.flatMap { writer.lines($0) }
        let lines =
            [
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                "<testsuites name=\"stormtape\" \(counts(input.runs + saved))>",
                "  <testsuite name=\"\(name)\" \(counts(input.runs))>",
            ] + JUnitCases.properties(properties, indent: "    ")
            + cases + ["  </testsuite>"]
            + suite(saved, writer.next(suite: "\(name): saved failures"))
            + ["</testsuites>", ""]
        return Array(lines.joined(separator: "\n").utf8)
    }

    private static func suite(_ saved: [RunSummary], _ writer: JUnitCases) -> [String] {
        guard !saved.isEmpty else { return [] }
        var writer = writer
        return ["  <testsuite name=\"\(writer.suite)\" \(counts(saved))>"]
            + saved.flatMap { writer.lines($0) } + ["  </testsuite>"]
    }

    private static func counts(_ runs: [RunSummary]) -> String {
        let failures = runs.count(where: \.verdict.isFailure)
        let errors = runs.count { !$0.verdict.isFailure && $0.verdict != .passed }
        let time = runs.reduce(SimDuration.zero) { $0 + $1.virtualTime }
        return "tests=\"\(runs.count)\" failures=\"\(failures)\" errors=\"\(errors)\" "
            + "time=\"\(JUnitTime.seconds(time))\""
    }
}

/// Times as strict readers want them: seconds with no more than three decimals.
enum JUnitTime {
    static func seconds(_ duration: SimDuration) -> String {
        let milliseconds = max(0, duration.nanoseconds / 1_000_000)
        let fraction = String(milliseconds % 1_000)
        let zeros = String(repeating: "0", count: 3 - fraction.count)
        return "\(milliseconds / 1_000).\(zeros)\(fraction)"
    }
}

/// Writes the cases of a suite.
struct JUnitCases {
    let context: ReportContext
    /// The name of the scenario, ready for an attribute.
    let suite: String
    let cassette: Digest?
    private var names = CaseNames()
    private var bytesLeft: Int

    init(context: ReportContext, suite: String, cassette: Digest?, bytesLeft: Int) {
        self.context = context
        self.suite = suite
        self.cassette = cassette
        self.bytesLeft = bytesLeft
    }

    /// The writer of a further suite, which has what this one has left.
    func next(suite: String) -> JUnitCases {
        JUnitCases(context: context, suite: suite, cassette: cassette, bytesLeft: bytesLeft)
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
        let open = open(run)
        let whole = [open] + properties + outcome(run) + ["    </testcase>"]
        bytesLeft -= whole.reduce(0) { $0 + $1.utf8.count + 1 }
        return bytesLeft >= 0 ? whole : [open] + briefOutcome(run) + ["    </testcase>"]
    }

    private mutating func open(_ run: RunSummary) -> String {
        let place = run.verdict == .passed ? context.scenarioPlace : context.place(of: run)
        let file = place.map { " file=\"\(XMLText.attribute($0.path))\" line=\"\($0.line)\"" } ?? ""
        return
            "    <testcase name=\"\(XMLText.attribute(names.name(run)))\" classname=\"\(suite)\" "
            + "time=\"\(JUnitTime.seconds(run.virtualTime))\"\(file)>"
    }

    private func outcome(_ run: RunSummary) -> [String] {
        guard run.verdict != .passed else { return [] }
        let (open, close) = element(run, messageMax: 1_000)
        let body = XMLText.content(body(run))
        let streams =
            stream("system-out", run.standardOutputTail, last: context.attachment)
            + stream("system-err", run.standardErrorTail)
        return [open + body + close] + streams
    }

    private func briefOutcome(_ run: RunSummary) -> [String] {
        guard run.verdict != .passed else { return [] }
        let (open, close) = element(run, messageMax: 200)
        return [open + "left out: the report would be too large" + close]
    }

    private func element(
        _ run: RunSummary, messageMax: Int
    ) -> (open: String, close: String) {
        let name = run.verdict.isFailure ? "failure" : "error"
        let message = XMLText.attribute(BoundedText.head(run.ruling.reason, messageMax))
        return (
            "      <\(name) message=\"\(message)\" type=\"\(run.verdict.rawValue)\">", "</\(name)>"
        )
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
        let isOpen = !text.isEmpty && text.utf8.last != 0x0A && !more.isEmpty
        guard !(text + more).isEmpty else { return [] }
        return ["      <\(name)>\(text)\(isOpen ? "\n" : "")\(more)</\(name)>"]
    }
}
