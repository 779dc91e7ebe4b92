import Cassette
import Determinism
import WireProtocols

extension FaultCatalogue {
    static let toolFaults: [FaultKind] = [
        .toolLatency, .toolTimeout, .toolTimeoutLateSuccess, .toolError, .toolErrorAs200,
        .toolErrorMisleading, .toolEmpty, .toolPartial, .toolCorrupt, .toolStale,
        .toolWrongEntity, .toolPlausibleWrong, .toolSchemaRename, .toolOversize,
        .toolPaginationRepeat, .toolRateLimit, .toolAuthExpired, .lostResponseAfterCommit,
        .commitThenError, .lostRequest, .partialSideEffect, .outOfOrderEffects,
        .eventualConsistency, .toolUnavailableThenRenamed, .toolNaNInf, .toolHTMLInsteadOfJSON,
        .toolUnicodeNoise, .toolPII, .toolInjectionIndirect, .toolCrashProcess,
    ]
}

extension FaultKind {
    static let toolError = FaultKind(
        id: "tool-error",
        summary: "The tool answers with an error.",
        layer: .status, target: .tool, signature: .loud, weight: 1, replaces: true,
        parameters: [
            ParameterSpec("code", .integer(400...599), default: .fixed(500), "The status."),
            ParameterSpec(
                "message", .text, default: .fixed("The tool failed."), "What the error says."),
        ],
        documentation: FaultDocumentation(
            wireForm: "A JSON error with the status.",
            clients: "HTTP clients raise or hand it over; frameworks give it to the model.",
            robustAgent: "Adapts; never makes up the data.",
            evidence: ["agent-chaos, tool_error", "flakestorm, tool fault error"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let answer = PlainHTTP.errorAnswer(
                status: Int(parameters.integer("code")), code: "tool_error",
                message: parameters.text("message"))
            delivery.replace(by: answer, request: context.interaction.request)
        })

    static let toolTimeout = FaultKind(
        id: "tool-timeout",
        summary: "The tool never answers.",
        layer: .connection, target: .tool, signature: .loud, weight: 2, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "The request is taken; nothing ever comes back.",
            clients: "langgraph and openai-agents raise ToolTimeoutError; the mcp Python SDK waits "
                + "without end, the TypeScript one 60 s.",
            robustAgent: "Has a deadline for every call and reports it.",
            evidence: ["mcp 2.3.0, read"]),
        apply: edit { (delivery, _, _) throws(Inapplicable) in
            delivery.replaceByNothing(ending: .hang, at: .zero)
        })

    static let toolStale = FaultKind(
        id: "tool-stale",
        summary: "The tool repeats an answer that it gave earlier on the same route.",
        layer: .semantic, target: .tool, signature: .quiet, weight: 5, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "The recorded answer to an earlier request of the route, byte for byte.",
            clients: "Nobody can tell.",
            robustAgent: "Looks at the instant that the data is from.",
            evidence: ["AgentChaos, stale_data"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            try delivery.becomeStale(context)
        })

    static let toolCorrupt = FaultKind(
        id: "tool-corrupt",
        summary: "The result of the tool is damaged on its way.",
        layer: .semantic, target: .tool, signature: .ambiguous, weight: 3, replaces: false,
        parameters: [
            .variant(
                ToolCorruption.allCases.map(\.rawValue),
                "The kind of damage."),
            .place("at_bytes", from: 1, "From which byte on it is looked for, round the end.") {
                delivery, context in
                let count = (try? ToolResult(delivery, context))?.bytes.count ?? delivery.bodyCount
                return delivery.head != nil && count > 1 ? 1...Int64(count - 1) : nil
            },
        ],
        documentation: FaultDocumentation(
            wireForm:
                "One bit of a letter, one misread character, one quote, or the end is missing; in the "
                + "text of a result of MCP, else in the body.",
            clients: "JSON parsers raise, or the damage is passed on.",
            robustAgent: "Validates what it reads.",
            evidence: ["AgentChaos, corrupt"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let result = try? ToolResult(delivery, context)
            let bytes = result?.bytes ?? delivery.bodyBytes
            let at = parameters.integer("at_bytes")
            guard delivery.head != nil, at >= 1, at < bytes.count else {
                throw Inapplicable(
                    "at_bytes \(at) does not lie inside the result of \(bytes.count) bytes")
            }
            let variant: ToolCorruption = try parameters.variant()
            let damaged = try variant.damage(bytes, from: Int(at))
            if let result {
                result.write(damaged, to: &delivery)
            } else {
                delivery.edit(bodyBytes: damaged)
            }
        })

    static let lostResponseAfterCommit = FaultKind(
        id: "lost-response-after-commit",
        summary: "The tool did what it was asked; the connection is reset before it can say so.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 5, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "The connection is reset when the answer was due.",
            clients:
                "HTTP clients with retries send it again: the action happens twice. MCP 2026-07-28 "
                + "asks clients to issue the call anew after a broken stream.",
            robustAgent: "Uses an idempotency key, or looks before it repeats.",
            evidence: [
                "qwen-code#8387", "hostinger#68", "composio#3654", "smg#2441", "reyn#2600",
            ]),
        apply: edit { (delivery, _, _) throws(Inapplicable) in
            delivery.replaceByNothing(ending: .reset, at: delivery.head?.at ?? delivery.endAt)
        })
}
