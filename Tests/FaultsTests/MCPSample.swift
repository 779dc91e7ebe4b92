import Cassette
import Determinism
import Faults
import WireProtocols

/// Calls of the Model Context Protocol and their answers, in each of its forms.
enum MCPSample {
    /// How an answer is carried.
    enum Form: CaseIterable {
        case events
        case document
        case lines
    }

    static func context(
        _ method: String, params: JSONValue = [:], id: JSONValue = 3, era: MCPEra = .legacy,
        stdio: Bool = false, ordinal: Int = 5
    ) -> FaultContext {
        let body: JSONValue = ["jsonrpc": "2.0", "id": id, "method": .string(method)]
        var message = body
        message["params"] = params
        var headers: HeaderFields = [
            HeaderField("accept", "application/json, text/event-stream")
        ]
        switch (stdio, era) {
        case (true, _): break
        case (false, .legacy):
            headers.append("mcp-session-id", "s1")
            headers.append("mcp-protocol-version", "2025-11-25")
        case (false, .modern): headers.append("mcp-protocol-version", "2026-07-28")
        }
        let request = RecordedRequest(
            method: "POST", target: "/mcp", headers: headers, body: message.encoded())
        return FaultContext(
            interaction: Interaction(
                ordinal: ordinal, upstream: "shop", request: request, response: nil),
            upstream: Upstream(
                name: "shop", kind: .tool,
                address: stdio ? MCP.stdioScheme : "https://shop.example"),
            wire: nil, neighbour: { $0 == .companion ? companion : nil })
    }

    /// Another call that was made along with any of these.
    private static let companion = NeighbourFixture.call("other")

    /// A call of the tool `refund`, which asks for news of its progress.
    static func call(
        id: JSONValue = 3, era: MCPEra = .legacy, stdio: Bool = false
    ) -> FaultContext {
        context(
            "tools/call",
            params: [
                "name": "refund", "arguments": ["cents": 5], "_meta": ["progressToken": 3],
            ],
            id: id, era: era, stdio: stdio)
    }

    static let progress: JSONValue = [
        "jsonrpc": "2.0", "method": "notifications/progress",
        "params": ["progressToken": 3, "progress": 1],
    ]

    static let refunded: JSONValue = [
        "content": [["type": "text", "text": "refunded 5"]], "isError": false,
        "structuredContent": ["result": "refunded 5"],
    ]

    static let tools: JSONValue = [
        "tools": [
            ["name": "refund", "description": "Refunds.", "inputSchema": ["type": "object"]],
            ["name": "look", "description": "Looks.", "inputSchema": ["type": "object"]],
        ]
    ]

    static let initialized: JSONValue = [
        "protocolVersion": "2025-11-25", "capabilities": ["tools": [:]],
        "serverInfo": ["name": "shop", "version": "1"],
    ]

    static func response(_ result: JSONValue, id: JSONValue = 3) -> JSONValue {
        ["jsonrpc": "2.0", "id": id, "result": result]
    }

    /// An answer of these messages, sent at 10 ms, 20 ms and so on; the head comes at 5 ms.
    static func answer(_ messages: [JSONValue], _ form: Form = .events) -> Delivery {
        switch form {
        case .events:
            Sample.plain(
                messages.map { "event: message\r\ndata: \($0.encodedText())\r\n\r\n" },
                type: "text/event-stream", framing: .chunked)
        case .document: Sample.plain([messages.last?.encodedText() ?? ""])
        case .lines:
            Sample.plain(
                messages.map { $0.encodedText() + "\n" }, type: "application/x-ndjson",
                framing: .chunked)
        }
    }

    /// News of progress, then the result of the refund.
    static func refund(_ form: Form = .events) -> Delivery {
        answer([progress, response(refunded)], form)
    }

    /// The messages of a delivery.
    static func messages(_ delivery: Delivery) -> [JSONValue] {
        guard let head = delivery.head,
            let framing = StreamFraming(announcedBy: head.headers)
        else { return [try? JSONValue.parse(delivery.bodyBytes)].compactMap { $0 } }
        return framing.events(of: delivery.bodyBytes).compactMap(\.json)
    }
}
