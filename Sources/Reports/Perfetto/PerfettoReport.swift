package import Determinism
internal import Faults
internal import Judgement
internal import Simulation

/// Runs as Chrome trace events, which Perfetto and speedscope show: a process for each run, a
/// thread for the agent, for each upstream, and for the faults.
package enum PerfettoReport {
    /// Of a larger storm, one run for each way to fail and then those of the lowest seeds.
    static let runsMax = 500

    /// A storm: what the summaries of its runs tell.
    package static func storm(_ storm: StormResult) -> [UInt8] {
        let examples = GroupPlaces(storm.runs).examples
        let isExample = Set(examples)
        let rest = storm.runs.indices.filter { !isExample.contains($0) }
        let shown = (examples + rest).prefix(runsMax).sorted().map { storm.runs[$0] }
        return bytes(
            shown.map { Timeline($0) }, scenario: storm.scenario, digest: storm.digest.hex,
            runCount: storm.runs.count)
    }

    /// One run with its trace, as `JSONReport.replay` writes it.
    package static func replay(_ run: RunSummary, report: JSONValue, scenario: String) -> [UInt8] {
        let timeline = Timeline(run, trace: report["trace"] ?? .null)
        return bytes([timeline], scenario: scenario, digest: run.digest.hex, runCount: 1)
    }

    private static func bytes(
        _ timelines: [Timeline], scenario: String, digest: String, runCount: Int
    ) -> [UInt8] {
        var events: [JSONValue] = []
        for (index, timeline) in timelines.enumerated() {
            var writer = RunEvents(timeline, process: index + 1)
            events += writer.written()
        }
        return SafeJSON.bytes([
            "displayTimeUnit": "ms", "traceEvents": .array(events),
            "otherData": [
                "tool": "stormtape", "scenario": .string(BoundedText.line(scenario, 200)),
                "digest": .string(digest), "runs": .int(Int64(runCount)),
                "runs_shown": .int(Int64(timelines.count)),
            ],
        ])
    }
}
