import Determinism

/// Writes a response stream as the provider does: numbered, with every item repeated whole where it
/// ends, and all of them in the last event.
struct ResponsesScript {
    private var events: [(type: String, members: [JSONMember])] = []
    private var output: [JSONValue] = []

    init() {
        add("response.created", ["response": ["id": "resp_1", "status": "in_progress"]])
    }

    /// One frame an event.
    var frames: [String] {
        events.enumerated().map { number, event in
            let start: JSONValue = [
                "type": .string(event.type), "sequence_number": .int(Int64(number)),
            ]
            let data = JSONValue.object((start.objectValue ?? []) + event.members)
            return "event: \(event.type)\ndata: \(data.encodedText())"
        }
    }

    /// Adds an event of any type.
    mutating func add(_ type: String, _ members: JSONValue) {
        events.append((type, members.objectValue ?? []))
    }

    /// Adds the event that ends the stream.
    mutating func end(_ reason: String?) {
        let status = reason == nil ? "completed" : "incomplete"
        add(
            "response.\(status)", ["response": Self.response(status, output, incompleteFor: reason)]
        )
    }

    /// A response that has ended, with the members that an edit may touch.
    static func response(
        _ status: String, _ output: [JSONValue], incompleteFor reason: String? = nil,
        outputTokens: Int64 = 30
    ) -> JSONValue {
        let usage: JSONValue = [
            "input_tokens": 12, "output_tokens": .int(outputTokens),
            "output_tokens_details": ["reasoning_tokens": 8],
            "total_tokens": .int(12 + outputTokens),
        ]
        return [
            "id": "resp_1", "created_at": 1_760_000_000, "status": .string(status),
            "completed_at": status == "completed" ? 1_760_000_002 : .null, "error": .null,
            "incomplete_details": reason.map { ["reason": .string($0)] } ?? .null,
            "output": .array(output), "usage": usage,
        ]
    }

    /// Adds a message; with details each piece is cited and has its probability.
    mutating func message(
        _ pieces: [String], _ status: String = "completed", hasDetails: Bool = false
    ) {
        open(["type": "message", "status": "in_progress", "content": []])
        var part: JSONValue = ["type": "output_text", "text": ""]
        if hasDetails { (part["annotations"], part["logprobs"]) = ([], []) }
        addToPart("response.content_part.added", ["part": part])
        var text = ""
        var annotations: [JSONValue] = []
        var tokens: [JSONValue] = []
        for piece in pieces {
            text += piece
            guard hasDetails else {
                addToPart("response.output_text.delta", ["delta": .string(piece)])
                continue
            }
            tokens.append(Self.token(piece))
            addToPart(
                "response.output_text.delta",
                ["delta": .string(piece), "logprobs": [Self.token(piece)]])
            annotations.append(Self.citation(of: text, piece))
            addToPart(
                "response.output_text.annotation.added",
                [
                    "annotation_index": .int(Int64(annotations.count - 1)),
                    "annotation": Self.citation(of: text, piece),
                ])
        }
        part["text"] = .string(text)
        var done: JSONValue = ["text": .string(text)]
        if hasDetails {
            part["annotations"] = .array(annotations)
            (part["logprobs"], done["logprobs"]) = (.array(tokens), .array(tokens))
        }
        addToPart("response.output_text.done", done)
        addToPart("response.content_part.done", ["part": part])
        close(["type": "message", "status": .string(status), "content": [part]])
    }

    /// Adds a function call.
    mutating func call(_ name: String, _ pieces: [String], whole: String? = nil) {
        let arguments = whole ?? pieces.joined()
        open(Self.call("function_call", name, "in_progress", "arguments", "", output.count))
        for piece in pieces {
            addToItem("response.function_call_arguments.delta", ["delta": .string(piece)])
        }
        addToItem("response.function_call_arguments.done", ["arguments": .string(arguments)])
        close(Self.call("function_call", name, "completed", "arguments", arguments, output.count))
    }

    /// Adds a call of a custom tool.
    mutating func customCall(_ name: String, _ pieces: [String]) {
        let input = pieces.joined()
        open(Self.call("custom_tool_call", name, "in_progress", "input", "", output.count))
        for piece in pieces {
            addToItem("response.custom_tool_call_input.delta", ["delta": .string(piece)])
        }
        addToItem("response.custom_tool_call_input.done", ["input": .string(input)])
        close(Self.call("custom_tool_call", name, "completed", "input", input, output.count))
    }

    /// Adds encrypted reasoning with a summary: four events.
    mutating func reasoning() {
        let text: JSONValue = ["type": "summary_text", "text": "Hm."]
        open(["type": "reasoning", "encrypted_content": "gAAA1==", "summary": []])
        addToItem("response.reasoning_summary_text.delta", ["summary_index": 0, "delta": "Hm."])
        addToItem("response.reasoning_summary_text.done", ["summary_index": 0, "text": "Hm."])
        close(["type": "reasoning", "encrypted_content": "gAAA2==", "summary": [text]])
    }

    /// Adds a search that the provider does itself.
    mutating func webSearch() {
        open(["type": "web_search_call", "status": "in_progress"])
        addToItem("response.web_search_call.completed", [:])
        close(["type": "web_search_call", "status": "completed"])
    }

    private mutating func open(_ item: JSONValue) {
        add("response.output_item.added", ["output_index": index, "item": identified(item)])
    }

    private mutating func close(_ item: JSONValue) {
        add("response.output_item.done", ["output_index": index, "item": identified(item)])
        output.append(identified(item))
    }

    private var index: JSONValue { .int(Int64(output.count)) }
    private var itemID: JSONValue { .string("i\(output.count)") }

    private func identified(_ item: JSONValue) -> JSONValue {
        .object([JSONMember("id", itemID)] + (item.objectValue ?? []))
    }

    private mutating func addToItem(_ type: String, _ members: JSONValue) {
        let place: JSONValue = ["item_id": itemID, "output_index": index]
        add(type, .object((place.objectValue ?? []) + (members.objectValue ?? [])))
    }

    private mutating func addToPart(_ type: String, _ members: JSONValue) {
        addToItem(type, .object([JSONMember("content_index", 0)] + (members.objectValue ?? [])))
    }

    private static func token(_ text: String) -> JSONValue {
        [
            "token": .string(text), "logprob": .number("-0.5"),
            "bytes": .array(text.utf8.map { .int(Int64($0)) }),
        ]
    }

    private static func citation(of text: String, _ piece: String) -> JSONValue {
        let end = text.unicodeScalars.count
        return [
            "type": "url_citation", "url": "https://a.b/",
            "start_index": .int(Int64(end - piece.unicodeScalars.count)),
            "end_index": .int(Int64(end)),
        ]
    }

    private static func call(
        _ type: String, _ name: String, _ status: String, _ key: String, _ arguments: String,
        _ index: Int
    ) -> JSONValue {
        [
            "type": .string(type), "status": .string(status), key: .string(arguments),
            "call_id": .string("call_\(index)"), "name": .string(name),
        ]
    }
}
