internal import CStormtape
internal import Cassette
internal import Determinism
internal import Scenarios
package import Simulation

/// What an agent that is a server is asked, and the options that said so.
package struct AskSource: Hashable, Sendable {
    /// What it is asked.
    package var questions: Questions
    /// The variable of its environment that holds its port.
    package var portVariable: String
    /// The options, to be put into a command that does it again.
    package var arguments: [String]

    /// Reads the text of a question file; `values` are texts of the form `name=text`.
    package static func parse(
        file: String, text: String, values: [String]
    ) throws(RunnerError) -> AskSource {
        var given: [(name: String, text: String)] = []
        for value in values {
            let parts = value.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw RunnerError(.usage, "--value \(value): the form is NAME=TEXT")
            }
            given.append((String(parts[0]), String(parts[1])))
        }
        do {
            let found = try QuestionFile.parse(text: text, file: file, given: given)
            return AskSource(
                questions: found.questions, portVariable: found.portVariable,
                arguments: ["--ask", file] + values.flatMap { ["--value", $0] })
        } catch {
            throw RunnerError(.usage, error.description)
        }
    }

    /// Refuses a port where somebody else listens: the agent could not, and would not be asked.
    func demandFreePort() throws(RunnerError) {
        guard !stormtape_port_is_free(UInt16(questions.port)) else { return }
        throw RunnerError(
            .cannotStart,
            "port \(questions.port), where the agent is to listen, is taken on this machine; end "
                + "what listens there, or set another 'port' in \(arguments[1])")
    }
}

extension AskSource {
    /// The JSON form.
    var json: JSONValue {
        [
            "port": .int(Int64(questions.port)),
            "port_variable": .string(portVariable),
            "patience_ns": .int(questions.patience.nanoseconds),
            "ready": questions.ready.map { .string($0) } ?? .null,
            "requests": .array(questions.requests.map(\.json)),
            "arguments": .array(arguments.map { .string($0) }),
        ]
    }

    /// Reads the JSON form; nil when it is not one, which is our bug.
    init?(json: JSONValue) {
        guard let port = json["port"]?.intValue,
            let portVariable = json["port_variable"]?.stringValue,
            let patience = json["patience_ns"]?.intValue,
            let requests = json["requests"]?.arrayValue,
            let arguments = json["arguments"]?.arrayValue?.compactMap(\.stringValue)
        else { return nil }
        self.portVariable = portVariable
        self.arguments = arguments
        questions = Questions(
            port: Int(port), ready: json["ready"]?.stringValue,
            requests: requests.compactMap(RecordedRequest.init(json:)),
            patience: SimDuration(nanoseconds: patience))
    }
}

extension RecordedRequest {
    fileprivate var json: JSONValue {
        [
            "method": .string(method), "target": .string(target),
            "headers": .array(
                headers.fields.map { .array([.string($0.name), .string($0.value)]) }),
            // Bodies come from a text file: they are UTF-8.
            "body": .string(String(decoding: body, as: UTF8.self)),
        ]
    }

    fileprivate init?(json: JSONValue) {
        guard let method = json["method"]?.stringValue, let target = json["target"]?.stringValue,
            let body = json["body"]?.stringValue, let lines = json["headers"]?.arrayValue
        else { return nil }
        let fields = lines.map {
            HeaderField($0[0]?.stringValue ?? "", $0[1]?.stringValue ?? "")
        }
        self.init(
            method: method, target: target, headers: HeaderFields(fields), body: Array(body.utf8))
    }
}
