import Determinism

/// One block of an answer: an object whose only member names the kind.
enum BedrockConverseBlock {
    /// The kinds of blocks that are told apart.
    enum Kind {
        /// Visible text, with or without the sources that it cites.
        case text
        /// A call of one of the agent's tools.
        case toolUse
        /// Signed reasoning.
        case reasoning
        /// All else, such as a call of the service's own tools and its result.
        case other
    }

    /// The kind of a block.
    static func kind(of block: JSONValue) -> Kind {
        if block["reasoningContent"]?.nonNull != nil { return .reasoning }
        if call(of: block) != nil { return .toolUse }
        let isText = block["text"]?.stringValue != nil || citedTexts(of: block) != nil
        return isText ? .text : .other
    }

    /// The call in a block, without its arguments; nil when it is none of the agent's tools.
    static func call(of block: JSONValue) -> ToolCall? {
        guard let tool = block["toolUse"], tool.objectValue != nil,
            tool["type"]?.stringValue != "server_tool_use"
        else { return nil }
        return ToolCall(
            id: tool["toolUseId"]?.stringValue ?? "", name: tool["name"]?.stringValue ?? "",
            arguments: "")
    }

    /// The visible text in a block.
    static func text(of block: JSONValue) -> String {
        if let text = block["text"]?.stringValue { return text }
        return (citedTexts(of: block) ?? []).map { $0["text"]?.stringValue ?? "" }.joined()
    }

    /// The block with the first `count` scalars of its text; what it cites stays.
    static func prefix(of block: JSONValue, count: Int) -> JSONValue {
        var block = block
        guard let cited = citedTexts(of: block) else {
            block["text"] = .string(ScalarPrefix.of(text(of: block), count: count))
            return block
        }
        var left = count
        var kept: [JSONValue] = []
        for var piece in cited where left > 0 {
            let text = ScalarPrefix.of(piece["text"]?.stringValue ?? "", count: left)
            piece["text"] = .string(text)
            left -= ScalarPrefix.count(text)
            kept.append(piece)
        }
        block["citationsContent"]?["content"] = .array(kept)
        return block
    }

    private static func citedTexts(of block: JSONValue) -> [JSONValue]? {
        block["citationsContent"]?["content"]?.arrayValue
    }
}
