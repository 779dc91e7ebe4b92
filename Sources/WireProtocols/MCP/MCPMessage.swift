public import Determinism

/// One message of JSON-RPC 2.0, of which the Model Context Protocol is made.
///
/// Source: https://www.jsonrpc.org/specification, sections 4 and 5.
public struct MCPMessage: Hashable, Sendable {
    /// What a message is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It names a method and awaits an answer.
        case request
        /// It names a method and awaits none.
        case notification
        /// It answers with a result.
        case response
        /// It answers with an error.
        case error
    }

    /// The message as it is.
    public let json: JSONValue
    /// What it is.
    public let kind: Kind

    /// Reads a message; nil for any other JSON.
    public init?(_ json: JSONValue) {
        guard json["jsonrpc"]?.stringValue == "2.0" else { return nil }
        let id = json["id"].flatMap(\.nonNull)
        if json["method"]?.stringValue != nil {
            kind = id == nil ? .notification : .request
        } else if json["error"]?.objectValue != nil {
            kind = .error
        } else if json["result"] != nil, id != nil {
            kind = .response
        } else {
            return nil
        }
        self.json = json
    }

    /// Reads a message from bytes; nil for any other text.
    public init?(bytes: [UInt8]) {
        guard let json = try? JSONValue.parse(bytes) else { return nil }
        self.init(json)
    }

    /// The identifier, a number or a text; nil when it has none.
    public var id: JSONValue? { json["id"].flatMap(\.nonNull) }

    /// The method of a request or a notification.
    public var method: String? { json["method"]?.stringValue }

    /// The parameters of a request or a notification.
    public var params: JSONValue? { json["params"] }

    /// The result of a response.
    public var result: JSONValue? { kind == .response ? json["result"] : nil }

    /// Whether it answers a request, with a result or with an error.
    public var isAnswer: Bool { kind == .response || kind == .error }

    /// The token by which a request asks for news of its progress.
    public var progressToken: JSONValue? {
        params?["_meta"]?["progressToken"].flatMap(\.nonNull)
    }

    /// The tool, prompt or resource that a request names.
    public var name: String? {
        params?["name"]?.stringValue ?? params?["uri"]?.stringValue
    }

    /// The messages of a body: one, or a batch of them, as revision 2025-03-26 had it; empty when
    /// a part of it is no message.
    public static func all(in json: JSONValue) -> [MCPMessage] {
        guard let batch = json.arrayValue else { return MCPMessage(json).map { [$0] } ?? [] }
        let messages = batch.compactMap { MCPMessage($0) }
        return messages.count == batch.count ? messages : []
    }
}
