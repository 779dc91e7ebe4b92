import Determinism

/// The output items of a stream in the order of their index.
struct ResponsesItems {
    /// One item, as it was first seen.
    struct Item {
        /// Its place among the items of the response.
        let index: Int
        /// What was seen of it.
        let json: JSONValue

        /// Its kind.
        var kind: ResponsesItemKind { ResponsesItemKind(json) }
    }

    private let items: [Item]

    /// Collects the items that events open, or close without having opened them.
    init(_ events: [ResponsesEvent?]) {
        var known: Set<Int> = []
        var items: [Item] = []
        for case .some(let event) in events {
            guard let json = event.openedItem ?? event.closedItem,
                known.insert(event.outputIndex).inserted
            else { continue }
            items.append(Item(index: event.outputIndex, json: json))
        }
        self.items = items.sorted { $0.index < $1.index }
    }

    /// The indices of the reasoning that stands before everything else.
    var leadingReasoning: Set<Int> {
        Set(items.prefix { $0.kind == .reasoning }.map(\.index))
    }

    /// The last call of the agent's tools.
    var lastCall: Item? {
        items.last { $0.kind.argumentsKey != nil }
    }

    /// The index of each element of a response's `output`; nil when one was not streamed.
    ///
    /// Some servers name an item anew in each event, so the order counts, and the id only where
    /// the response does not list what was streamed.
    func indices(of output: [JSONValue]) -> [Int]? {
        let isSame =
            output.count == items.count
            && zip(output, items).allSatisfy { $0["type"] == $1.json["type"] }
        if isSame { return items.map(\.index) }
        var indices: [Int] = []
        for element in output {
            guard let id = element["id"]?.stringValue,
                let item = items.first(where: { $0.json["id"] == .string(id) })
            else { return nil }
            indices.append(item.index)
        }
        return indices
    }
}
