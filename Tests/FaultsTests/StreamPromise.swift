import Faults
import WireProtocols

/// What a fault of the stream layer promises to do to the events of a stream that was whole.
///
/// An event that is changed counts as one removed and one added.
enum StreamPromise {
    /// So many are changed; none where only their order is.
    case changed(ClosedRange<Int>)
    /// So many are added, and none is changed or lost.
    case added(ClosedRange<Int>)
    /// So many are lost, and none is changed.
    case dropped(ClosedRange<Int>)
    /// Some are changed or lost, or as many changed and one added.
    case changedOrDropped
    case changedOrAdded
    /// What comes behind a place is lost; so many are put there.
    case cut(added: ClosedRange<Int>)
    /// Frames cannot be told apart as before.
    case unframed

    /// The promise of each kind of the stream layer.
    static func of(_ id: String) -> StreamPromise? {
        switch id {
        case "stream-truncated-no-terminator": .cut(added: 0...0)
        case "error-event-first", "error-event-mid": .cut(added: 1...1)
        case "finish-then-more", "sse-data-keepalive", "sse-unknown-event": .added(1...1)
        case "sse-comment-keepalive": .added(1...Int.max)
        case "duplicate-chunk": .added(1...1_000)
        case "drop-chunk": .dropped(1...1)
        case "reorder-chunks": .changed(0...0)
        case "sse-bom", "invalid-json-chunk": .changed(1...1)
        case "done-without-finish-reason", "newline-crlf", "sse-no-space", "sse-multiline-data",
            "u2028-in-json", "lone-surrogate-escape", "repeated-tool-id-per-chunk", "index-gap":
            .changed(1...Int.max)
        case "drop-usage": .changedOrDropped
        case "delta-null", "sse-comment-blank-after-id": .changedOrAdded
        case "repeated-token-loop": .cut(added: 1...Int.max)
        case "garbage-bytes", "eventstream-crc", "nonstream-to-stream-fallback": .unframed
        default: nil
        }
    }

    /// What breaks the promise; nil when it is kept.
    func flaw(before: [StreamEvent], after: [StreamEvent]) -> String? {
        var counts: [[UInt8]: Int] = [:]
        for event in before { counts[Self.identity(event), default: 0] -= 1 }
        for event in after { counts[Self.identity(event), default: 0] += 1 }
        let added = counts.values.reduce(0) { $0 + max(0, $1) }
        let removed = counts.values.reduce(0) { $0 + max(0, -$1) }
        let isKept =
            switch self {
            case .changed(let range): added == removed && range.contains(added)
            case .added(let range): removed == 0 && range.contains(added)
            case .dropped(let range): added == 0 && range.contains(removed)
            case .changedOrDropped: removed >= added && removed > 0
            case .changedOrAdded: added == removed || added == removed + 1
            case .cut(let range): range.contains(added)
            case .unframed: true
            }
        return isKept ? nil : "\(added) events came and \(removed) went, not as promised (\(self))"
    }

    /// What an event is told by: in an array without the bracket or comma before it, which depends
    /// on its neighbours.
    private static func identity(_ event: StreamEvent) -> [UInt8] {
        event.framing == .jsonArray ? Array((event.data ?? "]").utf8) : event.bytes
    }
}
