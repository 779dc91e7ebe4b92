package import Determinism

/// A trend for machines, in canonical JSON.
package enum TrendJSON {
    /// The version of the form, raised when a member changes its meaning or goes away.
    package static let schemaVersion: Int64 = 1

    package static func json(_ trend: Trend) -> JSONValue {
        [
            "schema": .int(schemaVersion),
            "commits": .array(trend.points.map(point)),
            "saved_failures": [
                "open": .int(Int64(trend.openCount)), "mended": .int(Int64(trend.mendedCount)),
            ],
        ]
    }

    private static func point(_ point: Trend.Point) -> JSONValue {
        [
            "commit": commit(point.revision),
            "dirty": point.revision?.isDirty.map { .bool($0) } ?? .null,
            "started_at": .string(point.startedAt),
            "storms": .int(Int64(point.storms)),
            "runs": .int(Int64(point.runs)),
            "standing": .int(Int64(point.standing)),
            "pass_millionths": point.passMillionths.map { .int($0) } ?? .null,
            "score_millionths": point.scoreMillionths.map { .int($0) } ?? .null,
            "new_failures": .array(point.newFailures.map { .string($0) }),
            "regressions": .array(point.regressions.map(change)),
            "mends": .array(point.mends.map(change)),
            "flakes": .array(point.flakes.map { .object(members($0)) }),
        ]
    }

    private static func change(_ change: Trend.Change) -> JSONValue {
        .object(
            members(change.plan) + [
                JSONMember("since", commit(change.since)),
                JSONMember("signature", .string(change.signature)),
            ])
    }

    private static func members(_ plan: Trend.Plan) -> [JSONMember] {
        [
            JSONMember("scenario", .string(plan.scenario)),
            JSONMember("seed", plan.seed.map { .number($0.description) } ?? .null),
            JSONMember("plan", .string(plan.plan.hex)),
        ]
    }

    private static func commit(_ revision: Revision?) -> JSONValue {
        revision.map { .string($0.commit) } ?? .null
    }
}
