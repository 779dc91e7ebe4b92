import Determinism
import Testing

@testable import Reports

/// What strict readers of other tools refuse, written down from their schemas.
@Suite("Rules of readers")
struct ReaderRulesTests {
    static let places = Array(Hostile.texts.indices)

    /// The schema of Jenkins' xUnit plugin: what may stand where, and how a time looks.
    ///
    /// `file`, `line` and the properties of a case are beyond it; other readers use them.
    @Test("JUnit has the elements, the order and the times of the schema", arguments: places)
    func junit(place: Int) throws {
        let storm = try Hostile.storm(Hostile.texts[place].text)
        let root = try XMLCheck.parse(JUnitReport.storm(storm, Hostile.context))
        let attributes: [String: Set<String>] = [
            "testsuites": ["name", "tests", "failures", "errors", "time"],
            "testsuite": ["name", "tests", "failures", "errors", "time"],
            "testcase": ["name", "classname", "time", "file", "line"],
            "failure": ["message", "type"], "error": ["message", "type"],
            "property": ["name", "value"],
        ]
        let children: [String: [String]] = [
            "testsuites": ["testsuite"], "testsuite": ["properties", "testcase"],
            "testcase": ["properties", "error", "failure", "system-out", "system-err"],
            "properties": ["property"],
        ]
        var open = [root]
        while let element = open.popLast() {
            let wanted = attributes[element.name] ?? []
            #expect(Set(element.attributes.keys).isSubset(of: wanted), "\(element.name)")
            let order = children[element.name] ?? []
            let ranks = element.children.map { order.firstIndex(of: $0.name) ?? -1 }
            #expect(ranks == ranks.sorted(), "\(element.name)")
            #expect(!ranks.contains(-1), "\(element.name)")
            if let time = element.attributes["time"] {
                #expect(time.wholeMatch(of: /[0-9]+\.[0-9]{3}/) != nil, "\(time)")
            }
            open += element.children
        }
    }

    /// The JSON Schema of CTRF 1.0, of which every object is closed.
    @Test("CTRF has the members of its schema and no others", arguments: places)
    func ctrf(place: Int) throws {
        let storm = try Hostile.storm(Hostile.texts[place].text)
        let report = try JSONValue.parse(CTRFReport.storm(storm, Hostile.context).dropLast())
        func keys(_ value: JSONValue?) -> Set<String> {
            Set(value?.objectValue?.map(\.key) ?? [])
        }
        #expect(keys(report) == ["reportFormat", "specVersion", "generatedBy", "results"])
        let results = report["results"]
        #expect(keys(results) == ["tool", "summary", "tests", "extra"])
        #expect(keys(results?["tool"]) == ["name", "version"])
        let required: Set<String> = ["name", "status", "duration"]
        let known = required.union([
            "suite", "rawStatus", "type", "flaky", "message", "trace", "stdout", "stderr",
            "filePath", "line", "extra",
        ])
        for test in results?["tests"]?.arrayValue ?? [] {
            #expect(keys(test).isSuperset(of: required))
            #expect(keys(test).isSubset(of: known))
            #expect(test["name"]?.stringValue?.isEmpty == false)
            #expect(test["suite"]?.arrayValue?.isEmpty == false)
            #expect((test["duration"]?.intValue ?? -1) >= 0)
            let status = test["status"]?.stringValue ?? ""
            #expect(["passed", "failed", "skipped", "pending", "other"].contains(status))
        }
    }

    @Test("every line for GitHub is one command, whatever an agent says", arguments: places)
    func github(place: Int) throws {
        let storm = try Hostile.storm(Hostile.texts[place].text)
        let bytes = AnnotationReport.storm(storm, Hostile.context)
        for line in bytes.split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            #expect(text.hasPrefix("::error ") || text.hasPrefix("::warning "))
            // The first "::" behind the head ends the properties: theirs are all escaped.
            let parts = text.unicodeScalars.dropFirst(2).split(separator: ":", maxSplits: 1)
            let pairs = parts[0].split(separator: " ", maxSplits: 1)[1].split(separator: ",")
            let names = pairs.map { String($0.prefix { $0 != "=" }) }
            #expect(names == ["title"] || names == ["title", "file", "line"], "\(names)")
            #expect(!line.contains(0x0D))
        }
    }
}
