/// Cuts a stream of bytes into events; the events do not depend on how the bytes were split.
///
/// A server-sent event that ends in a carriage return comes out with the byte after it or at
/// `finish()`, since a line feed that follows belongs to it.
public struct StreamDecoder: Sendable {
    /// The longest event that is allowed unless told otherwise, in bytes: 32 MiB.
    public static let eventBytesMaxDefault = 32 << 20

    private let framing: StreamFraming
    private let eventBytesMax: Int
    private var scanner: FrameScanner
    private var pending: [UInt8] = []
    private var taken = 0
    private var isFirst = true
    private var failure: StreamError?

    /// Creates a decoder; `eventBytesMax` bounds an event and with it every line.
    public init(_ framing: StreamFraming, eventBytesMax: Int = eventBytesMaxDefault) {
        self.framing = framing
        self.eventBytesMax = max(1, eventBytesMax)
        scanner = FrameScanner(framing)
    }

    /// Takes bytes and gives the events that are now whole.
    ///
    /// An event that is too long is an error. Events before it that end in the same push come out
    /// first; then the next call throws, and so does each later one.
    public mutating func push(_ bytes: [UInt8]) throws(StreamError) -> [StreamEvent] {
        if let failure { throw failure }
        var events: [StreamEvent] = []
        var start = 0
        for (place, byte) in bytes.enumerated() {
            switch scanner.take(byte) {
            case .none: break
            case .before:
                events.append(event(endingWith: bytes[start..<place]))
                start = place
            case .after:
                events.append(event(endingWith: bytes[start...place]))
                start = place + 1
            }
            guard pending.count + place + 1 - start <= eventBytesMax else {
                let error = limitFailure(at: taken + place)
                failure = error
                if events.isEmpty { throw error }
                return events
            }
        }
        pending += bytes[start...]
        taken += bytes.count
        return events
    }

    /// Ends the stream and gives what remains of it; nil when nothing does.
    public mutating func finish() throws(StreamError) -> StreamEvent? {
        if let failure { throw failure }
        guard !pending.isEmpty else { return nil }
        let isWhole = scanner.holdsWholeFrame
        scanner = FrameScanner(framing)
        return event(endingWith: [], isTerminated: isWhole)
    }

    private mutating func event(
        endingWith bytes: ArraySlice<UInt8>, isTerminated: Bool = true
    ) -> StreamEvent {
        let event = StreamEvent(
            frame: pending + bytes, framing: framing, isTerminated: isTerminated, isFirst: isFirst)
        pending.removeAll(keepingCapacity: true)
        isFirst = false
        return event
    }

    private func limitFailure(at offset: Int) -> StreamError {
        StreamError(
            code: .eventLimit, offset: offset,
            message: "an event may have at most \(eventBytesMax) bytes; end it before that, or "
                + "raise the limit")
    }
}
