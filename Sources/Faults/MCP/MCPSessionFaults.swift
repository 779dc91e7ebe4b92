import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let mcpSession404 = FaultKind(
        id: "mcp-session-404",
        summary: "The server does not know the session any more and answers 404.",
        layer: .status, target: .tool, signature: .loud, weight: 3, replaces: true,
        parameters: [
            .variant(
                ["message", "plain"],
                "With the error -32001 in the body, or with an empty one.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                Status 404 for a request with `Mcp-Session-Id`; often with \
                `{"error":{"code":-32001,"message":"Session not found"},"id":null}`.
                """,
            clients: """
                The specification demands a new `initialize`. The Python SDK raises `Session \
                terminated` and stays broken; so did the SDKs for TypeScript and Rust.
                """,
            robustAgent: "Opens a new session and repeats the call once.",
            evidence: [
                "modelcontextprotocol/python-sdk#1676", "modelcontextprotocol/python-sdk#3556",
                "modelcontextprotocol/rust-sdk#733", "cloudflare/agents#1923",
                "mcp-proxy#149",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try sessionCall(context)
            let isPlain = parameters.text("variant") == "plain"
            call.replace(
                &delivery, status: 404, headers: isPlain ? [] : jsonHeaders,
                body: isPlain ? [] : sessionError("Session not found").encoded())
        })

    static let mcpSessionLostOtherStatus = FaultKind(
        id: "mcp-session-lost-other-status",
        summary: "The session is gone, and the server says so in a way of its own.",
        layer: .status, target: .tool, signature: .ambiguous, weight: 4, replaces: true,
        parameters: [
            .variant(
                ["400", "401", "410", "500", "event"],
                "The status, or an event of a stream that is no message.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                Status 400, 401, 410 or 500; or status 200 and the event `{"error":"Session not \
                found"}`.
                """,
            clients: "An opaque error: nothing says that a new session would help.",
            robustAgent: "Tries a new session once after any failure inside of one.",
            evidence: ["keryx#503", "zilla#2525", "gitlab-mcp#697"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try sessionCall(context)
            guard let status = Int(parameters.text("variant")) else {
                let event = StreamEvent(
                    event: "message", data: #"{"error":"Session not found"}"#)
                return call.replace(
                    &delivery, status: 200,
                    headers: [HeaderField("content-type", "text/event-stream")],
                    body: event.bytes)
            }
            call.replace(
                &delivery, status: status, headers: jsonHeaders,
                body: sessionError("Bad Request: No valid session ID provided").encoded())
        })

    static let mcpAuth401Challenge = FaultKind(
        id: "mcp-auth-401-challenge",
        summary: "The server wants another authorization.",
        layer: .status, target: .tool, signature: .loud, weight: 3, replaces: true,
        parameters: [
            .variant(
                ["401-challenge", "403-insufficient-scope", "token-expired-midrun"],
                "What the server complains of.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                Status 401 or 403 with `WWW-Authenticate: Bearer`, which names the metadata of the \
                resource, the scope, or `invalid_token`.
                """,
            clients: """
                The TypeScript SDK asks for a new token once; many hosts send a fixed header line \
                and cannot.
                """,
            robustAgent: "Renews its token ahead of its end, and asks a person for a new scope.",
            evidence: [
                "adk#3761", "onyx#9237", "neutree#116",
                "openai/codex#14144",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            try call.demandHTTP()
            let metadata =
                #"resource_metadata="https://mcp.example/.well-known/oauth-protected-resource""#
            let challenge: (status: Int, value: String) =
                switch parameters.text("variant") {
                case "403-insufficient-scope":
                    (403, #"Bearer error="insufficient_scope", scope="tools:write", \#(metadata)"#)
                case "token-expired-midrun":
                    (
                        401,
                        #"Bearer error="invalid_token", "#
                            + #"error_description="The access token expired", \#(metadata)"#
                    )
                default: (401, "Bearer \(metadata)")
                }
            call.replace(
                &delivery, status: challenge.status,
                headers: [HeaderField("www-authenticate", challenge.value)], body: [])
        })

    static let mcpOrigin403 = FaultKind(
        id: "mcp-origin-403",
        summary: "The server refuses the form in which it was asked.",
        layer: .status, target: .tool, signature: .loud, weight: 1, replaces: true,
        parameters: [
            .variant(
                ["origin-403", "405-on-get", "406", "415"],
                "The origin, the stream of the server, what is accepted, or what is sent.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Status 403, 405 for a `GET`, 406 or 415, with a short text.",
            clients: "They have rules for another transport to fall back to.",
            robustAgent: "Goes on without the stream of the server, and reports the others.",
            evidence: ["MCP specification, transports"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let request = context.interaction.request
            guard MCP.speaks(request, to: context.upstream), !MCP.isStdio(context.upstream) else {
                throw Inapplicable("the request is none of the protocol over HTTP")
            }
            let variant = parameters.text("variant")
            let answer: (status: Int, text: String) =
                switch variant {
                case "405-on-get": (405, "Method Not Allowed")
                case "406": (406, "Not Acceptable: Client must accept text/event-stream")
                case "415": (415, "Unsupported Media Type: Content-Type must be application/json")
                default: (403, "Forbidden: Origin not allowed")
                }
            guard variant != "405-on-get" || request.method == "GET" else {
                throw Inapplicable("the request is no GET")
            }
            var headers: HeaderFields = [HeaderField("content-type", "text/plain")]
            if answer.status == 405 { headers.append("allow", "POST, DELETE") }
            delivery.replace(
                by: ErrorAnswer(
                    status: answer.status, headers: headers, body: Array(answer.text.utf8)),
                request: request)
        })

    private static let jsonHeaders: HeaderFields = [HeaderField("content-type", "application/json")]

    private static func sessionError(_ message: String) -> JSONValue {
        [
            "jsonrpc": "2.0", "error": ["code": -32_001, "message": .string(message)], "id": .null,
        ]
    }

    /// A call inside of a session.
    private static func sessionCall(_ context: FaultContext) throws(Inapplicable) -> MCPCall {
        let call = try MCPCall(context)
        try call.demandHTTP()
        guard call.request.headers.contains("mcp-session-id") else {
            throw Inapplicable("the request belongs to no session")
        }
        return call
    }
}
