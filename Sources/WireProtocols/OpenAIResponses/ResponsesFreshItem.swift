import Determinism

/// An output item that was not recorded, in the provider's form.
struct ResponsesFreshItem {
    /// The data of its events without their number.
    private(set) var events: [JSONValue] = []
    /// The whole item.
    private(set) var item: JSONValue = [:]
    private let place: [JSONMember]

    /// A message with one content.
    init(message said: AnswerPart, suffix: String, index: Int) {
        let id = JSONValue.string("msg_" + suffix)
        place = Self.place(id, index)
        let edit = ResponsesContentEdit(said: said, isSame: false)
        let isRefusal = if case .refusal = said { true } else { false }
        let type = isRefusal ? "refusal" : "output_text"
        let key = isRefusal ? "refusal" : "text"
        let part: JSONValue =
            isRefusal
            ? ["type": "refusal", "refusal": ""]
            : ["type": "output_text", "annotations": [], "logprobs": [], "text": ""]
        item = [
            "id": id, "type": "message", "status": "in_progress", "content": [],
            "role": "assistant",
        ]
        events = [Self.event("output_item.added", [place[1], JSONMember("item", item)])]
        add("content_part.added", ["content_index": 0, "part": part])
        let tokens = isRefusal ? [] : [JSONMember("logprobs", [])]
        for piece in TextPieces.cut(edit.text, like: []) {
            let delta: JSONValue = ["content_index": 0, "delta": .string(piece)]
            add("\(type).delta", .object((delta.objectValue ?? []) + tokens))
        }
        let done: JSONValue = ["content_index": 0, key: .string(edit.text)]
        add("\(type).done", .object((done.objectValue ?? []) + tokens))
        add("content_part.done", ["content_index": 0, "part": edit.applied(to: part)])
        item["status"] = "completed"
        item["content"] = [edit.applied(to: part)]
        close()
    }

    /// A call, of a function or of a tool whose input is free text; its arguments come in pieces
    /// or at once.
    init(call: AnswerCall, isCustom: Bool, isAtOnce: Bool, suffix: String, index: Int) {
        let id = JSONValue.string((isCustom ? "ctc_" : "fc_") + suffix)
        place = Self.place(id, index)
        let key = isCustom ? "input" : "arguments"
        let kind = isCustom ? "custom_tool_call_input" : "function_call_arguments"
        item = [
            "id": id, "type": isCustom ? "custom_tool_call" : "function_call",
            "status": "in_progress",
        ]
        if call.arguments != nil { item[key] = "" }
        if let id = call.id { item["call_id"] = .string(id) }
        item["name"] = .string(call.name)
        events = [Self.event("output_item.added", [place[1], JSONMember("item", item)])]
        if let arguments = call.arguments {
            for piece in isAtOnce ? [] : TextPieces.cut(arguments, like: []) {
                add("\(kind).delta", ["delta": .string(piece)])
            }
            add("\(kind).done", .object([JSONMember(key, .string(arguments))]))
            item[key] = .string(arguments)
        }
        item["status"] = "completed"
        close()
    }

    private static func place(_ id: JSONValue, _ index: Int) -> [JSONMember] {
        [JSONMember("item_id", id), JSONMember("output_index", .int(Int64(index)))]
    }

    private static func event(_ type: String, _ members: [JSONMember]) -> JSONValue {
        .object([JSONMember("type", .string("response." + type))] + members)
    }

    private mutating func add(_ type: String, _ members: JSONValue) {
        events.append(Self.event(type, place + (members.objectValue ?? [])))
    }

    private mutating func close() {
        let members = [place[1], JSONMember("item", item)]
        events.append(Self.event("output_item.done", members))
    }
}
