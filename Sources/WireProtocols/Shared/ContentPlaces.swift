extension WireProtocol {
    /// The place behind so many content events, at least one; the end where there are fewer.
    func place(behind contentEvents: Int, in events: ArraySlice<StreamEvent>) -> Int {
        var seen = 0
        for place in events.indices where role(of: events[place]).isContent {
            seen += 1
            if seen == contentEvents { return place + 1 }
        }
        return events.endIndex
    }
}
