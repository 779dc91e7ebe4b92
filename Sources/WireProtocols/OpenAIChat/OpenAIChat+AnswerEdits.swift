public import Determinism

extension OpenAIChat {
    /// The answer with its text cut to `characters` Unicode scalars and `finish_reason` `length`.
    ///
    /// Tool calls, which follow the text, are dropped. Nil when there is no text or it is shorter.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        guard let text = Self.message(of: answer)?["content"]?.stringValue, !text.isEmpty else {
            return nil
        }
        let total = ScalarPrefix.count(text)
        let reason = answer["choices"]?[0]?["finish_reason"]?.stringValue
        guard characters >= 0, characters <= total, characters < total || reason != "length" else {
            return nil
        }
        return Self.edited(answer, reason: "length") { message in
            message["content"] = .string(ScalarPrefix.of(text, count: characters))
            message["tool_calls"] = nil
        }
    }

    /// The answer with an empty text, no tool calls and `finish_reason` `stop`.
    ///
    /// Nil when there is no content to lose.
    public func emptied(_ answer: JSONValue) -> JSONValue? {
        guard let message = Self.message(of: answer) else { return nil }
        let hasText = message["content"]?.isBlank == false
        guard hasText || message["tool_calls"]?.isBlank == false else { return nil }
        return Self.edited(answer, reason: "stop") { message in
            message["content"] = ""
            message["tool_calls"] = nil
            message["function_call"] = nil
        }
    }

    /// The answer whose last tool call keeps the first `members` members of its arguments.
    ///
    /// Nil when there is no tool call, or the call has no more members.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        guard let calls = Self.message(of: answer)?["tool_calls"]?.arrayValue,
            let arguments = calls.last?["function"]?["arguments"]?.stringValue,
            let cut = ArgumentPrefix.length(of: arguments, members: members)
        else { return nil }
        return Self.edited(answer, reason: nil) { message in
            let text = ArgumentPrefix.prefix(arguments, bytes: cut)
            message["tool_calls"]?[calls.count - 1]?["function"]?["arguments"] = .string(text)
        }
    }

    /// The message of an answer with one choice.
    private static func message(of answer: JSONValue) -> JSONValue? {
        guard let choices = answer["choices"]?.arrayValue, choices.count == 1 else { return nil }
        guard let message = choices[0]["message"], message.objectValue != nil else { return nil }
        return message
    }

    private static func edited(
        _ answer: JSONValue, reason: String?, _ change: (inout JSONValue) -> Void
    ) -> JSONValue {
        guard var message = message(of: answer) else { return answer }
        var answer = answer
        change(&message)
        answer["choices"]?[0]?["message"] = message
        if let reason { answer["choices"]?[0]?["finish_reason"] = .string(reason) }
        return answer
    }
}
