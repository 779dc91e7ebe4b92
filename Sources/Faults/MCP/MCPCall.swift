import Cassette
import Determinism
import WireProtocols

/// The request that a delivery answers, as a message of the Model Context Protocol.
struct MCPCall {
    let message: MCPMessage
    let id: JSONValue
    let method: String
    let era: MCPEra
    /// Whether the server is a program at the other end of a pipe.
    let isStdio: Bool
    let request: RecordedRequest

    /// Reads the request of a context; it must be one that awaits an answer.
    init(_ context: FaultContext) throws(Inapplicable) {
        request = context.interaction.request
        guard MCP.speaks(request, to: context.upstream) else {
            throw Inapplicable("the request is none of the Model Context Protocol")
        }
        guard let message = MCPMessage(bytes: request.body), message.kind == .request,
            let id = message.id, let method = message.method
        else { throw Inapplicable("the request is no single message that awaits an answer") }
        self.message = message
        self.id = id
        self.method = method
        era = MCPEra(request)
        isStdio = MCP.isStdio(context.upstream)
    }

    /// Goes on only when the request has one of these methods.
    func demand(_ methods: String...) throws(Inapplicable) {
        guard methods.contains(method) else {
            let wanted = methods.joined(separator: " or ")
            throw Inapplicable("the request is \(method), not \(wanted)")
        }
    }

    /// Goes on only in one form of the protocol.
    func demand(_ wanted: MCPEra, _ thing: String) throws(Inapplicable) {
        guard era == wanted else {
            throw Inapplicable("the \(era.rawValue) form of the protocol has no \(thing)")
        }
    }

    /// Goes on only where answers have a status of their own.
    func demandHTTP() throws(Inapplicable) {
        if isStdio { throw Inapplicable("a server behind a pipe has no HTTP status") }
    }

    /// Goes on only where the server is a program behind a pipe.
    func demandStdio() throws(Inapplicable) {
        guard isStdio else {
            throw Inapplicable("the server is no program that writes to a pipe")
        }
    }

    /// The message that answers this call with a result.
    func response(_ result: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "result": result]
    }

    /// The message that answers this call with an error.
    func error(_ code: Int64, _ message: String, data: JSONValue? = nil) -> JSONValue {
        var error: JSONValue = ["code": .int(code), "message": .string(message)]
        if let data { error["data"] = data }
        return ["jsonrpc": "2.0", "id": id, "error": error]
    }

    /// Puts one message in place of the whole answer, with a status where there is one.
    func replace(_ delivery: inout Delivery, by message: JSONValue, status: Int = 200) {
        let began = delivery.head?.at ?? delivery.endAt
        let kept = delivery.head?.headers.first("mcp-session-id")
        var headers: HeaderFields = [
            HeaderField("content-type", isStdio ? MCPCall.lines : "application/json")
        ]
        if let kept { headers.append("mcp-session-id", kept) }
        delivery = Delivery(
            status: isStdio ? 200 : status, headers: headers,
            body: message.encoded() + (isStdio ? [0x0A] : []), at: began)
    }

    /// Puts a status in place of the whole answer.
    func replace(_ delivery: inout Delivery, status: Int, headers: HeaderFields, body: [UInt8]) {
        delivery.replace(
            by: ErrorAnswer(status: status, headers: headers, body: body), request: request)
    }

    /// The content type of what a program writes: one message a line.
    static let lines = "application/x-ndjson"
}
