internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner
internal import Scenarios

/// The form of a report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case junit
    case markdown
    case github
    case ctrf
    case sarif
    case perfetto
    case html

    /// What the option is for.
    static var help: ArgumentHelp {
        let names = allCases.map(\.rawValue)
        return ArgumentHelp(
            "\(names.dropLast().joined(separator: ", ")) or \(names.last ?? "").")
    }
}

/// One run in the form that was asked for.
enum RunReport {
    static func bytes(
        _ run: SingleRun, _ format: ReportFormat, _ style: TextStyle, scenario: String,
        _ context: ReportContext, details: RunDetails = RunDetails()
    ) -> [UInt8] {
        let summary = run.summary
        var context = context
        context.cassette = run.report["cassette"]?.stringValue.flatMap(Digest.init(hex:))
        return switch format {
        case .text: Array(ReplayText.render(summary, style: style).utf8)
        case .json: JSONReport.bytes(run.report)
        case .junit: JUnitReport.replay(summary, scenario: scenario, context)
        case .markdown:
            MarkdownReport.replay(summary, scenario: scenario, cassette: context.cassette)
        case .github: AnnotationReport.replay(summary, scenario: scenario, context)
        case .ctrf: CTRFReport.replay(summary, scenario: scenario, context)
        case .sarif: SARIFReport.replay(summary, scenario: scenario, context)
        case .perfetto:
            PerfettoReport.replay(summary, report: run.report, scenario: scenario)
        case .html:
            HTMLReport.replay(
                summary, cassette: run.report["cassette"]?.stringValue ?? "", scenario: scenario,
                details: details, exitCode: ExitCodes.of(summary.verdict))
        }
    }
}

extension ReportContext {
    /// What a report of these runs can point to.
    ///
    /// Paths count from the root of the repository, which GitHub names; else from the working
    /// folder.
    init(_ configuration: RunConfiguration, attachment: String? = nil) {
        self.init(attachment: attachment, version: StormtapeVersion.current)
        folder = ConfigurationSearch.workingFolder
        let root = System.environment.first { $0.name == "GITHUB_WORKSPACE" }?.value ?? ""
        if !root.isEmpty, folder.hasPrefix(root.hasSuffix("/") ? root : root + "/") {
            folderInRepository = String(folder.dropFirst(root.count))
        }
        guard let source = configuration.scenario, let bytes = System.contents(of: source.file)
        else { return }
        scenarioFile = source.file
        // The text of a scenario within a configuration has lines of its own.
        guard bytes == Array(source.text.utf8) else { return }
        invariants = ScenarioPlaces.invariants(in: source.text).map {
            InvariantPlace(source: $0.source, line: $0.line, column: $0.column)
        }
    }
}
