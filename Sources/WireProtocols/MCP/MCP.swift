public import Cassette
internal import Determinism

/// The Model Context Protocol over streamable HTTP, and over stdio as the bridge carries it.
///
/// It is no protocol of a model: an upstream that speaks it is a tool, and its answers are read as
/// messages, not as text and tool calls.
public enum MCP {
    /// The word for it in `--protocol NAME=mcp`.
    public static let id = "mcp"

    /// The address of an upstream that is a program; the bridge starts it while recording.
    public static let stdioScheme = "stdio:"

    /// Whether an upstream is a program that talks over its standard input and output.
    public static func isStdio(_ upstream: Upstream) -> Bool {
        upstream.address.hasPrefix(stdioScheme)
    }

    /// Whether a request to an upstream is one of this protocol.
    public static func speaks(_ request: RecordedRequest, to upstream: Upstream) -> Bool {
        upstream.wireProtocol == id || isStdio(upstream) || speaks(request)
    }

    /// Whether a request is one of this protocol, by its own content.
    ///
    /// Other services speak JSON-RPC too: without a header line of the protocol, the method tells.
    public static func speaks(_ request: RecordedRequest) -> Bool {
        let hasHeader = headerNames.contains { request.headers.contains($0) }
        switch request.method {
        case "POST":
            guard let body = request.json else { return false }
            let messages = MCPMessage.all(in: body)
            guard !messages.isEmpty else { return false }
            return hasHeader || messages.allSatisfy { $0.method.map(isOwnMethod) ?? false }
        case "GET": return hasHeader && accepts("text/event-stream", request)
        case "DELETE": return request.headers.contains("mcp-session-id")
        default: return false
        }
    }

    /// Whether a request opens the stream on which a legacy server speaks of its own accord.
    public static func isListening(_ request: RecordedRequest, to upstream: Upstream) -> Bool {
        // A client that knows no revision yet sends no header line of the protocol.
        request.method == "GET" && speaks(request, to: upstream)
            && accepts("text/event-stream", request)
            && !request.headers.contains("last-event-id")
    }

    /// Whether a request may be made any number of times and is answered alike: what opens a
    /// session, and what lists what there is.
    public static func mayRepeat(_ request: RecordedRequest, to upstream: Upstream) -> Bool {
        guard request.method == "POST" else { return isListening(request, to: upstream) }
        guard let message = MCPMessage(bytes: request.body), message.kind == .request,
            let method = message.method
        else { return false }
        return repeatable.contains(method)
    }

    /// Whether a request may change the world; nil when it is none of this protocol.
    ///
    /// Only calls of tools do. One that does not is named as `reads: tools/call NAME`.
    public static func changesWorld(
        _ request: RecordedRequest, of upstream: Upstream
    ) -> Bool? {
        guard speaks(request, to: upstream) else { return nil }
        guard let body = request.json else { return false }
        // Of a batch that is not whole, a server may still carry out what it understands.
        return (body.arrayValue ?? [body]).compactMap { MCPMessage($0) }.contains { message in
            message.method == "tools/call"
                && !upstream.reads.contains("tools/call \(message.name ?? "")")
        }
    }

    /// Whether a request awaits no answer: a notification, or a batch of nothing else.
    public static func onlyNotifies(_ request: RecordedRequest) -> Bool {
        let messages = request.json.map { MCPMessage.all(in: $0) } ?? []
        return !messages.isEmpty && messages.allSatisfy { $0.kind == .notification }
    }

    private static let headerNames = ["mcp-protocol-version", "mcp-session-id", "mcp-method"]
    private static let methods = ["initialize", "ping", "server/discover", "subscriptions/listen"]
    private static let repeatable = [
        "initialize", "ping", "server/discover", "tools/list", "resources/list",
        "resources/templates/list", "prompts/list",
    ]
    private static let families = [
        "tools/", "resources/", "prompts/", "completion/", "logging/", "notifications/",
        "sampling/", "elicitation/", "roots/",
    ]

    private static func isOwnMethod(_ method: String) -> Bool {
        methods.contains(method) || families.contains { method.hasPrefix($0) }
    }

    private static func accepts(_ type: String, _ request: RecordedRequest) -> Bool {
        request.headers.first("accept").map { asciiLowercased($0).contains(type) } ?? false
    }
}
