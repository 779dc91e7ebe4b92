import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let mcpErrorNullID = FaultKind(
        id: "mcp-error-null-id",
        summary: "The response names the request in a way that the client has to guess.",
        layer: .semantic, target: .tool, signature: .ambiguous, weight: 4, replaces: false,
        parameters: [
            .variant(
                ["null-id", "id-as-string", "id-float"],
                "An error without identifier, or the response with 7 as \"7\" or 7.0.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                `{"jsonrpc":"2.0","id":null,"error":…}` for `null-id`; else the recorded response \
                with its identifier in another type.
                """,
            clients: """
                The Python SDK takes "7" for 7. An error without identifier is that of the request \
                over HTTP; behind a pipe it is dropped, and the caller waits for ever.
                """,
            robustAgent: "Has a limit for each call.",
            evidence: ["mcp 2.3.0 (sources)"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var answer = try MCPAnswer(delivery, context)
            var json = answer.response
            switch parameters.text("variant") {
            case "null-id":
                json = answer.call.error(-32_603, "Internal error")
                json["id"] = .null
            case "id-as-string":
                guard let digits = answer.call.id.numberText else {
                    throw Inapplicable("the identifier of the request is a text already")
                }
                json["id"] = .string(digits)
            default:
                guard let number = answer.call.id.intValue else {
                    throw Inapplicable("the identifier of the request is no whole number")
                }
                json["id"] = .number("\(number).0")
            }
            answer.replaceResponse(json)
            answer.write(to: &delivery)
        })

    static let mcpUnknownIDResponse = FaultKind(
        id: "mcp-unknown-id-response",
        summary: "A response comes for a request that the client never sent.",
        layer: .semantic, target: .tool, signature: .ambiguous, weight: 4, replaces: false,
        parameters: [
            .variant(
                ["instead", "before"],
                "In place of the response, or right before it.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                `instead`: the recorded response under an identifier that was never used. \
                `before`: a strange response with an empty result, then the recorded one.
                """,
            clients: """
                The Python SDK drops it, so that the caller waits for ever; on a stream of HTTP it \
                puts the request's identifier in its place and takes the strange result for its \
                own. The TypeScript SDK reports an unknown message identifier.
                """,
            robustAgent: "Has a limit for each call, and checks that a result fits what was asked.",
            evidence: ["mcp 2.3.0 (sources, streamable_http)"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var answer = try MCPAnswer(delivery, context)
            let strange = JSONValue.int(990_001)
            guard answer.call.id != strange else {
                throw Inapplicable("the request has the identifier of the strange response")
            }
            if parameters.text("variant") == "before" {
                try answer.insert([
                    ["jsonrpc": "2.0", "id": strange, "result": ["content": []]]
                ])
            } else {
                var json = answer.response
                json["id"] = strange
                answer.replaceResponse(json)
            }
            answer.write(to: &delivery)
        })

    static let mcpDuplicateResponse = FaultKind(
        id: "mcp-duplicate-response",
        summary: "The request is answered twice, and the second response says something else.",
        layer: .semantic, target: .tool, signature: .quiet, weight: 2, replaces: false,
        parameters: [
            ParameterSpec(
                "message", .text, default: .fixed("The tool failed."),
                "What the second response says.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Two responses with one identifier on a stream; the second is an error.",
            clients: "The Python SDK takes the first and drops the second.",
            robustAgent: "Takes the first.",
            evidence: ["mcp 2.3.0 (sources)"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var answer = try MCPAnswer(delivery, context)
            try answer.append([answer.call.error(-32_603, parameters.text("message"))])
            answer.write(to: &delivery)
        })
}
