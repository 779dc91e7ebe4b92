import Cassette
import Determinism
import Faults
import Simulation
import Testing

@testable import Judgement
@testable import Reports

@Suite("The schema of the JSON reports")
struct ReportSchemaTests {
    /// The schema with every object closed: a member that it does not describe is an error.
    private static func closed(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .object(let members):
            var inner = members.map { JSONMember($0.key, closed($0.value)) }
            let isObject = schema["properties"]?.objectValue != nil && schema["type"] != nil
            if isObject { inner.append(JSONMember("additionalProperties", false)) }
            return .object(inner)
        case .array(let elements): return .array(elements.map(closed))
        default: return schema
        }
    }

    private static func failures(_ report: JSONValue, _ schema: JSONValue) throws -> [String] {
        try JSONSchema(closed(schema), at: "$").failures(of: report)
            .map { "\($0.path): \($0.message)" }
    }

    @Test("a storm keeps to it, and has no member that it does not name")
    func storm() throws {
        let report = JSONReport.storm(try Sample.storm())
        #expect(try Self.failures(report, ReportSchema.storm) == [])
        let empty = StormResult(cassette: Sample.cassette, scenario: "s", runs: [], exitCode: 5)
        #expect(try Self.failures(JSONReport.storm(empty), ReportSchema.storm) == [])
    }

    @Test("a replay keeps to it, whatever happened in it")
    func replay() throws {
        var run = try Sample.timedRun()
        let request = RecordedRequest(method: "POST", target: "/chat")
        run.trace.asked = [AskedRecord(request: request), AskedRecord(request: request)]
        run.trace.asked[1].body = [0xFF]
        run.trace.standardError = [0xFF]
        for entry in [InquiryEntry.listening, .checked(status: 200), .asked(0), .answered(0)] {
            run.trace.append(.inquiry(entry), at: .zero)
        }
        var report = JSONReport.replay(run, exitCode: 1)
        #expect(try Self.failures(report, ReportSchema.replay) == [])
        report["deterministic"] = false
        let divergence = Divergence(json: ["index": 3, "first": ["a": 1]])
        report["divergence"] = try #require(divergence).json
        #expect(try Self.failures(report, ReportSchema.replay) == [])
    }

    @Test(
        "what breaks the form is found",
        arguments: [
            ("schema", 2), ("digest", "0"), ("exit_code", "1"), ("summary", nil), ("more", 1),
        ] as [(String, JSONValue?)])
    func refusals(name: String, value: JSONValue?) throws {
        var report = JSONReport.storm(try Sample.storm())
        report[name] = value
        #expect(try !Self.failures(report, ReportSchema.storm).isEmpty)
    }
}
