import Determinism

/// Joins the pieces of a response as a careful client does.
///
/// What the events of the pieces said is not read again where it is repeated whole. Servers that
/// send no pieces say it only there.
struct ResponsesReading {
    /// Where what is known of an item was read.
    private enum Source {
        case opening
        case pieces
        case whole
    }

    private struct Item {
        let index: Int
        let isCall: Bool
        var call: ToolCall
        var source = Source.opening
    }

    private var items: [Item] = []
    private var text = ""
    private var finishReason: String?

    /// What was said so far.
    var summary: AnswerSummary {
        let order = items.indices.filter { items[$0].isCall }
            .sorted { (items[$0].index, $0) < (items[$1].index, $1) }
        return AnswerSummary(
            text: text, toolCalls: order.map { items[$0].call }, finishReason: finishReason,
            terminated: finishReason != nil)
    }

    /// Takes the next event.
    mutating func take(_ event: ResponsesEvent) {
        if let reason = event.finishReason {
            finishReason = reason
        } else if let item = event.openedItem {
            _ = place(of: event.outputIndex, item)
        } else if let delta = event.textDelta {
            guard !delta.isEmpty else { return }
            text += delta
            items[place(of: event.outputIndex, nil)].source = .pieces
        } else if let whole = event.wholeText {
            let place = place(of: event.outputIndex, nil)
            guard items[place].source != .pieces else { return }
            text += whole
            items[place].source = .whole
        } else {
            takeCall(event)
        }
    }

    private mutating func takeCall(_ event: ResponsesEvent) {
        let known = items.lastIndex { $0.index == event.outputIndex }
        if let delta = event.argumentsDelta, let known, !delta.isEmpty {
            if items[known].source != .pieces { items[known].call.arguments = "" }
            items[known].call.arguments += delta
            items[known].source = .pieces
        } else if let whole = event.wholeArguments, let known, items[known].source != .pieces {
            items[known].call.arguments = whole
            items[known].source = .whole
        } else if let item = event.closedItem {
            close(place(of: event.outputIndex, item), item)
        }
    }

    private mutating func close(_ place: Int, _ item: JSONValue) {
        guard items[place].source == .opening else { return }
        items[place].source = .whole
        if items[place].isCall {
            let whole = ResponsesReader.call(of: item).arguments
            if !whole.isEmpty { items[place].call.arguments = whole }
        } else if ResponsesItemKind(item) == .message {
            text += ResponsesReader.text(of: item)
        }
    }

    /// The place of the item with an index, opened if need be; an index is opened once only.
    private mutating func place(of index: Int, _ item: JSONValue?) -> Int {
        if let known = items.lastIndex(where: { $0.index == index }) { return known }
        let isCall = ResponsesItemKind(item).argumentsKey != nil
        let call = ResponsesReader.call(of: item ?? .null)
        items.append(Item(index: index, isCall: isCall, call: call))
        return items.count - 1
    }
}
