internal import Cassette
internal import Determinism
internal import Faults
package import Simulation

/// What an agent that is a server is asked, as the user wrote it, and the variable that tells it
/// its port.
package struct QuestionFile: Hashable, Sendable {
    /// What it is asked, with all values in their places.
    package var questions: Questions
    /// The variable of its environment that holds the port.
    package var portVariable: String

    /// Creates it from its parts.
    package init(questions: Questions, portVariable: String) {
        self.questions = questions
        self.portVariable = portVariable
    }

    private static let keys = [
        "port", "port_variable", "ready", "patience_s", "requests", "values",
    ]
    private static let emptyHint = "it needs 'requests', a list of maps with a 'path'"

    /// Reads the text of a file; `given` values come before those of the file.
    ///
    /// The error holds everything that is wrong, with places.
    package static func parse(
        text: String, file: String, given: [(name: String, text: String)] = []
    ) throws(ScenarioError) -> QuestionFile {
        let source = ScenarioSource(text, emptyHint: emptyHint)
        let root: YAMLNode
        do {
            root = try YAMLTree.parse(text, source: source)
        } catch {
            throw ScenarioError(
                file: file, diagnostics: [source.clamped(error.diagnostic)], source: source)
        }
        var reader = QuestionReader(given: given)
        let found = reader.file(root, keys: keys)
        guard let found, reader.base.diagnostics.isEmpty else {
            throw ScenarioError(file: file, diagnostics: reader.base.diagnostics, source: source)
        }
        return found
    }
}

/// Reads questions out of YAML nodes and puts the values into their places.
struct QuestionReader {
    private static let requestsMax = 1_000

    var base = ScenarioReader(catalogue: [])
    private let given: [(name: String, text: String)]
    var template = TemplateValues()

    init(given: [(name: String, text: String)]) {
        self.given = given
    }

    mutating func file(_ root: YAMLNode, keys: [String]) -> QuestionFile? {
        guard let members = base.members(root, of: "the questions", keys: keys) else { return nil }
        base.require("requests", in: members, of: "the file")
        readValues(members.pair("values"))
        let port = base.whole(members.pair("port"), in: 1...65_535) ?? 8_080
        let nodes = base.list(members.pair("requests"))
        if let pair = members.pair("requests"), nodes.isEmpty || nodes.count > Self.requestsMax {
            base.fail(
                "'requests' must hold 1 to \(Self.requestsMax) requests", at: pair.value.place)
        }
        let ready = members.pair("ready").flatMap { target($0) }
        let requests = nodes.compactMap { request($0) }
        complainAboutUnused(members)
        let patience = base.whole(members.pair("patience_s"), in: 1...86_400) ?? 900
        return QuestionFile(
            questions: Questions(
                port: Int(port), ready: ready, requests: requests, patience: .seconds(patience)),
            portVariable: portVariable(members.pair("port_variable")))
    }

    private mutating func portVariable(_ pair: YAMLNode.Pair?) -> String {
        guard let pair, let name = base.text(pair) else { return "PORT" }
        if !TemplateValues.isName(name) || name.contains("-") {
            base.fail(
                "'port_variable' must be the name of a variable", at: pair.value.place,
                allowed: "letters, digits and _, not a digit first")
        }
        return name
    }

    // MARK: Values

    private mutating func readValues(_ pair: YAMLNode.Pair?) {
        if let pair {
            guard case .mapping(let members) = pair.value.content else {
                return base.fail(
                    "'values' must be a map of names and texts, was \(pair.value.kind)",
                    at: pair.value.place)
            }
            for member in members { readValue(member) }
        }
        for value in given { template.set(value.name, value.text, at: nil) }
    }

    private mutating func readValue(_ member: YAMLNode.Pair) {
        guard TemplateValues.isName(member.key) else {
            return base.fail(
                "'\(member.key)' is no name of a value", at: member.keyPlace,
                allowed: TemplateValues.nameRule)
        }
        guard case .scalar(let text, _) = member.value.content else {
            return base.fail(
                "the value '\(member.key)' must be a text, was \(member.value.kind)",
                at: member.value.place)
        }
        template.set(member.key, text, at: member.keyPlace)
    }

    private mutating func complainAboutUnused(_ members: ScenarioReader.Members) {
        for (name, place) in template.unused {
            if let place {
                base.fail(
                    "the value '\(name)' is used nowhere", at: place,
                    hint: "write {{\(name)}} where it belongs, or remove it")
            } else {
                base.fail(
                    "--value \(name)=… is used nowhere: no {{\(name)}} is in 'requests'",
                    at: members.pair("requests")?.keyPlace ?? members.node.place)
            }
        }
    }

    // MARK: Requests

