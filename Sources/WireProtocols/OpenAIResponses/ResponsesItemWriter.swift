import Determinism

/// Writes the events of one recorded item that says something else.
struct ResponsesItemWriter {
    /// The data of an event, and the recorded event that it was made of, if it is one.
    struct Written {
        let place: Int
        let json: JSONValue
        /// Whether the recorded event is only its template.
        let isNew: Bool
    }

    private let events: [ResponsesEvent?]
    private let item: ResponsesRecording.Item
    private let index: Int
    private(set) var written: [Written] = []

    /// Prepares for an item that stands in another place.
    init(_ events: [ResponsesEvent?], _ item: ResponsesRecording.Item, index: Int) {
        (self.events, self.item, self.index) = (events, item, index)
    }

    /// Writes the item as it is.
    mutating func keep() {
        for place in item.events {
            guard let event = events[place] else { continue }
            write(event.json, place)
        }
    }

    private mutating func write(_ json: JSONValue, _ place: Int, isNew: Bool = false) {
        var json = json
        let number = JSONValue.int(Int64(index))
        if let old = json["output_index"], old != number { json["output_index"] = number }
        written.append(Written(place: place, json: json, isNew: isNew))
    }

    /// Writes a call that says this.
    mutating func call(_ new: AnswerCall, from old: AnswerCall, key: String) {
        let places = item.events.filter { events[$0]?.argumentsDelta != nil }
        let fragments = places.map { events[$0]?.argumentsDelta ?? "" }
        let isAtOnce = places.isEmpty && old.arguments?.isEmpty == false
        var pieces = ResponsesPieces(new.arguments ?? "", like: fragments, isAtOnce: isAtOnce)
        for place in item.events {
            guard let event = events[place] else { continue }
            if let fragment = event.argumentsDelta {
                if new.arguments != nil, pieces.keeps(fragment) { write(event.json, place) }
                continue
            }
            if event.openedItem == nil {
                writeArguments(pieces.takeRest(), like: places.last, key: key, before: event)
            }
            if let json = repeated(event, new, from: old, key: key) { write(json, place) }
        }
    }

    /// The data of an event that repeats a call; nil where there is nothing to repeat.
    private func repeated(
        _ event: ResponsesEvent, _ new: AnswerCall, from old: AnswerCall, key: String
    ) -> JSONValue? {
        var json = event.json
        if let item = event.openedItem {
            json["item"] = ResponsesCallEdit.item(item, key, from: old, to: new, isOpening: true)
        } else if let item = event.closedItem {
            json["item"] = ResponsesCallEdit.item(item, key, from: old, to: new)
        } else if event.wholeArguments != nil {
            guard let arguments = new.arguments else { return nil }
            json[key] = .string(arguments)
            if json["name"] != nil { json["name"] = .string(new.name) }
        }
        return json
    }

    private mutating func writeArguments(
        _ pieces: ArraySlice<String>, like place: Int?, key: String, before next: ResponsesEvent
    ) {
        guard let first = item.events.first else { return }
        for piece in pieces {
            var json: JSONValue
            if let place, let event = events[place] {
                json = event.json
                json["delta"] = .string(piece)
            } else {
                let type = key == "input" ? "custom_tool_call_input" : "function_call_arguments"
                json = ["type": .string("response.\(type).delta")]
                json["item_id"] = next.json["item_id"] ?? next.json["item"]?["id"]
                json["output_index"] = next.json["output_index"]
                json["delta"] = .string(piece)
                if let number = next.json["sequence_number"] { json["sequence_number"] = number }
            }
            write(json, place ?? first, isNew: true)
        }
    }

    /// Writes a message with these contents; gives what each says where it is repeated whole.
    mutating func message(
        _ contents: [ResponsesPlan.Content], from old: ArraySlice<ResponsesRecording.Part>
    ) -> [ResponsesContentEdit] {
        var states = contents.map { content in
            State(content, old.first { $0.content == content.old }?.said, fragments(content.old))
        }
        let numbers = contents.map(\.old)
        for place in item.events {
            guard let event = events[place] else { continue }
            if event.openedItem != nil {
                write(event.json, place)
            } else if event.closedItem != nil {
                for number in states.indices { finish(number, &states[number]) }
                var json = event.json
                json["item"] = json["item"].map { item in
                    ResponsesContentEdit.message(item, contents, states.map(\.edit))
                }
                write(json, place)
            } else if let number = numbers.firstIndex(of: event.contentIndex) {
                take(event, place, number, &states[number])
            }
        }
        return states.map(\.edit)
    }

    private func fragments(_ content: Int?) -> [String] {
        item.events.compactMap { place in
            guard let event = events[place], event.contentIndex == content else { return nil }
            return event.partDelta
        }
    }

    /// What is known of a content while it is written.
    private struct State {
        var pieces: ResponsesPieces
        var edit: ResponsesContentEdit
        /// The last event with a piece.
        var template: Int?

        init(_ content: ResponsesPlan.Content, _ old: AnswerPart?, _ fragments: [String]) {
            edit = ResponsesContentEdit(
                said: content.said, isSame: old?.isExactly(content.said) == true)
            pieces = ResponsesPieces(
                edit.text, like: fragments, isAtOnce: fragments.allSatisfy(\.isEmpty))
        }
    }

    private mutating func take(
        _ event: ResponsesEvent, _ place: Int, _ number: Int, _ state: inout State
    ) {
        var json = event.json
        if json["content_index"] != nil, event.contentIndex != number {
            json["content_index"] = .int(Int64(number))
        }
        if let fragment = event.partDelta {
            state.template = place
            guard state.pieces.keeps(fragment) else { return }
            state.edit.tokens += json["logprobs"]?.arrayValue ?? []
            write(json, place)
            return
        }
        switch event.type {
        case "response.output_text.annotation.added":
            guard state.pieces.isSame else { return }
            state.edit.annotations += 1
        case "response.output_text.done", "response.refusal.done":
            finish(number, &state)
            json = state.edit.applied(to: json)
        case "response.content_part.done":
            finish(number, &state)
            json["part"] = json["part"].map { state.edit.applied(to: $0) }
        default: break
        }
        write(json, place)
    }

    /// Writes the pieces of a content that are left.
    private mutating func finish(_ number: Int, _ state: inout State) {
        for piece in state.pieces.takeRest() {
            guard let place = state.template, var json = events[place]?.json else { return }
            json["delta"] = .string(piece)
            if json["logprobs"]?.arrayValue != nil { json["logprobs"] = [] }
            if json["content_index"] != nil { json["content_index"] = .int(Int64(number)) }
            write(json, place, isNew: true)
        }
    }
}

/// The pieces of a text, compared with the recorded ones.
struct ResponsesPieces {
    private var pieces: ArraySlice<String>
    /// Whether the text so far is the recorded one.
    private(set) var isSame = true

    /// Cuts a text; a server that sends it at once sends no pieces.
    init(_ text: String, like recorded: [String], isAtOnce: Bool) {
        pieces = isAtOnce ? [] : TextPieces.cut(text, like: recorded)[...]
    }

    /// Whether the next piece is this one.
    mutating func keeps(_ fragment: String) -> Bool {
        guard isSame else { return false }
        if fragment.isEmpty { return true }
        isSame = pieces.first?.utf8.elementsEqual(fragment.utf8) == true
        if isSame { pieces = pieces.dropFirst() }
        return isSame
    }

    /// The pieces that were not recorded.
    mutating func takeRest() -> ArraySlice<String> {
        let rest = pieces
        pieces = []
        return rest
    }
}
