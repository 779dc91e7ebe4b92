package import Determinism
internal import Judgement
internal import Simulation

/// Reports for machines, in canonical JSON: equal results give equal bytes.
package enum JSONReport {
    /// The version of both forms, raised when a member changes its meaning or goes away.
    package static let schemaVersion: Int64 = 1

    /// A storm.
    package static func storm(_ storm: StormResult) -> JSONValue {
        let saved = storm.savedFailures.map(\.json)
        return .object(
            [
                JSONMember("schema", .int(schemaVersion)),
                JSONMember("digest", .string(storm.digest.hex)),
                JSONMember("cassette", .string(storm.cassette.hex)),
                JSONMember("scenario", .string(storm.scenario)),
                JSONMember("runs", .array(storm.runs.map { .object($0.reportMembers) })),
                JSONMember("summary", summary(storm)),
                JSONMember("exit_code", .int(Int64(storm.exitCode))),
            ] + basis(storm.judges)
                + (saved.isEmpty ? [] : [JSONMember("saved_failures", .array(saved))]))
    }

    /// One run with its trace.
    package static func replay(
        _ result: RunResult, judges: Digest? = nil, exitCode: Int32
    ) -> JSONValue {
        .object(
            [
                JSONMember("schema", .int(schemaVersion)),
                JSONMember("cassette", .string(result.trace.cassette.hex)),
            ] + basis(judges) + result.summary.reportMembers + [
                JSONMember("trace", TraceJSON.json(result.trace)),
                JSONMember("exit_code", .int(Int64(exitCode))),
            ])
    }

    /// The hash of the cassette of judges, where verdicts may rest on one.
    private static func basis(_ judges: Digest?) -> [JSONMember] {
        judges.map { [JSONMember("judges", .string($0.hex))] } ?? []
    }

    /// The bytes of a report, with the newline that ends a text file.
    ///
    /// Canonical, but that characters which a terminal obeys or nobody sees are escaped.
    package static func bytes(_ report: JSONValue) -> [UInt8] {
        SafeJSON.visible(report.canonical()) + [0x0A]
    }

    private static func summary(_ storm: StormResult) -> JSONValue {
        let verdicts = Verdict.allCases.map { verdict in
            let count = storm.runs.count { $0.verdict == verdict }
            return JSONMember(verdict.rawValue, .int(Int64(count)))
        }
        let faults = FaultTally.all(storm.runs).map { tally in
            JSONValue.object([
                JSONMember("fault", .string(tally.fault)),
                JSONMember("fired", .int(Int64(tally.fired))),
                JSONMember("runs", .int(Int64(tally.runs))),
                JSONMember("broken", .int(Int64(tally.broken))),
            ])
        }
        return .object([
            JSONMember("runs", .int(Int64(storm.runs.count))),
            JSONMember("verdicts", .object(verdicts)),
            JSONMember("faults", .array(faults)),
            JSONMember(
                "grade",
                Grade.worst(storm.runs.map(\.grade)).map { .string($0.letter.rawValue) }
                    ?? .null),
            JSONMember(
                "nondeterministic_seeds",
                .array(storm.nondeterministicSeeds.map { .number($0.description) })),
            JSONMember("score", ScoreText.json(storm.scoreCard)),
        ])
    }
}
