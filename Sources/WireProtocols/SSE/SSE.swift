/// Event streams as a whole.
public enum SSE {
    /// The events of a whole stream; their bytes, joined, are exactly the input.
    public static func events(of bytes: [UInt8]) -> [SSEEvent] {
        var scanner = SSEFrameScanner()
        var events: [SSEEvent] = []
        var start = 0
        func take(to end: Int, isTerminated: Bool) {
            let frame = Array(bytes[start..<end])
            let event = SSEEvent(
                frame: frame, isTerminated: isTerminated, isFirst: events.isEmpty)
            events.append(event)
            start = end
        }
        for (place, byte) in bytes.enumerated() {
            switch scanner.take(byte) {
            case .none: break
            case .before: take(to: place, isTerminated: true)
            case .after: take(to: place + 1, isTerminated: true)
            }
        }
        if start < bytes.count { take(to: bytes.count, isTerminated: scanner.holdsWholeFrame) }
        return events
    }

    /// The bytes of events, joined.
    public static func bytes(of events: [SSEEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(events.reduce(0) { $0 + $1.bytes.count })
        for event in events { bytes += event.bytes }
        return bytes
    }
}
