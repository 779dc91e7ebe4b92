import Determinism

/// How the events of blocks are written.
struct CohereForm: BlockForm {
    let indexKey = "index"

    func start(_ kind: AnswerBlock.Kind) -> Typed? {
        kind == .call
            ? typed(
                "tool-call-start",
                [
                    "tool_calls": [
                        "id": "", "type": "function", "function": ["name": "", "arguments": ""],
                    ]
                ])
            : typed("content-start", ["content": ["type": "text", "text": ""]])
    }

    func piece(_ kind: AnswerBlock.Kind) -> Typed {
        kind == .call
            ? typed("tool-call-delta", ["tool_calls": ["function": ["arguments": ""]]])
            : typed("content-delta", ["content": ["text": ""]])
    }

    func stop(_ kind: AnswerBlock.Kind) -> Typed {
        typed(kind == .call ? "tool-call-end" : "content-end", nil)
    }

    private func typed(_ type: String, _ message: JSONValue?) -> Typed {
        var json: JSONValue = ["type": .string(type), "index": 0]
        if let message { json["delta"] = ["message": message] }
        return (type, json)
    }

    func setPiece(_ piece: String, _ kind: AnswerBlock.Kind, _ json: inout JSONValue) {
        if kind == .call {
            let key = "tool_calls"
            json["delta"]?["message"]?[key]?["function"]?["arguments"] = .string(piece)
        } else {
            json["delta"]?["message"]?["content"]?["text"] = .string(piece)
        }
        // They are those of the tokens of another piece.
        if json["logprobs"] != nil { json["logprobs"] = .none }
    }

    func setCall(_ call: AnswerCall, _ json: inout JSONValue) {
        let id: JSONValue? = call.id.map { .string($0) }
        json["delta"]?["message"]?["tool_calls"]?["id"] = id
        json["delta"]?["message"]?["tool_calls"]?["function"]?["name"] = .string(call.name)
    }
}
