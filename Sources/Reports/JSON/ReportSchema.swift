package import Determinism
internal import Cassette
internal import Faults
internal import Judgement
internal import Simulation

/// The JSON Schema of the JSON reports, for programs that read them.
///
/// Further members may come within a version; none goes away, and none changes its meaning.
package enum ReportSchema {
    /// That of a storm.
    package static var storm: JSONValue {
        root(
            "A storm of Stormtape",
            [
                ("schema", ["const": .int(JSONReport.schemaVersion)]), ("digest", digest),
                ("cassette", digest), ("scenario", text), ("runs", list(object(run))),
                ("summary", summary), ("exit_code", integer),
            ], optional: [("saved_failures", list(object(savedFailure))), ("judges", digest)])
    }

    /// A failure of an earlier storm: its run beside what is known of it.
    private static var savedFailure: Members {
        [("signature", text), ("origin", text), ("outcome", text)] + run
    }

    /// That of a replay, and of a verification.
    package static var replay: JSONValue {
        root(
            "A run of Stormtape",
            [("schema", ["const": .int(JSONReport.schemaVersion)]), ("cassette", digest)] + run
                + [("trace", TraceSchema.trace), ("exit_code", integer)],
            optional: [
                ("deterministic", flag), ("divergence", TraceSchema.divergence),
                ("judges", digest),
            ])
    }

    typealias Members = [(name: String, schema: JSONValue)]

    static let text: JSONValue = ["type": "string"]
    static let flag: JSONValue = ["type": "boolean"]
    static let integer: JSONValue = ["type": "integer"]
    static let count: JSONValue = ["type": "integer", "minimum": 0]
    static let countOrNull: JSONValue = ["type": ["integer", "null"], "minimum": 0]
    static let digest: JSONValue = ["type": "string", "pattern": "^[0-9a-f]{64}$"]
    /// Text, or an object with the member `base64` for bytes that are not UTF-8.
    static let output: JSONValue = [
        "type": ["string", "object"], "properties": ["base64": text], "required": ["base64"],
    ]

    static func list(_ element: JSONValue) -> JSONValue {
        ["type": "array", "items": element]
    }

    static func words(_ words: [String]) -> JSONValue {
        ["enum": .array(words.map { .string($0) })]
    }

    static func object(_ members: Members, optional: Members = []) -> JSONValue {
        [
            "type": "object",
            "required": .array(members.map { .string($0.name) }),
            "properties": .object((members + optional).map { JSONMember($0.name, $0.schema) }),
        ]
    }

    private static func root(
        _ title: String, _ members: Members, optional: Members = []
    ) -> JSONValue {
        let head: JSONValue = [
            "$schema": "http://json-schema.org/draft-07/schema#", "title": .string(title),
        ]
        return .object(
            (head.objectValue ?? []) + (object(members, optional: optional).objectValue ?? []))
    }

    /// The members of a run.
    private static var run: Members {
        let letters = Grade.Letter.allCases.map(\.rawValue)
        return [
            ("seed", countOrNull), ("plan", text), ("digest", digest),
            ("verdict", words(Verdict.allCases.map(\.rawValue))), ("reason", text),
            ("grade", words(letters)), ("grade_reasons", list(text)), ("virtual_ns", count),
            ("faults", list(fault([("exchange", count)]))), ("planned", list(fault([]))),
            ("masked", list(fault([("exchange", count), ("by", text)]))),
            ("inapplicable", list(fault([("exchange", count), ("reason", text)]))),
            ("unreached", list(fault([]))), ("invariants", list(invariant)), ("reproduce", text),
        ]
    }

    /// A planned fault, with what became of it.
    static func fault(_ more: Members, optional: Members = []) -> JSONValue {
        let anchor = object([
            ("upstream", text), ("call", count), ("take", count), ("attempt", countOrNull),
            ("fingerprint", text),
        ])
        return object(
            [("fault", text), ("parameters", ["type": "object"]), ("anchor", anchor)] + more,
            optional: optional)
    }

    private static var invariant: JSONValue {
        let moments = ["beginning", "request", "delivery", "end"]
        let seen = object([("moment", words(moments))], optional: [("exchange", count)])
        return object([
            ("id", text), ("invariant", ["type": ["object", "string"]]), ("passed", flag),
            ("judged", flag), ("message", text), ("witnesses", list(count)),
            ("seen_at", orNull(seen)),
        ])
    }

    /// The same schema for objects, and null beside.
    private static func orNull(_ schema: JSONValue) -> JSONValue {
        var schema = schema
        schema["type"] = ["object", "null"]
        return schema
    }

    private static var summary: JSONValue {
        object([
            ("runs", count),
            ("verdicts", object(Verdict.allCases.map { ($0.rawValue, count) })),
            (
                "faults",
                list(
                    object([
                        ("fault", text), ("fired", count), ("runs", count), ("broken", count),
                    ]))
            ),
            ("grade", words(Grade.Letter.allCases.map(\.rawValue)).allowingNull),
            ("nondeterministic_seeds", list(count)),
            ("score", score),
        ])
    }

    private static var score: JSONValue {
        let share = object([
            ("passed", count), ("judged", count),
            ("interval_95", ["type": ["array", "null"], "items": text]),
        ])
        let percent: JSONValue = ["type": ["string", "null"]]
        return object([
            ("score", percent), ("band", percent), ("runs", share),
            ("unjudged_runs", count), ("invalid_runs", count),
            (
                "categories",
                list(object([("category", text), ("score", percent), ("runs", share)]))
            ),
        ])
    }
}

