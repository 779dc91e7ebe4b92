import Determinism

/// What one line of a stream holds, or a whole answer, read leniently.
struct OllamaLine {
    /// The whole document.
    let json: JSONValue
    private let route: OllamaRoute

    /// Reads a document; nil when it is no object.
    init?(_ json: JSONValue?, _ route: OllamaRoute) {
        guard let json, json.objectValue != nil else { return nil }
        self.json = json
        self.route = route
    }

    /// Whether it reports an error; the SDKs raise it, whatever else the line says.
    var isError: Bool { json["error"].map { !$0.isBlank } ?? false }

    /// Whether it is the last line.
    var isDone: Bool { json["done"]?.boolValue == true }

    /// Why the answer ended.
    var doneReason: String? {
        guard let reason = json["done_reason"]?.stringValue, !reason.isEmpty else { return nil }
        return reason
    }

    /// Whether the model was only loaded or unloaded, so that there is nothing to edit.
    var isOfLoading: Bool { doneReason == "load" || doneReason == "unload" }

    /// The visible text.
    var text: String { message?[textMember]?.stringValue ?? "" }

    /// The tool calls.
    var calls: [JSONValue] { message?["tool_calls"]?.arrayValue ?? [] }

    /// Whether it says anything that the model generated: text, thinking, tool calls.
    var carriesContent: Bool {
        !text.isEmpty || !calls.isEmpty || message?["thinking"]?.isBlank == false
    }

    private var textMember: String { route == .chat ? "content" : "response" }

    private var message: JSONValue? { route == .chat ? json["message"] : json }

    /// A tool call; older servers give it no identifier.
    static func call(_ json: JSONValue) -> AnswerCall {
        let function = json["function"]
        let arguments = function?["arguments"]?.nonNull
        return AnswerCall(
            id: json["id"]?.stringValue, name: function?["name"]?.stringValue ?? "",
            arguments: arguments.map { $0.stringValue ?? $0.encodedText() })
    }

    /// The tool calls as a summary lists them.
    var toolCalls: [ToolCall] { calls.map { ToolCall(Self.call($0)) } }

    /// The document with another reason for its end.
    func finished(_ reason: String) -> JSONValue {
        var json = json
        json["done_reason"] = .string(reason)
        return json
    }

    /// The document without text, thinking and calls.
    func blanked() -> JSONValue {
        editing { message in
            if message[textMember] != nil { message[textMember] = "" }
            message["thinking"] = nil
            message["tool_calls"] = nil
        }
    }

    /// The document with the first part of its text and no calls.
    func shortened(to text: String) -> JSONValue {
        editing { message in
            message[textMember] = .string(text)
            message["tool_calls"] = nil
        }
    }

    /// The document whose last call keeps the first members of its arguments; nil when there is
    /// no call, or it has no more members.
    func truncatingArguments(members: Int) -> JSONValue? {
        let last = calls.count - 1
        let whole = calls.last?["function"]?["arguments"]
        guard let arguments = ArgumentPrefix.object(whole, members: members) else { return nil }
        return editing { message in
            message["tool_calls"]?[last]?["function"]?["arguments"] = arguments
        }
    }

    /// A document that has lost content: without what repeats it token by token.
    ///
    /// `context` is an encoding of the whole conversation, which nobody can cut; Ollama leaves it
    /// out of many answers.
    static func withoutCopies(_ json: JSONValue) -> JSONValue {
        var json = json
        json["context"] = nil
        json["logprobs"] = nil
        return json
    }

    /// A document of an empty answer: one token, which ended it, was generated.
    static func withoutTokens(_ json: JSONValue) -> JSONValue {
        var json = json
        if json["eval_count"] != nil { json["eval_count"] = 1 }
        return json
    }

    private func editing(_ change: (inout JSONValue) -> Void) -> JSONValue {
        var json = json
        switch route {
        case .chat:
            guard var message = json["message"] else { return json }
            change(&message)
            json["message"] = message
        case .generate: change(&json)
        }
        return json
    }
}
