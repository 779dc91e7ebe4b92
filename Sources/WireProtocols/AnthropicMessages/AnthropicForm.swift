import Determinism

/// How the events of blocks are written.
struct AnthropicForm: BlockForm {
    let indexKey = "index"

    func start(_ kind: AnswerBlock.Kind) -> Typed? {
        let block: JSONValue =
            kind == .call
            ? ["type": "tool_use", "id": "", "name": "", "input": [:]]
            : ["type": "text", "text": ""]
        return typed("content_block_start", ("content_block", block))
    }

    func piece(_ kind: AnswerBlock.Kind) -> Typed {
        let delta: JSONValue =
            kind == .call
            ? ["type": "input_json_delta", "partial_json": ""]
            : ["type": "text_delta", "text": ""]
        return typed("content_block_delta", ("delta", delta))
    }

    func stop(_ kind: AnswerBlock.Kind) -> Typed {
        typed("content_block_stop", nil)
    }

    private func typed(_ type: String, _ member: (key: String, value: JSONValue)?) -> Typed {
        var json: JSONValue = ["type": .string(type), "index": 0]
        if let member { json[member.key] = member.value }
        return (type, json)
    }

    func setPiece(_ piece: String, _ kind: AnswerBlock.Kind, _ json: inout JSONValue) {
        switch (kind, json["delta"] == nil) {
        // In a start the input is an object, mostly an empty one.
        case (.call, true): json["content_block"]?["input"] = [:]
        case (.call, false): json["delta"]?["partial_json"] = .string(piece)
        case (_, true): json["content_block"]?["text"] = .string(piece)
        case (_, false): json["delta"]?["text"] = .string(piece)
        }
    }

    func setCall(_ call: AnswerCall, _ json: inout JSONValue) {
        json["content_block"]?["id"] = call.id.map { .string($0) }
        json["content_block"]?["name"] = .string(call.name)
    }
}
