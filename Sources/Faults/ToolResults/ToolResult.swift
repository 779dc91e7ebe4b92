import Cassette
import Determinism
import WireProtocols

/// The result of a tool, wherever its protocol keeps it: the body of a plain HTTP answer, or the
/// content of a JSON-RPC result.
struct ToolResult {
    /// The result as bytes.
    let bytes: [UInt8]

    private enum Form {
        case body
        /// A JSON-RPC message as the whole body.
        case message(JSONValue)
        /// A JSON-RPC message as an event of a stream.
        case event(EventStreamBody, place: Int, JSONValue)
    }

    private let form: Form

    /// Reads a delivery that holds a result that is no error.
    init(_ delivery: Delivery, _ context: FaultContext) throws(Inapplicable) {
        guard let head = delivery.head, !delivery.body.isEmpty else {
            throw Inapplicable("the tool gave no result")
        }
        guard (200...299).contains(head.status) else {
            throw Inapplicable("the tool answered with the error \(head.status)")
        }
        if context.framing(of: delivery) != nil {
            let body = try EventStreamBody(delivery, context)
            guard
                let place = body.timed.lastIndex(where: {
                    $0.event.json.flatMap(ToolResult.text) != nil
                }), let message = body.timed[place].event.json,
                let text = ToolResult.text(of: message)
            else { throw Inapplicable("no event of the stream holds the result of a tool") }
            form = .event(body, place: place, message)
            bytes = Array(text.utf8)
            return
        }
        let body = delivery.bodyBytes
        guard let message = try? JSONValue.parse(body), message["jsonrpc"] != nil else {
            form = .body
            bytes = body
            return
        }
        guard let text = ToolResult.text(of: message) else {
            throw Inapplicable("the answer holds no text of a tool's result")
        }
        form = .message(message)
        bytes = Array(text.utf8)
    }

    /// The result as text; nil when it is none.
    var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The result as JSON.
    func json() throws(Inapplicable) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(bytes)
        } catch {
            throw Inapplicable("the result of the tool is not JSON: \(error.message)")
        }
    }

    /// Puts another result in its place; the same JSON written otherwise is no other result.
    func write(_ edited: [UInt8], to delivery: inout Delivery) {
        guard edited != bytes else { return }
        if let old = try? json(), let new = try? JSONValue.parse(edited), old == new { return }
        switch form {
        case .body: delivery.edit(bodyBytes: edited)
        case .message(let message):
            delivery.edit(bodyBytes: ToolResult.message(message, saying: edited).encoded())
        case .event(var body, let place, let message):
            let said = ToolResult.message(message, saying: edited)
            body.timed[place].event = body.timed[place].event.replacingJSON(said)
            body.write(to: &delivery)
        }
    }

    /// The first text of a result that a JSON-RPC message carries.
    private static func text(of message: JSONValue) -> String? {
        guard message["jsonrpc"] != nil, let result = message["result"] else { return nil }
        return result["content"]?.arrayValue?.lazy
            .compactMap { $0["type"]?.stringValue == "text" ? $0["text"]?.stringValue : nil }.first
    }

    /// The message with another text in the place of the first, and in its structured copy.
    private static func message(_ message: JSONValue, saying bytes: [UInt8]) -> JSONValue {
        guard var result = message["result"], var parts = result["content"]?.arrayValue,
            let place = parts.firstIndex(where: { $0["type"]?.stringValue == "text" })
        else { return message }
        let text = String(decoding: bytes, as: UTF8.self)
        if let copy = result["structuredContent"] {
            let old = parts[place]["text"]?.stringValue ?? ""
            result["structuredContent"] = structured(copy, of: old, saying: text)
        }
        parts[place]["text"] = .string(text)
        result["content"] = .array(parts)
        var edited = message
        edited["result"] = result
        return edited
    }

    /// The structured copy of another text.
    ///
    /// It is the object that the text is. Of what is no object, servers make one with the only
    /// member `result`. It stays as it was where it can be neither.
    private static func structured(
        _ copy: JSONValue, of old: String, saying text: String
    ) -> JSONValue {
        let said = try? JSONValue.parse(text: text)
        if let members = copy.objectValue, members.count == 1, let only = copy["result"] {
            if only == .string(old) { return ["result": .string(text)] }
            if let value = try? JSONValue.parse(text: old), value.canonical() == only.canonical() {
                return ["result": said ?? .string(text)]
            }
        }
        return said?.objectValue == nil ? copy : said ?? copy
    }
}
