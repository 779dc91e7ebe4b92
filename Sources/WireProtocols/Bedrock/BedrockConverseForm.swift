import Determinism

/// How the events of blocks are written; a text has no start.
struct BedrockConverseForm: BlockForm {
    let indexKey = "contentBlockIndex"

    func start(_ kind: AnswerBlock.Kind) -> Typed? {
        guard kind == .call else { return nil }
        let tool: JSONValue = ["toolUseId": "", "name": ""]
        return (
            "contentBlockStart", ["contentBlockIndex": 0, "start": ["toolUse": tool]]
        )
    }

    func piece(_ kind: AnswerBlock.Kind) -> Typed {
        let delta: JSONValue = kind == .call ? ["toolUse": ["input": ""]] : ["text": ""]
        return ("contentBlockDelta", ["contentBlockIndex": 0, "delta": delta])
    }

    func stop(_ kind: AnswerBlock.Kind) -> Typed {
        ("contentBlockStop", ["contentBlockIndex": 0])
    }

    func setPiece(_ piece: String, _ kind: AnswerBlock.Kind, _ json: inout JSONValue) {
        if kind == .call {
            json["delta"]?["toolUse"]?["input"] = .string(piece)
        } else {
            json["delta"]?["text"] = .string(piece)
        }
    }

    func setCall(_ call: AnswerCall, _ json: inout JSONValue) {
        json["start"]?["toolUse"]?["toolUseId"] = call.id.map { .string($0) }
        json["start"]?["toolUse"]?["name"] = .string(call.name)
    }

    /// The type stands in the headers.
    func event(_ typed: Typed, like recorded: StreamEvent) -> StreamEvent {
        guard case .message(let message) = recorded else {
            return recorded.replacingJSON(typed.json)
        }
        let headers = message.headers.map { header in
            header.name == ":event-type"
                ? AWSEventMessage.Header(header.name, typed.type) : header
        }
        return .message(AWSEventMessage(headers: headers, payload: typed.json.encoded()))
    }
}
