import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("The Model Context Protocol")
struct MCPTests {
    static func request(
        _ body: String, method: String = "POST", headers: HeaderFields = []
    ) -> RecordedRequest {
        RecordedRequest(method: method, target: "/mcp", headers: headers, body: Array(body.utf8))
    }

    static let shop = Upstream(name: "shop", kind: .tool, address: "https://shop.example")

    @Test(
        "a message is told by its members",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, .request),
            (#"{"jsonrpc":"2.0","id":"a","method":"ping"}"#, .request),
            (#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, .notification),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, .notification),
            (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, .response),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"x"}}"#, .error),
            (#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}"#, .error),
            (#"{"jsonrpc":"2.0","result":{}}"#, nil),
            (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, nil),
            (#"{"id":1,"method":"ping"}"#, nil),
            (#"[1]"#, nil),
            (#"{"jsonrpc":"2.0""#, nil),
        ] as [(String, MCPMessage.Kind?)])
    func kinds(text: String, kind: MCPMessage.Kind?) {
        #expect(MCPMessage(bytes: Array(text.utf8))?.kind == kind)
    }

    @Test("a message says its method, name, token, result and identifier")
    func parts() throws {
        let call = try #require(
            MCPMessage(
                bytes: Array(
                    #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"f","#.utf8)
                    + Array(#""_meta":{"progressToken":"t"}}}"#.utf8)))
        #expect(call.id == 7)
        #expect(call.method == "tools/call")
        #expect(call.name == "f")
        #expect(call.progressToken == "t")
        #expect(call.result == nil)
        #expect(!call.isAnswer)
        let answer = try #require(
            MCPMessage(["jsonrpc": "2.0", "id": 7, "result": ["ok": true]]))
        #expect(answer.result == ["ok": true])
        #expect(answer.isAnswer)
    }

    @Test("a batch is read whole or not at all")
    func batch() {
        let ping: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": "ping"]
        #expect(MCPMessage.all(in: .array([ping, ping])).count == 2)
        #expect(MCPMessage.all(in: .array([ping, 1])).isEmpty)
        #expect(MCPMessage.all(in: ping).count == 1)
    }

    @Test(
        "the era is that of the revision, wherever it is said",
        arguments: [
            ("2025-11-25", "{}", .legacy),
            ("2026-07-28", "{}", .modern),
            ("2027-01-01", "{}", .modern),
            ("", #"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#, .legacy),
            ("", #"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#, .modern),
            (
                "",
                #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":"#
                    + #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#, .modern
            ),
        ] as [(String, String, MCPEra)])
    func eras(revision: String, body: String, era: MCPEra) {
        let headers: HeaderFields =
            revision.isEmpty ? [] : [HeaderField("MCP-Protocol-Version", revision)]
        #expect(MCPEra(Self.request(body, headers: headers)) == era)
    }

    @Test("a header line that names the method belongs to the stateless form")
    func methodHeader() {
        let request = Self.request("{}", headers: [HeaderField("Mcp-Method", "tools/list")])
        #expect(MCPEra(request) == .modern)
    }

    @Test(
        "a request is known by its content",
        arguments: [
            ("POST", #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, "", true),
            ("POST", #"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#, "", true),
            ("POST", #"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, "", true),
            ("POST", #"{"jsonrpc":"2.0","id":1,"method":"message/send"}"#, "", false),
            ("POST", #"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#, "mcp-session-id", true),
            ("POST", #"{"jsonrpc":"2.0","id":1,"result":{}}"#, "mcp-protocol-version", true),
            ("POST", #"{"jsonrpc":"2.0","id":1,"result":{}}"#, "", false),
            ("POST", #"{"method":"tools/list"}"#, "mcp-session-id", false),
            ("GET", "", "mcp-session-id", true),
            ("GET", "", "", false),
            ("DELETE", "", "mcp-session-id", true),
            ("DELETE", "", "", false),
            ("PUT", "", "mcp-session-id", false),
        ])
    func detection(method: String, body: String, header: String, speaks: Bool) {
        var headers: HeaderFields = [HeaderField("Accept", "application/json, text/event-stream")]
        if !header.isEmpty { headers.append(header, "2025-11-25") }
        let request = Self.request(body, method: method, headers: headers)
        #expect(MCP.speaks(request) == speaks)
    }

    @Test("an upstream that is named as such, or is a program, speaks nothing else")
    func named() {
        let request = Self.request("hello")
        #expect(!MCP.speaks(request, to: Self.shop))
        var named = Self.shop
        named.wireProtocol = MCP.id
        #expect(MCP.speaks(request, to: named))
        let program = Upstream(name: "files", kind: .tool, address: "stdio:")
        #expect(MCP.speaks(request, to: program))
        #expect(MCP.isStdio(program))
    }

    @Test("only a call of a tool changes the world, unless it is said to read")
    func effects() {
        var shop = Self.shop
        shop.reads = ["tools/call look"]
        func changes(_ method: String, _ name: String) -> Bool? {
            MCP.changesWorld(
                Self.request(
                    #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"name":"\#(name)"}}"#
                ), of: shop)
        }
        #expect(changes("tools/call", "refund") == true)
        #expect(changes("tools/call", "look") == false)
        #expect(changes("tools/list", "") == false)
        #expect(MCP.changesWorld(Self.request("{}"), of: shop) == nil)
    }

    @Test(
        "a batch changes the world where one of its calls does",
        arguments: [
            ([("tools/list", ""), ("tools/call", "refund")], true),
            ([("tools/call", "look"), ("tools/call", "refund")], true),
            ([("tools/call", "look"), ("ping", "")], false),
        ] as [([(String, String)], Bool)])
    func batchEffects(_ calls: [(String, String)], _ changes: Bool) {
        var shop = Self.shop
        shop.reads = ["tools/call look"]
        shop.wireProtocol = MCP.id
        let messages = calls.map { method, name in
            #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"name":"\#(name)"}}"#
        }
        let batch = messages.joined(separator: ",")
        #expect(MCP.changesWorld(Self.request("[\(batch)]"), of: shop) == changes)
        // A server may carry out what it understands of a batch.
        #expect(MCP.changesWorld(Self.request("[1,\(batch)]"), of: shop) == changes)
    }

    @Test(
        "what only notifies is a notification, or a batch of them",
        arguments: [
            (#"{"jsonrpc":"2.0","method":"notifications/x"}"#, true),
            (#"[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b"}]"#, true),
            (#"[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","id":1,"method":"b"}]"#, false),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, false),
            (#"[{"jsonrpc":"2.0","method":"a"},1]"#, false), ("[]", false), ("", false),
        ])
    func notifying(body: String, isNotifying: Bool) {
        #expect(MCP.onlyNotifies(Self.request(body)) == isNotifying)
    }

    @Test(
        "what opens a session or lists may be asked anew, a call may not",
        arguments: [
            ("initialize", true), ("tools/list", true), ("ping", true), ("tools/call", false),
        ])
    func repeatable(method: String, isRepeatable: Bool) {
        let request = Self.request(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"#)
        #expect(MCP.mayRepeat(request, to: Self.shop) == isRepeatable)
    }

    @Test("the stream of the server is a GET that resumes nothing")
    func listening() {
        var headers: HeaderFields = [
            HeaderField("accept", "text/event-stream"), HeaderField("mcp-session-id", "s"),
        ]
        let request = Self.request("", method: "GET", headers: headers)
        #expect(MCP.isListening(request, to: Self.shop))
        #expect(MCP.mayRepeat(request, to: Self.shop))
        headers.append("last-event-id", "7")
        let resumed = Self.request("", method: "GET", headers: headers)
        #expect(!MCP.isListening(resumed, to: Self.shop))
    }

    @Test("the stream of the server needs no header line where the upstream is named")
    func namedListening() {
        var named = Self.shop
        named.wireProtocol = MCP.id
        let accept = HeaderField("accept", "text/event-stream")
        let request = Self.request("", method: "GET", headers: [accept])
        #expect(MCP.isListening(request, to: named))
        #expect(MCP.mayRepeat(request, to: named))
        #expect(!MCP.isListening(request, to: Self.shop))
        #expect(!MCP.isListening(Self.request("", method: "GET"), to: named))
    }
}
