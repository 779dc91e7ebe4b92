import Cassette
import Determinism
import Faults
import WireProtocols

/// What holds for a delivery after any fault.
enum FaultLaws {
    /// The kinds that say something untrue of the answer in its head: the content type.
    private static let changeHead = ["wrong-content-type", "nonstream-to-stream-fallback"]
    /// The kinds that break frames, which is their purpose.
    private static let breakFrames = [
        "garbage-bytes", "invalid-json-chunk", "eventstream-crc", "nonstream-to-stream-fallback",
    ]

    /// The kind that tells the bridge of a pipe in a header line what to do.
    private static let tellsPipe = "mcp-stderr-flood"

    /// The kinds whose events are no JSON for a strict reader.
    private static let breakJSON = ["lone-surrogate-escape", "u2028-in-json"]

    /// The first law that is broken; nil when none is.
    static func flaw(
        in after: Delivery, from before: Delivery, _ kind: FaultKind,
        _ parameters: FaultParameters, _ context: FaultContext
    ) -> String? {
        flaw(in: after, from: before, kind, parameters)
            ?? flaw(inStreamOf: after, from: before, kind, context)
            ?? flaw(inDecoding: after, context)
    }

    private static func flaw(
        in after: Delivery, from before: Delivery, _ kind: FaultKind, _ parameters: FaultParameters
    ) -> String? {
        let instants = [after.head?.at ?? .zero] + after.body.map(\.at) + [after.endAt]
        if zip(instants, instants.dropFirst()).contains(where: { $0 > $1 }) {
            return "instants decrease"
        }
        if case .length(let announced) = after.head?.framing, after.ending == .complete,
            announced != after.body.reduce(0, { $0 + $1.bytes.count })
        {
            return "a complete answer has not its announced length"
        }
        if after.head == nil, !after.body.isEmpty { return "a body without a head" }
        guard !kind.replacesAnswer(with: parameters) else { return nil }
        if let head = after.head, let old = before.head, head.at < old.at {
            return "the head comes earlier"
        }
        var headers = after.head?.headers
        if kind.id == tellsPipe { headers?.remove(MCPPipe.header) }
        if !changeHead.contains(kind.id),
            after.head?.status != before.head?.status || headers != before.head?.headers
        {
            return "the head is not kept"
        }
        return nil
    }

    /// The framing of a stream, when it is one and a fault of this kind must keep it.
    static func keptFraming(
        _ kind: FaultKind, _ context: FaultContext, _ before: Delivery
    ) -> StreamFraming? {
        guard [.stream, .semantic].contains(kind.layer), kind.target != .tool,
            !breakFrames.contains(kind.id)
        else { return nil }
        return context.framing(of: before)
    }

    /// What is wrong with the framing of a stream that was whole and is edited by its meaning.
    private static func flaw(
        inStreamOf after: Delivery, from before: Delivery, _ kind: FaultKind,
        _ context: FaultContext
    ) -> String? {
        guard after != before, let framing = keptFraming(kind, context, before) else { return nil }
        let events = framing.events(of: after.bodyBytes)
        let isWhole = { (events: [StreamEvent]) in events.allSatisfy { $0.isTerminated } }
        guard isWhole(framing.events(of: before.bodyBytes)) else { return nil }
        if !isWhole(events) { return "a frame is broken" }
        guard framing == .jsonArray, !breakJSON.contains(kind.id),
            (try? JSONValue.parse(before.bodyBytes)) != nil
        else {
            return nil
        }
        return (try? JSONValue.parse(after.bodyBytes)) == nil ? "the array is broken" : nil
    }

    /// What is wrong with reading the body, whatever is in it: its bytes must all come out.
    private static func flaw(inDecoding after: Delivery, _ context: FaultContext) -> String? {
        guard let framing = context.framing(of: after) else { return nil }
        let bytes = after.bodyBytes
        let events = framing.events(of: bytes)
        guard StreamEvent.bytes(of: events) == bytes else { return "bytes are lost in reading" }
        var decoder = StreamDecoder(framing)
        var pushed: [StreamEvent] = []
        for chunk in after.body {
            guard let events = try? decoder.push(chunk.bytes) else { return "an event is refused" }
            pushed += events
        }
        guard let last = try? decoder.finish() else { return pushed == events ? nil : "ends" }
        return pushed + [last] == events ? nil : "chunks are read as other events than the body"
    }
}
