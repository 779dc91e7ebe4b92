import Cassette
import Determinism
import Foundation
import Scenarios
import Simulation
import Testing

@Suite("Questions to a server")
struct QuestionFileTests {
    private static func parse(
        _ text: String, _ given: [(name: String, text: String)] = []
    ) throws -> QuestionFile {
        try QuestionFile.parse(text: text, file: "ask.yaml", given: given)
    }

    private static func body(_ request: RecordedRequest) -> String {
        String(decoding: request.body, as: UTF8.self)
    }

    @Test("a whole file is read, with values in body, path and headers")
    func whole() throws {
        let file = try Self.parse(
            #"""
            port: 9000
            port_variable: MY_PORT
            ready: /health
            patience_s: 60
            requests:
              - path: /users/{{user}}/chat?q={{question}}
                headers: {x-user: "{{ user }}", accept: application/json}
                body: {question: "{{question}} ({{user}})", n: 3, deep: [true, "{{user}}"]}
              - path: /log
            values: {user: "a/b c", question: "say \"hi\"\n"}
            """#, [("user", "ü/?")])
        #expect(file.portVariable == "MY_PORT")
        #expect(file.questions.port == 9000)
        #expect(file.questions.ready == "/health")
        #expect(file.questions.patience == .seconds(60))
        let first = file.questions.requests[0]
        #expect(first.method == "POST")
        #expect(first.target == "/users/%C3%BC%2F%3F/chat?q=say%20%22hi%22%0A")
        #expect(first.headers.first("x-user") == "ü/?")
        #expect(first.headers.first("content-type") == "application/json")
        #expect(
            Self.body(first)
                == #"{"question":"say \"hi\"\n (ü/?)","n":3,"deep":[true,"ü/?"]}"#)
        #expect(file.questions.requests[1] == RecordedRequest(method: "GET", target: "/log"))
    }

    @Test("defaults are port 8080, PORT, and no check beside listening")
    func defaults() throws {
        let file = try Self.parse("requests: [{path: /, body: hello}]")
        #expect(file.questions.port == 8080)
        #expect(file.portVariable == "PORT")
        #expect(file.questions.ready == nil)
        let request = file.questions.requests[0]
        #expect(request.method == "POST")
        #expect(request.headers.first("content-type") == "text/plain; charset=utf-8")
        #expect(Self.body(request) == "hello")
    }

    @Test(
        "no value breaks out of its string",
        arguments: [
            #"", "admin": true, "x": ""#, "\\", "\\\"", "\n\r\t\u{0}\u{7F}", "{{other}}", "}}{{",
            "null",
            "3", "# no comment", "- {a: b}", "é\u{301}\u{202E}", "\u{2028}",
        ])
    func injection(value: String) throws {
        let file = try Self.parse(
            #"{requests: [{path: "/{{v}}", body: {a: "<{{v}}>", b: "{{v}}"}}], values: {v: x}}"#,
            [("v", value)])
        let request = file.questions.requests[0]
        let json = try JSONValue.parse(request.body)
        #expect(json == ["a": .string("<\(value)>"), "b": .string(value)])
        #expect(request.target.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        #expect(request.target.dropFirst().allSatisfy { $0 != "/" && $0 != "?" && $0 != "#" })
    }

    /// Text, line, column, and a piece of the message, hint or list of what is allowed.
    private static let wrong: [(String, Int, Int, String)] = [
        ("", 1, 1, "it needs 'requests'"),
        ("port: 1", 1, 1, "needs the key 'requests'"),
        ("requests: []", 1, 11, "must hold 1 to 1000 requests"),
        ("requests: {path: /}", 1, 11, "must be a list"),
        ("port: 0\nrequests: [{path: /}]", 1, 7, "a whole number of at least 1"),
        ("prot: 1\nrequests: [{path: /}]", 1, 1, "did you mean 'port'?"),
        ("port_variable: A B\nrequests: [{path: /}]", 1, 16, "the name of a variable"),
        ("requests: [{body: a}]", 1, 12, "needs the key 'path'"),
        ("requests: [{path: chat}]", 1, 19, "begins with /"),
        ("requests: [{path: /a b}]", 1, 19, "percent-encoded"),
        ("requests: [{path: /, method: post}]", 1, 30, "a method in upper case"),
        ("requests: [{path: /, headers: [a]}]", 1, 31, "must be a map of names and texts"),
        ("requests: [{path: /, headers: {a b: c}}]", 1, 32, "no name of a header"),
        ("requests: [{path: /, headers: {Content-Length: 3}}]", 1, 32, "leave it out"),
        ("requests: [{path: /, headers: {a: [b]}}]", 1, 35, "must be a text"),
        ("requests: [{path: '/{{usr}}'}]\nvalues: {user: a}", 1, 19, "did you mean 'user'?"),
        ("requests: [{path: '/{{a b}}'}]", 1, 19, "names no value"),
        ("requests: [{path: /}]\nvalues: {user: a}", 2, 10, "is used nowhere"),
        ("requests: [{path: /}]\nvalues: {1st: a}", 2, 10, "is no name of a value"),
        ("requests: [{path: /}]\nvalues: {a: [b]}", 2, 13, "must be a text"),
        ("requests: [{path: /}]\nvalues: [a]", 2, 9, "must be a map of names and texts"),
        ("requests: [{path: /, headers: {a: '{{v}}'}}]\nvalues: {v: \"\\r\\n\"}", 1, 35, "control"),
        ("requests: [{path: /, body: '[\"{{v}}\"]'}]\nvalues: {v: a}", 1, 28, "as a map or a list"),
        ("requests: [{path: /}", 1, 21, "invalid YAML"),
        ("requests: [{path: /}]\n---\na: b", 2, 1, "one document"),
    ]

    @Test("what is wrong is shown at its place", arguments: wrong)
    func errors(text: String, line: Int, column: Int, piece: String) throws {
        let error = try #require(throws: ScenarioError.self) { try Self.parse(text) }
        let first = try #require(error.diagnostics.first)
        #expect(error.description.contains(piece), "\(error)")
        #expect((first.line, first.column) == (line, column), "\(error)")
    }

    @Test("a value of the command line that is used nowhere is named")
    func unusedOption() throws {
        let error = try #require(throws: ScenarioError.self) {
            try Self.parse("requests: [{path: /}]", [("user", "a")])
        }
        #expect(error.description.contains("--value user=… is used nowhere"))
    }

    @Test("the example of docs/SERVERS.md is a file of questions")
    func document() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/SERVERS.md").standardizedFileURL
        let text = try String(contentsOf: page, encoding: .utf8)
        let example = try #require(text.firstMatch(of: #/```yaml\n([\s\S]*?)```/#))
        let file = try Self.parse(String(example.1))
        #expect(file.questions.requests.count == 2)
        #expect(file.questions.patience == .seconds(900), "the page shows the default")
    }
}
