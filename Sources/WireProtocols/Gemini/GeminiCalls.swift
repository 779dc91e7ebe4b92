import Determinism

/// Joins the pieces of tool calls.
///
/// A call mostly comes whole, as `name` and `args`. Vertex AI can stream one: a part with its name,
/// then parts with `partialArgs`, each of which but the last says `willContinue`.
struct GeminiCalls {
    private struct Slot {
        var id: String
        var name: String
        var arguments: JSONValue
    }

    private var slots: [Slot] = []
    /// The call whose last piece said that it goes on.
    private var open: Int?

    /// The calls in the order in which they came.
    var calls: [ToolCall] {
        slots.map { slot in
            ToolCall(id: slot.id, name: slot.name, arguments: slot.arguments.encodedText())
        }
    }

    /// The slot of the last call.
    var lastSlot: Int? { slots.indices.last }

    /// The arguments of the last call.
    var lastArguments: JSONValue? { slots.last?.arguments }

    /// Takes a part and says to which slot it belongs; nil when it is none of a call.
    mutating func add(_ part: JSONValue) -> Int? {
        guard let call = GeminiPart.call(part), let place = slot(for: call) else { return nil }
        if slots[place].id.isEmpty { slots[place].id = call["id"]?.stringValue ?? "" }
        if let members = call["args"]?.objectValue {
            if slots[place].arguments.isBlank {
                slots[place].arguments = .object(members)
            } else {
                for member in members { slots[place].arguments[member.key] = member.value }
            }
        }
        for piece in call["partialArgs"]?.arrayValue ?? [] {
            GeminiPartialArgument(piece)?.add(to: &slots[place].arguments)
        }
        open = call["willContinue"]?.boolValue == true ? place : nil
        return place
    }

    private mutating func slot(for call: JSONValue) -> Int? {
        let name = call["name"]?.stringValue ?? ""
        if name.isEmpty, let open { return open }
        // What neither opens a call nor has arguments only closes one that is closed already.
        guard GeminiPart.opensCall(call) || call["partialArgs"]?.isBlank == false else {
            return nil
        }
        slots.append(Slot(id: "", name: name, arguments: [:]))
        return slots.count - 1
    }
}
