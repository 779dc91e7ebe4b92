import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let chunkSplitJSON = FaultKind(
        id: "chunk-split-json",
        summary: "A chunk ends inside an event: in its JSON, a field name or a line ending.",
        layer: .framing, target: .any, signature: .loud, weight: 2, replaces: false,
        parameters: [
            .place("at", "Which event is split, from 1; 0 for every one.") { delivery, context in
                guard let stream = try? EventStreamBody(delivery, context) else { return nil }
                return 1...Int64(stream.timed.count)
            },
            .variant(
                ChunkCut.allCases.map(\.rawValue),
                "chunk-split-json: in the middle of the data; chunk-split-sse-field: as da|ta:; "
                    + "chunk-split-crlf: inside the line endings behind the event; "
                    + "chunk-split-bytes: between any two bytes."),
        ],
        documentation: FaultDocumentation(
            wireForm: "The same bytes in other chunks: cut in the data, between da and ta:, "
                + "between \\r and \\n or the two line feeds, or after every byte.",
            clients: "The official SDKs join lines first and see no difference; parsers written by "
                + "hand, as in openai-python before 1.0, read half a JSON text.",
            robustAgent: "Nothing to do; its client must give the same text, byte for byte.",
            evidence: ["openai/openai-python#649", "routstr-core#543"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let stream = try EventStreamBody(delivery, context)
            let at = parameters.integer("at")
            guard at >= 0, at <= stream.timed.count else {
                throw noEvent(at, of: stream.timed.count, "events")
            }
            guard let cut = ChunkCut(rawValue: parameters.text("variant")) else {
                throw Inapplicable("no cut is called \(parameters.text("variant"))")
            }
            var cuts: [Int] = []
            var start = 0
            for (place, event) in stream.events.enumerated() {
                if at == 0 || place == Int(at) - 1 {
                    // One more than there may be is enough to be refused.
                    let most = Delivery.cutsMax + 1 - cuts.count
                    cuts += cut.places(in: event).prefix(most).map { start + $0 }
                }
                start += event.bytes.count
            }
            guard !cuts.isEmpty else {
                throw Inapplicable("the chosen events have no place for such a cut")
            }
            try delivery.splitBody(atEach: cuts)
        })
}

/// Where inside an event a chunk ends.
enum ChunkCut: String, Hashable, CaseIterable {
    case json = "chunk-split-json"
    case field = "chunk-split-sse-field"
    case lineEnding = "chunk-split-crlf"
    case bytes = "chunk-split-bytes"

    /// The places, each the count of bytes of the event before the cut.
    func places(in event: StreamEvent) -> Range<Int> {
        let bytes = event.bytes
        switch self {
        case .json:
            guard event.data != nil, bytes.count > 1 else { return 0..<0 }
            let middle = ((event.sse?.dataLineStart ?? 0) + bytes.count) / 2
            return middle..<(middle + 1)
        case .field:
            guard let start = event.sse?.dataLineStart else { return 0..<0 }
            return (start + 2)..<(start + 3)
        case .lineEnding:
            let isEnding = { (byte: UInt8) in byte == 0x0A || byte == 0x0D }
            let content = bytes.lastIndex { !isEnding($0) }.map { $0 + 1 } ?? 0
            guard bytes.count - content > 1 else { return 0..<0 }
            return (content + 1)..<bytes.count
        case .bytes:
            return bytes.count > 1 ? 1..<bytes.count : 0..<0
        }
    }
}
