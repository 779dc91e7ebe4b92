import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let mcpNoResponse202 = FaultKind(
        id: "mcp-no-response-202",
        summary: "A request is answered as if it were a notification: 202, and nothing follows.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 4, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "Status 202 with an empty body.",
            clients: """
                The Python SDK 2 makes the error -32600 of it; version 1 waits for ever.
                """,
            robustAgent: "Has a limit for each call, and does not repeat what may have been done.",
            evidence: ["mcp 2.3.0 and 1.23.0 (sources)"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            try call.demandHTTP()
            call.replace(&delivery, status: 202, headers: [], body: [])
        })

    static let mcpSSEClosedNoResponse = FaultKind(
        id: "mcp-sse-closed-no-response",
        summary: "The stream of an answer ends properly before the response.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 5, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "The events before the response, then the regular end of the body.",
            clients: """
                The Python SDK 2 makes the error -32000 of it, or connects again twice where an \
                event had an identifier; version 1 waits for ever.
                """,
            robustAgent: "Repeats only what it may repeat.",
            evidence: ["modelcontextprotocol/python-sdk#1577"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            try cutBeforeResponse(&delivery, context, ending: .complete)
        })

    static let mcpModernStreamLoss = FaultKind(
        id: "mcp-modern-stream-loss",
        summary: "The connection of a call is lost before its response.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 5, replaces: true,
        documentation: FaultDocumentation(
            wireForm: """
                The events before the response, then the connection is reset. The stateless form \
                has no resumption.
                """,
            clients: """
                By the specification a client must ask again as a new request, so that a tool may \
                do its work twice.
                """,
            robustAgent: "Gives tools a key by which they know a repetition.",
            evidence: [
                "MCP specification 2026-07-28, changelog", "SEP-3182 (not settled)",
            ]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            try call.demand(.modern, "streams that cannot be resumed")
            try call.demandHTTP()
            try cutBeforeResponse(&delivery, context, ending: .reset)
        })

    static let mcpSSEResume = FaultKind(
        id: "mcp-sse-resume",
        summary: "The stream of an answer ends early, and the client has to resume it.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 4, replaces: true,
        parameters: [
            .variant(
                MCPResumption.Variant.allCases.map(\.rawValue),
                "What the resumed stream brings: all events again, nothing, or the status 404."),
            .milliseconds("retry_ms", from: 0, default: 1_000, "When the client shall resume it."),
        ],
        documentation: FaultDocumentation(
            wireForm: """
                A first event with `id` and `retry` and no data, and once more where a recorded \
                event before the response has an `id`; the end of the body. The client asks `GET` \
                with `Last-Event-ID`.
                """,
            clients: """
                The Python SDK connects again twice and then gives up; its counter begins anew \
                with each success, so that it goes on until Python's limit of recursion ends the \
                session, after some 960 requests.
                """,
            robustAgent: "Drops events that it saw before, and has a limit for each call.",
            evidence: ["mcp 2.3.0 (sources)", "MCP specification 2025-11-25, transports"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let answer = try MCPAnswer(delivery, context)
            try answer.call.demand(.legacy, "resumption")
            try answer.call.demandHTTP()
            let variant = MCPResumption.Variant(rawValue: parameters.text("variant"))
            let id = MCPResumption(
                ordinal: context.interaction.ordinal, variant: variant ?? .duplicate)
            let retry = parameters.integer("retry_ms")
            let mark = Array("id: \(id.text)\nretry: \(retry)\ndata:\n\n".utf8)
            let before = answer.before(in: delivery)
            var chunks = [Chunk(at: delivery.head?.at ?? .zero, bytes: mark)] + before.chunks
            // A client resumes after the last identifier that it saw.
            if answer.isNumberedBefore, let last = chunks.last {
                chunks.append(Chunk(at: last.at, bytes: mark))
            }
            sendEvents(&delivery, chunks, ending: .complete, at: before.at)
        })

    static let mcpServerCrashMidCall = FaultKind(
        id: "mcp-server-crash-mid-call",
        summary: "The server ends while it does what it was asked.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 5, replaces: true,
        parameters: [
            .variant(
                ["sigkill", "exit-code"],
                "Killed by a signal, or ended by itself with status 1.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                Behind a pipe the program is gone when its answer was due, and with it its output; \
                over HTTP the connection is reset or closed.
                """,
            clients: """
                The Python SDK 2 makes the error -32000 of it; older ones hang.
                """,
            robustAgent: "Starts the server again, and does not blindly repeat the call.",
            evidence: ["modelcontextprotocol/python-sdk#332", "fastmcp#499"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            try call.demand("tools/call")
            delivery.replaceByNothing(
                ending: parameters.text("variant") == "sigkill" ? .reset : .closed,
                at: delivery.head?.at ?? delivery.endAt)
        })

    static let mcpCancelRace = FaultKind(
        id: "mcp-cancel-race",
        summary: "The result comes after the client gave up: the server did not hear of it.",
        layer: .timing, target: .tool, signature: .ambiguous, weight: 4, replaces: false,
        parameters: [
            .milliseconds(
                "delay_ms", from: 1, default: 120_000, "How much later the response comes.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                The head and all events before the response come in time; the response comes after \
                the client's limit and its `notifications/cancelled`.
                """,
            clients: "The result is dropped; what the tool did stays done.",
            robustAgent: "Asks what became of a call that it cancelled.",
            evidence: ["MCP specification, cancellation"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let answer = try MCPAnswer(delivery, context)
            try answer.call.demand("tools/call")
            let delay = parameters.integer("delay_ms")
            guard delay > 0 else { throw Inapplicable("delay_ms \(delay) is no delay") }
            let sent = answer.before(in: delivery).chunks.reduce(0) { $0 + $1.bytes.count }
            delivery.delay(from: delivery.splitBody(after: sent), by: .milliseconds(delay))
        })

    /// Sends what came before the response, and ends there.
    static func cutBeforeResponse(
        _ delivery: inout Delivery, _ context: FaultContext, ending: DeliveryEnding
    ) throws(Inapplicable) {
        let answer = try MCPAnswer(delivery, context)
        try answer.call.demandHTTP()
        let before = answer.before(in: delivery)
        sendEvents(&delivery, before.chunks, ending: ending, at: before.at)
    }

    /// Makes an event stream of an answer, whatever it was before.
    static func sendEvents(
        _ delivery: inout Delivery, _ chunks: [Chunk], ending: DeliveryEnding, at: SimDuration
    ) {
        delivery.head?.framing = .chunked
        delivery.head?.headers.set("content-type", "text/event-stream")
        delivery.body = chunks
        delivery.trailers = []
        delivery.ending = ending
        delivery.endAt = max(at, delivery.lastSentAt)
    }
}
