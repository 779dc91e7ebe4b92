import WireProtocols

/// Whether the events of a body, put together again, are its bytes, however it arrives.
enum StreamCheck {
    /// The lengths of the pieces in which the body is fed in, by turns.
    private static let pieces = [1, 7, 64, 1_021, 3]

    static func returnsSameBytes(
        _ body: [UInt8], _ events: [StreamEvent], _ framing: StreamFraming
    ) -> Bool {
        guard StreamEvent.bytes(of: events) == body else { return false }
        var decoder = StreamDecoder(framing, eventBytesMax: max(1, body.count))
        var again: [StreamEvent] = []
        var start = 0
        var turn = 0
        do {
            while start < body.count {
                let end = min(body.count, start + pieces[turn % pieces.count])
                again += try decoder.push(Array(body[start..<end]))
                start = end
                turn += 1
            }
            if let last = try decoder.finish() { again.append(last) }
        } catch {
            return false
        }
        return again == events
    }
}
