internal import Determinism
internal import Judgement

/// A storm or a run as commands of a GitHub workflow, which shows them beside the code.
///
/// It shows ten of a step at most: nine ways to fail, and how many more there are.
package enum AnnotationReport {
    static let annotationsMax = 9

    /// A storm.
    package static func storm(_ storm: StormResult, _ context: ReportContext) -> [UInt8] {
        bytes(ReportInput(storm), context)
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, scenario: String, _ context: ReportContext
    ) -> [UInt8] {
        bytes(ReportInput(run, scenario: scenario, cassette: context.cassette), context)
    }

    private static func bytes(_ input: ReportInput, _ context: ReportContext) -> [UInt8] {
        let groups = FailureGroup.all(input.runs)
        var lines = groups.prefix(annotationsMax).map { line($0, context) }
        let more = groups.count - lines.count
        if more > 0 {
            lines.append(
                command(
                    "error", [("title", "Stormtape: \(more) more")],
                    "\(more) more ways to fail: \(input.headline). The other reports have them all."
                ))
        }
        if lines.isEmpty {
            lines.append(command("notice", [("title", "Stormtape")], input.headline))
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func line(_ group: FailureGroup, _ context: ReportContext) -> String {
        let run = group.example
        var properties = [("title", "Stormtape: \(group.headline) (\(group.runsText))")]
        if let place = context.place(of: run) {
            properties += [("file", place.path), ("line", String(place.line))]
        }
        let reasons = run.reasonLines.prefix(5).map { BoundedText.line($0, 600) }
        let isShort = run.reproduce.utf8.count <= MarkdownReport.reproduceBytesMax
        let reproduce = isShort ? ["reproduce: " + SafeText.line(run.reproduce)] : []
        return command(
            run.verdict.isFailure ? "error" : "warning", properties,
            (reasons + reproduce).joined(separator: "\n"))
    }

    /// `::error title=…,file=…,line=…::message`, a single line whatever stands in it.
    private static func command(
        _ name: String, _ properties: [(name: String, value: String)], _ message: String
    ) -> String {
        let list = properties.map { "\($0.name)=\(property($0.value))" }.joined(separator: ",")
        return "::\(name) \(list)::\(data(message))"
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
