public import Determinism

extension OpenAIResponses {
    /// The answer with its text cut to `characters` Unicode scalars, incomplete for
    /// `max_output_tokens`.
    ///
    /// Items behind the cut are dropped. Nil when there is no text or it is shorter.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        guard let output = Self.editableOutput(of: answer) else { return nil }
        let summary = ResponsesReader.summary(of: answer)
        let total = ScalarPrefix.count(summary.text)
        let isLong = summary.finishReason != ResponsesEnding.length || characters < total
        guard total > 0, (0...total).contains(characters), isLong else { return nil }
        var kept: [JSONValue] = []
        var left = characters
        for item in output {
            if ResponsesItemKind(item) != .message {
                kept.append(item)
            } else if left > 0 {
                kept.append(Self.cut(item, left: &left))
            }
            // A message without text stands before the cut like any other item.
            let isEmpty = ResponsesReader.text(of: item).isEmpty
            if left == 0, !isEmpty { break }
        }
        var answer = answer
        ResponsesEnding.replaceOutput(&answer, by: kept)
        ResponsesEnding.finish(&answer, isComplete: false)
        return answer
    }

    /// The answer with no output but the reasoning that stands before everything else, and no
    /// tokens of output but those of reasoning.
    ///
    /// Nil when there is no content to lose.
    public func emptied(_ answer: JSONValue) -> JSONValue? {
        guard let output = Self.editableOutput(of: answer) else { return nil }
        let summary = ResponsesReader.summary(of: answer)
        guard !summary.text.isEmpty || !summary.toolCalls.isEmpty else { return nil }
        let reasoning = output.prefix { ResponsesItemKind($0) == .reasoning }
        var answer = answer
        ResponsesEnding.replaceOutput(&answer, by: Array(reasoning))
        ResponsesEnding.finish(&answer, isComplete: true)
        ResponsesEnding.emptyUsage(&answer)
        return answer
    }

    /// The answer whose last call keeps the first `members` members of its arguments.
    ///
    /// Nil when there is no call of the agent's tools, or the call has no more members.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        guard let output = Self.editableOutput(of: answer),
            let place = output.lastIndex(where: { ResponsesItemKind($0).argumentsKey != nil }),
            let key = ResponsesItemKind(output[place]).argumentsKey,
            let arguments = output[place][key]?.stringValue,
            let cut = ArgumentPrefix.length(of: arguments, members: members)
        else { return nil }
        var answer = answer
        let text = ArgumentPrefix.prefix(arguments, bytes: cut)
        answer["output"]?[place]?[key] = .string(text)
        return answer
    }

    /// The output of an answer that has ended by itself or for length.
    private static func editableOutput(of answer: JSONValue) -> [JSONValue]? {
        let status = answer["status"]?.stringValue ?? "completed"
        guard status == "completed" || status == "incomplete" else { return nil }
        return answer["output"]?.arrayValue
    }

    /// A message that keeps at most `left` Unicode scalars; incomplete when none is left after it.
    private static func cut(_ message: JSONValue, left: inout Int) -> JSONValue {
        var kept: [JSONValue] = []
        for part in message["content"]?.arrayValue ?? [] {
            guard left > 0 else { break }
            guard ResponsesReader.isText(part) else {
                kept.append(part)
                continue
            }
            let text = part["text"]?.stringValue ?? ""
            let count = ScalarPrefix.count(text)
            kept.append(count <= left ? part : cut(part, text, characters: left))
            left = max(0, left - count)
        }
        var message = message
        if left == 0 {
            message["content"] = .array(kept)
            if message["status"]?.stringValue != nil { message["status"] = "incomplete" }
        }
        return message
    }

    /// A part with less text, and only the annotations and the tokens that still lie within it.
    private static func cut(_ part: JSONValue, _ text: String, characters: Int) -> JSONValue {
        let short = ScalarPrefix.of(text, count: characters)
        var part = part
        part["text"] = .string(short)
        ResponsesKeptPart.cutLogprobs(&part, to: short)
        if let annotations = part["annotations"]?.arrayValue {
            part["annotations"] = .array(
                annotations.filter { annotation in
                    let end = annotation["end_index"] ?? annotation["index"]
                    return end?.placeValue.map { $0 <= characters } ?? false
                })
        }
        return part
    }
}
