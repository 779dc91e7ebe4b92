import Determinism
import WireProtocols

/// The whole text to which an event adds a piece, where later events repeat it: the part of a
/// message in a stream of OpenAI's Responses.
struct WholeText {
    /// The whole text.
    let text: String
    /// What of it comes before the event's own piece.
    let before: String

    /// Reads a stream; nil in a protocol without such copies.
    init?(around place: Int, in stream: EventStreamBody, _ wire: any WireProtocol) {
        guard wire.id == OpenAIResponses.id, let part = Self.part(stream.timed[place].event) else {
            return nil
        }
        var text = ""
        var before = ""
        for (other, item) in stream.timed.enumerated() where Self.part(item.event) == part {
            guard case .text(let piece) = wire.role(of: item.event) else { continue }
            if other < place { before += piece }
            text += piece
        }
        self.text = text
        self.before = before
    }

    private static func part(_ event: StreamEvent) -> [String]? {
        guard let json = event.json else { return nil }
        return ["output_index", "content_index"].map { json[$0]?.numberText ?? "" }
    }
}
