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

    /// Puts another result in its place.
    func write(_ edited: [UInt8], to delivery: inout Delivery) {
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

    /// Puts another text in its place.
    func write(_ text: String, to delivery: inout Delivery) {
        write(Array(text.utf8), to: &delivery)
    }

    /// Puts another JSON document in its place.
    func write(_ value: JSONValue, to delivery: inout Delivery) {
        write(value.encoded(), to: &delivery)
    }

    /// The first text of a result that a JSON-RPC message carries.
    private static func text(of message: JSONValue) -> String? {
        guard message["jsonrpc"] != nil, let result = message["result"] else { return nil }
        return result["content"]?.arrayValue?.lazy
            .compactMap { $0["type"]?.stringValue == "text" ? $0["text"]?.stringValue : nil }.first
    }

    /// The message with another text in the place of the first, and in its structured copy where
    /// the text is a JSON object.
    private static func message(_ message: JSONValue, saying bytes: [UInt8]) -> JSONValue {
        guard var result = message["result"], var parts = result["content"]?.arrayValue,
            let place = parts.firstIndex(where: { $0["type"]?.stringValue == "text" })
        else { return message }
        parts[place]["text"] = .string(String(decoding: bytes, as: UTF8.self))
        result["content"] = .array(parts)
        if result["structuredContent"] != nil, let copy = try? JSONValue.parse(bytes),
            copy.objectValue != nil
        {
            result["structuredContent"] = copy
        }
        var edited = message
        edited["result"] = result
        return edited
    }
}

extension FaultKind {
    /// A kind that changes what a tool answers.
    init(
        result id: String, _ summary: String, signature: FaultSignature, weight: Int,
        parameters: [ParameterSpec] = [], documentation: FaultDocumentation,
        _ change:
            @escaping @Sendable (ToolResult, FaultParameters, FaultContext)
            throws(Inapplicable) -> [UInt8]
    ) {
        self.init(
            id: id, summary: summary, layer: .semantic, target: .tool, signature: signature,
            weight: weight, replaces: false, parameters: parameters, documentation: documentation,
            apply: FaultKind.edit { (delivery, parameters, context) throws(Inapplicable) in
                let result = try ToolResult(delivery, context)
                result.write(try change(result, parameters, context), to: &delivery)
            })
    }

    /// Which value of a tool's result is changed: a JSON Pointer, or its number among those that
    /// fit, which the seed draws.
    static func resultPlaces(
        of what: String, where fits: @escaping @Sendable (JSONValue) -> Bool
    ) -> [ParameterSpec] {
        [
            .place("place", from: 1, "Which \(what) is meant, from 1 in the order of the text.") {
                delivery, context in
                guard let json = try? ToolResult(delivery, context).json() else { return nil }
                let count = Int64(JSONPlace.all(in: json, where: fits).count)
                return count > 0 ? 1...count : nil
            },
            ParameterSpec(
                "pointer", .text, default: .fixed(""),
                "A JSON Pointer that names it instead, as /items/0/price; empty for none."),
        ]
    }

    /// The place that parameters name.
    static func chosenPlace(
        in json: JSONValue, _ parameters: FaultParameters, _ what: String,
        where fits: (JSONValue) -> Bool
    ) throws(Inapplicable) -> JSONPlace {
        let pointer = parameters.text("pointer")
        let places = JSONPlace.all(in: json, where: fits)
        if !pointer.isEmpty {
            guard let place = places.first(where: { $0.pointer == pointer }) else {
                throw Inapplicable("the result has no \(what) at \(pointer)")
            }
            return place
        }
        let number = parameters.integer("place")
        guard number >= 1, number <= places.count else {
            throw Inapplicable("the result has \(places.count) values that are a \(what)")
        }
        return places[Int(number) - 1]
    }
}
