/// Joins the pieces of tool calls as a careful client does.
///
/// An id or name that is repeated on each piece is not joined; a new id under a known index is a
/// new call; a piece without an index belongs to the call with its id, else to the latest.
struct OpenAIToolCalls {
    private struct Slot {
        var index: Int
        var call: ToolCall
    }

    private var slots: [Slot] = []

    /// The calls in the order of their index; equal indices keep their order of arrival.
    var calls: [ToolCall] { order.map { slots[$0].call } }

    /// The slot of the last call in that order.
    var lastSlot: Int? { order.last }

    /// The slots in that order.
    var order: [Int] {
        slots.indices.sorted { (slots[$0].index, $0) < (slots[$1].index, $1) }
    }

    /// The index of the call in a slot.
    func index(ofSlot slot: Int) -> Int { slots[slot].index }

    /// Takes a piece and says to which slot it belongs.
    mutating func add(_ delta: OpenAIChatChunk.ToolDelta) -> Int {
        let place = slot(for: delta) ?? open(delta)
        if slots[place].call.id.isEmpty { slots[place].call.id = delta.id ?? "" }
        if slots[place].call.name.isEmpty { slots[place].call.name = delta.name ?? "" }
        slots[place].call.arguments += delta.arguments ?? ""
        return place
    }

    private func slot(for delta: OpenAIChatChunk.ToolDelta) -> Int? {
        let id = delta.id ?? ""
        let candidate: Int?
        if let index = delta.index {
            candidate = slots.lastIndex { $0.index == index }
        } else if id.isEmpty {
            candidate = slots.indices.last
        } else {
            candidate = slots.lastIndex { $0.call.id == id }
        }
        guard let candidate else { return nil }
        let known = slots[candidate].call.id
        return id.isEmpty || known.isEmpty || known == id ? candidate : nil
    }

    private mutating func open(_ delta: OpenAIChatChunk.ToolDelta) -> Int {
        let highest = slots.map(\.index).max() ?? -1
        let next = highest < .max ? highest + 1 : highest
        let call = ToolCall(id: "", name: "", arguments: "")
        slots.append(Slot(index: delta.index ?? next, call: call))
        return slots.count - 1
    }
}
