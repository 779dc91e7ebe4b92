import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let mcpRPCError = FaultKind(
        id: "mcp-rpc-error",
        summary: "The server answers a request with an error of the protocol.",
        layer: .status, target: .tool, signature: .loud, weight: 2, replaces: true,
        parameters: [
            ParameterSpec(
                "code", .integer(-33_000 ... -32_000), default: .fixed(-32_603),
                "The code of the error."),
            ParameterSpec(
                "message", .text, default: .fixed(""),
                "What the error says; empty for the words that go with the code."),
            ParameterSpec(
                "status", .integer(0...599), default: .fixed(0),
                "The HTTP status; 0 for the one that goes with code and era."),
        ],
        documentation: FaultDocumentation(
            wireForm: """
                `{"jsonrpc":"2.0","id":n,"error":{"code":…,"message":…}}`, with status 200, or \
                with 400 or 404 in the stateless form.
                """,
            clients: "The Python SDK raises `MCPError`, which no model gets to see by itself.",
            robustAgent: """
                Tells an error of the protocol from an error of a tool, and gives both to the \
                model as the result of its call.
                """,
            evidence: ["mcp 2.3.0 (sources)", "JSON-RPC 2.0, section 5.1"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            let error = MCPError(parameters.integer("code"))
            let given = parameters.text("message")
            let status = Int(max(0, min(parameters.integer("status"), 599)))
            guard status == 0 || status >= 200 else {
                throw Inapplicable("\(status) is no status of an answer")
            }
            call.replace(
                &delivery,
                by: call.error(
                    error.code, given.isEmpty ? error.message : given,
                    data: error.data(for: call)),
                status: status == 0 ? error.status(in: call.era) : status)
        })

    static let mcpIsErrorResult = FaultKind(
        id: "mcp-is-error-result",
        summary: "The tool reports that it failed, in a result of the protocol.",
        layer: .semantic, target: .tool, signature: .loud, weight: 1, replaces: false,
        parameters: [
            ParameterSpec(
                "message", .text, default: .fixed("The tool failed."), "What the result says.")
        ],
        documentation: FaultDocumentation(
            wireForm: #"`"result":{"content":[{"type":"text","text":…}],"isError":true}`."#,
            clients: "It is a normal result; nothing is raised.",
            robustAgent: "Hands the text to the model, which corrects its call or gives up.",
            evidence: ["MCP specification, tools, error handling"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var answer = try MCPAnswer(delivery, context)
            try answer.call.demand("tools/call")
            let text = JSONValue.string(parameters.text("message"))
            var result: JSONValue = [
                "content": [["type": "text", "text": text]], "isError": true,
            ]
            if let kind = try answer.result()["resultType"] { result["resultType"] = kind }
            answer.replaceResult(result)
            answer.write(to: &delivery)
        })

    static let mcpHeaderMismatch = FaultKind(
        id: "mcp-header-mismatch",
        summary: "The server says that a header line and the body of the request disagree.",
        layer: .status, target: .tool, signature: .loud, weight: 2, replaces: true,
        documentation: FaultDocumentation(
            wireForm: """
                Status 400 with the code -32020, and a text by which the line `Mcp-Name` of the \
                request is not the name in its body.
                """,
            clients: """
                The Python SDK lists the tools anew and sends the request once more; a second \
                rejection is raised.
                """,
            robustAgent: "Lists the tools anew, repeats once, then reports the tool as broken.",
            evidence: ["mcp 2.3.0 (sources)", "MCP specification 2026-07-28, transports"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            try call.demand(.modern, "header lines that mirror the body")
            try call.demandHTTP()
            let name = call.message.name ?? call.method
            let text =
                "Header mismatch: Mcp-Name header value '\(name)' does not match body value "
                + "'\(name)-2'"
            call.replace(&delivery, by: call.error(-32_020, text), status: 400)
        })

    static let mcpMissingCapability = FaultKind(
        id: "mcp-missing-capability",
        summary: "The server refuses a request because the client lacks a capability.",
        layer: .status, target: .tool, signature: .loud, weight: 2, replaces: true,
        parameters: [
            ParameterSpec(
                "capability", .choice(["elicitation", "sampling", "roots"]),
                default: .fixed("elicitation"), "What the client would have to offer.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Status 400 with the code -32021 and the capability in `data`.",
            clients: "The Python SDK raises `MCPError`; it does not ask again.",
            robustAgent: "Reports what is missing, and goes on without the tool.",
            evidence: ["mcp 2.3.0 (sources)", "MCP specification 2026-07-28, error codes"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            try call.demand(.modern, "capabilities in each request")
            let name = parameters.text("capability")
            let capability = JSONValue.object([JSONMember(name, [:])])
            call.replace(
                &delivery,
                by: call.error(
                    -32_021, "Missing required client capability: \(name)",
                    data: ["requiredCapabilities": capability]),
                status: 400)
        })

    static let mcpRequestStateTamper = FaultKind(
        id: "mcp-request-state-tamper",
        summary: "The server does not accept the state that a client brings back to it.",
        layer: .status, target: .tool, signature: .loud, weight: 2, replaces: true,
        documentation: FaultDocumentation(
            wireForm: """
                The retry of a request that wanted input carries `requestState`; the answer is the \
                code -32602: it expired, or was altered.
                """,
            clients: "The Python SDK raises `MCPError`.",
            robustAgent: "Begins the operation anew, without the old state.",
            evidence: ["MCP specification 2026-07-28, multi round-trip requests"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            guard call.message.params?["requestState"] != nil else {
                throw Inapplicable("the request brings no state back")
            }
            call.replace(
                &delivery, by: call.error(-32_602, "Invalid or expired requestState"),
                status: MCPError(-32_602).status(in: call.era))
        })
}