extension JSONValue {
    /// An enumeration of words that may be null too.
    fileprivate var allowingNull: JSONValue {
        ["enum": .array((self["enum"]?.arrayValue ?? []) + [.null])]
    }
}

/// The part of the schema that describes a trace.
enum TraceSchema {
    private static let text = ReportSchema.text
    private static let count = ReportSchema.count
    private static let instant = ReportSchema.integer

    static var trace: JSONValue {
        ReportSchema.object(
            [
                ("clock", ReportSchema.words(["real", "virtual"])), ("end", text),
                ("exchanges", ReportSchema.list(exchange)), ("log", ReportSchema.list(entry)),
                ("stdout", ReportSchema.output), ("stderr", ReportSchema.output),
                ("foreign", ReportSchema.list(text)), ("unplayed", ReportSchema.list(count)),
            ],
            optional: [
                ("asked", ReportSchema.list(asked)),
                // What the digest covers, in its order; `diff` compares these of two runs.
                ("events", ReportSchema.list(["type": "object"])),
            ])
    }

    static var divergence: JSONValue {
        ReportSchema.object([("index", count), ("first", true), ("second", true)])
    }

    private static var exchange: JSONValue {
        let step = ReportSchema.object([("at_ns", instant), ("kind", text), ("bytes", count)])
        let fault = ReportSchema.fault(
            [
                ("exchange", count),
                ("outcome", ReportSchema.words(["fired", "masked", "inapplicable", "unreached"])),
            ], optional: [("by", text), ("reason", text)])
        return ReportSchema.object([
            ("exchange", count), ("upstream", text),
            ("kind", ReportSchema.words(UpstreamKind.allCases.map(\.rawValue))),
            ("method", text), ("target", text), ("request_bytes", count), ("fingerprint", text),
            ("source", text), ("interaction", ReportSchema.countOrNull), ("take", count),
            ("attempt", count), ("side_effecting", ReportSchema.flag),
            ("status", ReportSchema.countOrNull), ("ending", text),
            ("delivery", ["type": ["string", "null"]]), ("steps", ReportSchema.list(step)),
            ("sent", count), ("cancelled", ReportSchema.flag), ("consumed", ReportSchema.flag),
            ("arrived_ns", instant), ("faults", ReportSchema.list(fault)),
            ("miss", ReportSchema.list(text)),
        ])
    }

    /// An entry of the log; which members it has depends on the event.
    private static var entry: JSONValue {
        let events = [
            "request", "step", "agent-closed", "waits", "woke", "output", "foreign", "ended",
            "listening", "checked", "asked", "answered", "dismissed",
        ]
        return ReportSchema.object(
            [("at_ns", instant), ("event", ReportSchema.words(events))],
            optional: [
                ("exchange", count), ("step", count), ("waiter", count), ("until_ns", instant),
                ("stream", text), ("bytes", count), ("address", text), ("end", text),
                ("status", ReportSchema.countOrNull), ("asked", count),
            ])
    }

    private static var asked: JSONValue {
        ReportSchema.object([
            ("method", text), ("path", text), ("request_body", ReportSchema.output),
            ("ending", text), ("status", ReportSchema.countOrNull),
            ("headers", ["type": "object", "additionalProperties": text]),
            ("body", ReportSchema.output),
        ])
    }
}