    private mutating func request(_ node: YAMLNode) -> RecordedRequest? {
        let what = "an entry of 'requests'"
        let keys = ["method", "path", "headers", "body"]
        guard let members = base.members(node, of: what, keys: keys) else { return nil }
        base.require("path", in: members, of: what)
        var headers = self.headers(members.pair("headers"))
        let body = members.pair("body").map { self.body($0, &headers) } ?? []
        let method =
            self.method(members.pair("method")) ?? (members["body"] == nil ? "GET" : "POST")
        guard let pair = members.pair("path"), let target = target(pair) else { return nil }
        return RecordedRequest(method: method, target: target, headers: headers, body: body)
    }

    private mutating func method(_ pair: YAMLNode.Pair?) -> String? {
        guard let pair, let method = base.text(pair) else { return nil }
        if !method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) || method == "CONNECT" {
            base.fail(
                "'method' must be a method in upper case", at: pair.value.place,
                allowed: "GET, POST, PUT, PATCH, DELETE, ...")
        }
        return method
    }

    private mutating func target(_ pair: YAMLNode.Pair) -> String? {
        guard let text = base.text(pair) else { return nil }
        let literal = TemplateValues.pieces(of: text).filter { !$0.isName }.map(\.text).joined()
        let isSound = literal.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x23 }
        guard text.hasPrefix("/"), isSound else {
            base.fail(
                "'\(pair.key)' must be a path of the server", at: pair.value.place,
                allowed: "a text that begins with / and is percent-encoded, as /a%20b?c=d; "
                    + "values are encoded when they are put in")
            return nil
        }
        return fill(text, at: pair.value.place, PercentEncoding.encoded)
    }

    private mutating func headers(_ pair: YAMLNode.Pair?) -> HeaderFields {
        guard let pair else { return [] }
        guard case .mapping(let members) = pair.value.content else {
            base.fail(
                "'headers' must be a map of names and texts, was \(pair.value.kind)",
                at: pair.value.place)
            return []
        }
        return HeaderFields(members.compactMap { header($0) })
    }

    private mutating func header(_ member: YAMLNode.Pair) -> HeaderField? {
        let name = member.key
        guard !name.isEmpty, name.utf8.allSatisfy(HeaderRule.isTokenByte) else {
            base.fail("'\(name)' is no name of a header", at: member.keyPlace)
            return nil
        }
        guard !HeaderRule.own.contains(name.lowercased()) else {
            base.fail(
                "'\(name)' is set by stormtape; leave it out", at: member.keyPlace)
            return nil
        }
        guard let text = member.value.text else {
            base.fail(
                "the header '\(name)' must be a text, was \(member.value.kind)",
                at: member.value.place)
            return nil
        }
        guard let filled = fill(text, at: member.value.place, { $0 }) else { return nil }
        guard Stub.isHeaderValue(filled) else {
            base.fail(
                "the header '\(name)' must not hold control characters, nor may its values",
                at: member.value.place)
            return nil
        }
        return HeaderField(name, filled)
    }

    private mutating func body(_ pair: YAMLNode.Pair, _ headers: inout HeaderFields) -> [UInt8] {
        let isJSON = headers.first("content-type")?.lowercased().contains("json") == true
        switch pair.value.content {
        case .scalar(let text, _):
            let begin = text.first { !$0.isWhitespace }
            if isJSON || begin == "{" || begin == "[", TemplateValues.hasName(text) {
                base.fail(
                    "values in JSON that is written as a text could break out of their strings",
                    at: pair.value.place,
                    hint: "write 'body' as a map or a list; it becomes JSON")
            }
            if !headers.contains("content-type") {
                headers.append("content-type", "text/plain; charset=utf-8")
            }
            return Array((fill(text, at: pair.value.place) { $0 } ?? "").utf8)
        case .sequence, .mapping:
            if !headers.contains("content-type") {
                headers.append("content-type", "application/json")
            }
            return json(pair.value).encoded()
        }
    }

    /// The node as JSON with the values put into its strings, before anything is encoded.
    private mutating func json(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .sequence(let elements):
            return .array(elements.map { json($0) })
        case .mapping(let pairs):
            return .object(pairs.map { JSONMember($0.key, json($0.value)) })
        case .scalar:
            guard case .string(let text) = node.json else { return node.json }
            return .string(fill(text, at: node.place) { $0 } ?? "")
        }
    }

    private mutating func fill(
        _ text: String, at place: YAMLNode.Place, _ encode: (String) -> String
    ) -> String? {
        do {
            return try template.fill(text, encode)
        } catch {
            base.fail(error.message, at: place, hint: error.hint, allowed: error.allowed)
            return nil
        }
    }
}

/// What may stand in the header lines of a request.
enum HeaderRule {
    /// Headers that frame the message.
    static let own = ["content-length", "transfer-encoding", "connection", "expect"]

    /// A byte of a token (RFC 9110, 5.6.2).
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
