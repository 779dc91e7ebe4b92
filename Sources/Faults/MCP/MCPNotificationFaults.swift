import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let mcpProgressForever = FaultKind(
        id: "mcp-progress-forever",
        summary: "The server reports progress again and again, and never a result.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 3, replaces: true,
        parameters: [
            .milliseconds("period_ms", from: 1, default: 5_000, "How far the reports are apart."),
            .milliseconds(
                "duration_ms", from: 1, default: 3_600_000,
                "How long they come; then nothing comes any more."),
        ],
        documentation: FaultDocumentation(
            wireForm: "`notifications/progress` with the token of the request, on its stream.",
            clients: """
                The TypeScript SDK with `resetTimeoutOnProgress` and no `maxTotalTimeout` waits \
                for ever; without it, its 60 seconds end calls that are alive. The token is only \
                sent where somebody listens.
                """,
            robustAgent: "Has a limit for the whole call that progress does not move.",
            evidence: [
                "modelcontextprotocol/typescript-sdk#152", "strands#3450",
                "opencode#21701", "opencode#32477",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let answer = try MCPAnswer(delivery, context)
            guard let token = answer.call.message.progressToken else {
                throw Inapplicable("the request asks for no progress")
            }
            let (period, duration) = (
                parameters.integer("period_ms"), parameters.integer("duration_ms")
            )
            guard period > 0, duration > 0, duration <= keepAliveMillisecondsMax,
                duration / period <= keepAlivesMax
            else {
                throw Inapplicable("reports every \(period) ms for \(duration) ms cannot be sent")
            }
            let before = answer.before(in: delivery)
            var chunks = before.chunks
            for number in 1...max(1, duration / period) {
                let bytes = answer.call.line(progress(token, number))
                chunks.append(Chunk(at: before.at + .milliseconds(number * period), bytes: bytes))
            }
            let kept = delivery.head?.headers
            sendEvents(&delivery, chunks, ending: .hang, at: before.at)
            if answer.call.isStdio, let kept { delivery.head?.headers = kept }
        })

    static let mcpProgressRegress = FaultKind(
        id: "mcp-progress-regress",
        summary: "The reports of progress break the rules of the protocol.",
        layer: .stream, target: .tool, signature: .quiet, weight: 1, replaces: false,
        parameters: [
            .variant(
                ["regress", "unknown-token", "after-completion"],
                "Progress that goes back, is of nobody, or comes after the response.")
        ],
        documentation: FaultDocumentation(
            wireForm: "`notifications/progress` whose numbers fall, or whose token is unknown.",
            clients: "They ignore it, or report an error beside the call.",
            robustAgent: "Does not care.",
            evidence: ["MCP specification, progress"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var answer = try MCPAnswer(delivery, context)
            let token = answer.call.message.progressToken
            switch (parameters.text("variant"), token) {
            case ("unknown-token", _):
                try answer.insert([progress("stormtape-unknown", 1)])
            case (_, nil): throw Inapplicable("the request asks for no progress")
            case ("after-completion", let token?): try answer.append([progress(token, 100)])
            case (_, let token?): try answer.insert([progress(token, 90), progress(token, 10)])
            }
            answer.write(to: &delivery)
        })

    static let mcpListChanged = FaultKind(
        id: "mcp-list-changed",
        summary: "The server says that what it offers has changed.",
        layer: .stream, target: .tool, signature: .quiet, weight: 3, replaces: false,
        parameters: [listVariant],
        documentation: FaultDocumentation(
            wireForm: """
                `notifications/tools/list_changed` on the stream of an answer; in the stateless \
                form only on the stream of `subscriptions/listen`.
                """,
            clients: "Most ignore it and go on with the tools that they know.",
            robustAgent: "Lists anew, and asks a person again about what is new.",
            evidence: [
                "openai/codex#33266", "goose#10433", "anthropics/claude-code#79826",
                "bifrost#6885", "strands#4112",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            try announce(&delivery, context, list: parameters.text("variant"), count: 1)
        })

    static let mcpListChangedStorm = FaultKind(
        id: "mcp-list-changed-storm",
        summary: "The server says very often that what it offers has changed.",
        layer: .stream, target: .tool, signature: .loud, weight: 2, replaces: false,
        parameters: [
            listVariant,
            ParameterSpec("count", .integer(1...10_000), default: .fixed(1_000), "How often."),
        ],
        documentation: FaultDocumentation(
            wireForm: "As `mcp-list-changed`, a thousand times in a row.",
            clients: "Those that list anew each time do so in a loop.",
            robustAgent: "Waits until it is quiet, then lists once."),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let count = max(0, min(parameters.integer("count"), 10_000))
            try announce(
                &delivery, context, list: parameters.text("variant"), count: Int(count))
        })

    static let mcpServerRequestFlood = FaultKind(
        id: "mcp-server-request-flood",
        summary: "The server asks the client for signs of life, or gives none.",
        layer: .stream, target: .tool, signature: .loud, weight: 2, replaces: false,
        replacingVariants: ["ping-unanswered"],
        parameters: [
            .variant(
                ["server-request-flood", "ping-unanswered"],
                "Many `ping` before the response, or no answer to the client's own."),
            ParameterSpec("count", .integer(1...10_000), default: .fixed(100), "How many."),
        ],
        documentation: FaultDocumentation(
            wireForm: """
                Requests `ping` of the server on the stream of an answer, each of which must be \
                answered; or a `ping` of the client that never is: then nothing at all comes, as \
                with a fault that replaces the answer.
                """,
            clients: "A client that does not answer has its session ended.",
            robustAgent: "Answers at once; ends a session in which nothing answers.",
            evidence: ["MCP specification 2025-11-25, ping"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            try call.demand(.legacy, "ping")
            if parameters.text("variant") == "ping-unanswered" {
                try call.demand("ping")
                delivery.replaceByNothing(ending: .hang, at: .zero)
                return
            }
            var answer = try MCPAnswer(delivery, context)
            let count = Int(max(1, min(parameters.integer("count"), 10_000)))
            try answer.insert(
                (1...count).map { number in
                    [
                        "jsonrpc": "2.0", "id": .string(MCPInjected.id(number)), "method": "ping",
                    ]
                })
            answer.write(to: &delivery)
        })

    private static let listVariant = ParameterSpec.variant(
        ["tools", "resources", "prompts"],
        "What has changed.")

    private static func announce(
        _ delivery: inout Delivery, _ context: FaultContext, list: String, count: Int
    ) throws(Inapplicable) {
        var answer = try MCPAnswer(delivery, context)
        try answer.call.demand(.legacy, "notifications on the stream of an answer")
        let message: JSONValue = [
            "jsonrpc": "2.0", "method": .string("notifications/\(list)/list_changed"),
        ]
        try answer.insert(Array(repeating: message, count: count))
        answer.write(to: &delivery)
    }

    private static func progress(_ token: JSONValue, _ number: Int64) -> JSONValue {
        [
            "jsonrpc": "2.0", "method": "notifications/progress",
            "params": [
                "progressToken": token, "progress": .int(number), "message": "still working",
            ],
        ]
    }
}

extension MCPCall {
    /// A message in the form in which this call's stream carries it.
    func line(_ json: JSONValue) -> [UInt8] {
        isStdio
            ? json.encoded() + [0x0A]
            : StreamEvent(event: "message", data: json.encodedText()).bytes
    }
}
