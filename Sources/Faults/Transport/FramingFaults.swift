import Cassette
import Determinism

extension FaultKind {
    static let chunkMerge = FaultKind(
        id: "chunk-merge",
        summary: "Chunks that were sent apart arrive together, as behind a buffering proxy.",
        layer: .framing, target: .any, signature: .loud, weight: 1, replaces: false,
        parameters: [
            ParameterSpec(
                "group_n", .integer(2...1_000_000),
                default: .drawn { delivery, _ in
                    delivery.body.count > 1 ? 2...Int64(delivery.body.count) : nil
                }, "How many chunks become one.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The recorded bytes in fewer writes, each at the instant of its last piece.",
            clients: "None notices, unless it takes a read for an event.",
            robustAgent: "Finds events by their framing only."),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let group = parameters.integer("group_n")
            guard delivery.body.count > 1, group > 1 else {
                throw Inapplicable("the body has no two chunks that could be merged")
            }
            let step = Int(min(group, Int64(delivery.body.count)))
            delivery.body = stride(from: 0, to: delivery.body.count, by: step).map { start in
                let chunks = delivery.body[start..<min(start + step, delivery.body.count)]
                return Chunk(
                    at: chunks.last?.at ?? delivery.endAt,
                    bytes: chunks.reduce(into: []) { $0 += $1.bytes })
            }
        })

    static let chunkSplitUTF8 = FaultKind(
        id: "chunk-split-utf8",
        summary: "A chunk ends in the middle of a character of several bytes.",
        layer: .framing, target: .any, signature: .quiet, weight: 3, replaces: false,
        parameters: [
            .place(
                "at", "Which character of several bytes is split, from 1; 0 for every one."
            ) { delivery, _ in
                let count = Int64(longCharacters(in: delivery.bodyBytes).count)
                return count > 0 ? 1...count : nil
            }
        ],
        documentation: FaultDocumentation(
            wireForm: "The recorded bytes; one write ends after the first byte of a character of "
                + "two to four bytes.",
            clients:
                "Those that decode each read by itself put U+FFFD or raise UnicodeDecodeError; "
                + "the official SDKs do not.",
            robustAgent: "Decodes incrementally, or only whole lines."),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            let at = parameters.integer("at")
            let places = longCharacters(in: delivery.bodyBytes)
            guard !places.isEmpty else {
                throw Inapplicable("the body has no character of several bytes")
            }
            guard at >= 0, at <= places.count else {
                throw Inapplicable(
                    "the body has \(places.count) characters of several bytes, not \(at)")
            }
            let chosen = at == 0 ? places : [places[Int(at) - 1]]
            try delivery.splitBody(atEach: chosen.map { $0 + 1 })
        })

    /// Where well-formed characters of two to four bytes begin.
    static func longCharacters(in bytes: [UInt8]) -> [Int] {
        var places: [Int] = []
        var index = 0
        while index < bytes.count {
            let length = characterLength(of: bytes[index])
            let end = index + length
            let isWhole =
                length > 1 && end <= bytes.count
                && bytes[(index + 1)..<end].allSatisfy { $0 & 0xC0 == 0x80 }
            if isWhole { places.append(index) }
            index = isWhole ? end : index + 1
        }
        return places
    }

    private static func characterLength(of lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}
