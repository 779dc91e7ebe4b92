import Determinism

/// Reads whole answers of the messages protocol.
enum AnthropicReader {
    private struct Block {
        var index: Int
        var kind: AnthropicEvent.BlockKind
        var call: ToolCall
        var input: JSONValue?
    }

    /// What a stream says; what follows the terminator or an error is not read, as in the SDKs.
    static func summary(of events: [StreamEvent]) -> AnswerSummary {
        var summary = AnswerSummary()
        var blocks: [Block] = []
        for event in events {
            guard let decoded = AnthropicEvent(event) else { continue }
            if decoded.type == "message_stop" {
                summary.terminated = true
                break
            }
            if decoded.type == "error" { break }
            if let kind = decoded.startedKind {
                let json = decoded.json["content_block"]
                blocks.append(
                    Block(
                        index: decoded.index, kind: kind, call: call(of: json),
                        input: json?["input"]))
                if kind == .text { summary.text += json?["text"]?.stringValue ?? "" }
            } else if let text = decoded.textDelta {
                summary.text += text
            } else if let fragment = decoded.argumentsDelta,
                let place = blocks.lastIndex(where: { $0.index == decoded.index })
            {
                blocks[place].call.arguments += fragment
            } else if let reason = decoded.stopReason {
                summary.finishReason = reason
            }
        }
        summary.toolCalls = ordered(blocks)
        return summary
    }

    /// The calls of the agent's tools by index; those of the provider's own tools are not asked
    /// for.
    private static func ordered(_ blocks: [Block]) -> [ToolCall] {
        let tools = blocks.indices.filter { blocks[$0].kind == .toolUse }
        let order = tools.sorted { (blocks[$0].index, $0) < (blocks[$1].index, $1) }
        return order.map { place in
            var call = blocks[place].call
            // A call without pieces has its arguments, mostly {}, where the block was opened.
            if call.arguments.isEmpty {
                call.arguments = blocks[place].input?.encodedText() ?? ""
            }
            return call
        }
    }

    /// What a JSON answer says.
    static func summary(of answer: JSONValue) -> AnswerSummary {
        var summary = AnswerSummary(
            finishReason: answer["stop_reason"]?.stringValue, terminated: true)
        for block in answer["content"]?.arrayValue ?? [] {
            switch AnthropicEvent.kind(of: block) {
            case .text: summary.text += block["text"]?.stringValue ?? ""
            case .toolUse:
                var call = call(of: block)
                call.arguments = block["input"]?.encodedText() ?? ""
                summary.toolCalls.append(call)
            case .thinking, .other: break
            }
        }
        return summary
    }

    private static func call(of block: JSONValue?) -> ToolCall {
        ToolCall(
            id: block?["id"]?.stringValue ?? "", name: block?["name"]?.stringValue ?? "",
            arguments: "")
    }

    /// The summary of a stream that can be edited: whole and finished.
    static func editableSummary(of events: [StreamEvent]) -> AnswerSummary? {
        let summary = summary(of: events)
        return summary.terminated && summary.finishReason != nil ? summary : nil
    }
}
