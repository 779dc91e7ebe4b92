internal import Cassette
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
        let saved = FailureGroup.all(input.savedFailures.map(\.run))
        // Of ten that GitHub shows, what failed before and again has its place.
        let savedRoom = min(saved.count, max(1, annotationsMax - groups.count))
        var lines = groups.prefix(annotationsMax - savedRoom).map { line($0, "", context) }
        lines += saved.prefix(savedRoom).map { line($0, "saved failure, ", context) }
        let more = groups.count + saved.count - lines.count
        if more > 0 {
            lines.append(
                command(
                    "error", [("title", "Stormtape: \(more) more")],
                    "\(more) more ways to fail: \(input.headline). The other reports have them all."
                ))
        } else if !lines.isEmpty, let open = OpenVerdicts.text(of: input.runs) {
            lines.append(
                command(
                    "notice", [("title", "Stormtape: \(open)")],
                    OpenVerdicts.note(of: input.runs) ?? open))
        }
        if lines.isEmpty {
            let level = input.endsWell ? "notice" : "error"
            lines.append(command(level, [("title", "Stormtape")], input.headline))
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func line(
        _ group: FailureGroup, _ kind: String, _ context: ReportContext
    ) -> String {
        let run = group.example
        var properties = [("title", "Stormtape: \(kind)\(group.headline) (\(group.runsText))")]
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
        escaped(text, [("%", "%25"), ("\r", "%0D"), ("\n", "%0A")])
    }

    private static func property(_ text: String) -> String {
        escaped(data(text), [(":", "%3A"), (",", "%2C")])
    }

    /// Byte by byte: a sign with an accent is another character, but the same byte to its reader.
    private static func escaped(_ text: String, _ signs: [(sign: String, code: String)]) -> String {
        signs.reduce(text) { replacing($1.sign, with: $1.code, in: $0) }
    }
}
