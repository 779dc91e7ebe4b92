internal import Determinism
internal import Judgement
internal import Reports
internal import Runner

/// A storm in the form that was asked for.
enum StormReport {
    static func bytes(
        _ storm: StormResult, _ format: ReportFormat, _ style: TextStyle,
        _ context: ReportContext = ReportContext(), details: RunDetails = RunDetails()
    ) -> [UInt8] {
        switch format {
        case .text: Array(StormText.render(storm, style: style).utf8)
        case .json: JSONReport.bytes(JSONReport.storm(storm))
        case .junit: JUnitReport.storm(storm, context)
        case .markdown: MarkdownReport.storm(storm)
        case .github: AnnotationReport.storm(storm, context)
        case .ctrf: CTRFReport.storm(storm, context)
        case .sarif: SARIFReport.storm(storm, context)
        case .perfetto: PerfettoReport.storm(storm)
        case .html: HTMLReport.storm(storm, details: details)
        }
    }
}
