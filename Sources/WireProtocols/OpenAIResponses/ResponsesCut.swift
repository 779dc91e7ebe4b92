import Determinism

/// A stream that was cut: what its output items keep, and how what follows the cut must change.
struct ResponsesCut {
    /// The place of the first event behind the cut.
    private let place: Int
    private let items: ResponsesItems
    /// What each item that was opened before the cut keeps, by its index.
    private var kept: [Int: ResponsesKeptItem] = [:]

    /// Reads a stream up to its end; nil when the cut falls into an item that cannot be cut.
    init?(_ events: [ResponsesEvent?], at place: Int) {
        self.place = place
        items = ResponsesItems(events)
        for (number, event) in events.enumerated() {
            guard let event, event.isOfItem else { continue }
            if number < place {
                kept[event.outputIndex, default: ResponsesKeptItem()].keep(event)
            } else if kept[event.outputIndex]?.isClosed == false {
                kept[event.outputIndex]?.lose(event)
            }
        }
        guard kept.values.allSatisfy({ $0.isClosed || $0.canBeCut }) else { return nil }
    }

    /// The event as the cut leaves it; nil when it is dropped.
    func edited(_ event: StreamEvent, _ decoded: ResponsesEvent, at number: Int) -> StreamEvent? {
        guard decoded.isOfItem, number >= place else { return event }
        guard let item = kept[decoded.outputIndex], !item.isClosed else { return nil }
        guard let json = item.closing(decoded) else { return nil }
        return json == decoded.json ? event : event.replacingJSON(json)
    }

    /// The output of the response as the cut leaves it; nil when it is not what was streamed.
    func output(_ output: [JSONValue]) -> [JSONValue]? {
        guard let indices = items.indices(of: output) else { return nil }
        return zip(output, indices).compactMap { element, index in
            guard let item = kept[index] else { return nil }
            return item.isClosed ? element : item.cut(element)
        }
    }
}
