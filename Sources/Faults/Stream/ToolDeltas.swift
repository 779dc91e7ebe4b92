import Determinism
import WireProtocols

/// The pieces of tool calls in the events of a stream, as far as their fields are edited.
struct ToolDeltas {
    /// What becomes of the index that says to which call a piece belongs.
    enum IndexEdit: String, Hashable, CaseIterable {
        /// It is one too high, so that the first is missing.
        case gap = "index-gap"
        /// It is absent.
        case missing = "missing-index"
        /// It is null.
        case null = "null-index"
    }

    let shape: DeltaShape
    let wire: any WireProtocol

    /// The events with the indices of all tool calls edited.
    func editingIndex(of events: [StreamEvent], _ edit: IndexEdit) throws(Inapplicable)
        -> [StreamEvent]
    {
        switch shape {
        case .chat:
            return events.map { event in
                shape.edited(event) { json in
                    editEachCall(of: &json) { call, _ in Self.edit("index", of: &call, edit) }
                } ?? event
            }
        case .anthropic: return editingBlocks(of: events, "index", edit)
        case .responses: return editingBlocks(of: events, "output_index", edit)
        case .converse: return editingBlocks(of: events, "contentBlockIndex", edit)
        case .cohere: return editingBlocks(of: events, "index", edit)
        case .gemini, .ollamaChat, .ollamaGenerate:
            throw Inapplicable("\(wire.id) gives tool calls no index")
        }
    }

    /// The events in which each piece of a call repeats the identifier and the name of the call.
    func repeatingIdentity(in events: [StreamEvent]) throws(Inapplicable) -> [StreamEvent] {
        guard shape == .chat || shape == .cohere else {
            throw Inapplicable("the pieces of a tool call of \(wire.id) have no place for its name")
        }
        var openings: [JSONMember] = []
        return events.map { event in
            shape.edited(event) { json in
                editEachCall(of: &json) { Self.complete(&$0, in: $1, &openings) }
            } ?? event
        }
    }

    /// Changes each piece of a tool call in an event; calls are numbered anew in each choice.
    private func editEachCall(
        of json: inout JSONValue, _ change: (inout JSONValue, _ choice: String) -> Void
    ) {
        if shape == .cohere {
            let isPiece = json["type"]?.stringValue?.hasPrefix("tool-call-") == true
            guard isPiece, var call = json["delta"]?["message"]?["tool_calls"],
                call.objectValue != nil
            else { return }
            // The index stands beside the delta.
            if let index = json["index"] { call["index"] = .some(index) }
            change(&call, "")
            call["index"] = nil
            json["delta"]?["message"]?["tool_calls"] = .some(call)
            return
        }
        json.editEach("choices") { choice in
            guard var delta = choice["delta"] else { return }
            let index = choice["index"]?.numberText ?? ""
            delta.editEach("tool_calls") { change(&$0, index) }
            choice["delta"] = .some(delta)
        }
    }

    /// Remembers what opens a call, and gives it to the later pieces of the same call.
    private static func complete(
        _ piece: inout JSONValue, in choice: String, _ openings: inout [JSONMember]
    ) {
        let key = choice + "/" + (piece["index"]?.numberText ?? "")
        if piece["id"]?.stringValue?.isEmpty == false {
            openings.append(JSONMember(key, piece))
            return
        }
        guard let opening = openings.last(where: { $0.key == key })?.value else { return }
        for name in ["id", "type"] {
            if let value = opening[name] { piece[name] = .some(value) }
        }
        if let name = opening["function"]?["name"], piece["function"] != nil {
            piece["function"]?["name"] = .some(name)
        }
    }

    /// Edits the index of every event of a block that is a tool call.
    private func editingBlocks(
        of events: [StreamEvent], _ member: String, _ edit: IndexEdit
    ) -> [StreamEvent] {
        var indices: [String] = []
        for event in events {
            guard case .toolStart = wire.role(of: event) else { continue }
            if let index = event.json?[member]?.numberText { indices.append(index) }
        }
        return events.map { event in
            shape.edited(event) { json in
                let isOfCall =
                    shape != .cohere
                    || json["type"]?.stringValue?.hasPrefix("tool-call-") == true
                guard let index = json[member]?.numberText, isOfCall, indices.contains(index)
                else { return }
                Self.edit(member, of: &json, edit)
            } ?? event
        }
    }

    private static func edit(_ member: String, of json: inout JSONValue, _ edit: IndexEdit) {
        guard let index = json[member] else { return }
        switch edit {
        case .gap:
            guard let number = index.intValue, number < 1 << 40 else { return }
            json[member] = .some(.int(number + 1))
        case .missing: json[member] = nil
        case .null: json[member] = .some(.null)
        }
    }
}
