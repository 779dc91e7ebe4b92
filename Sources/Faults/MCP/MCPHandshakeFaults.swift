import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let mcpInitializeVersionMismatch = FaultKind(
        id: "mcp-initialize-version-mismatch",
        summary: "Client and server have no revision of the protocol in common.",
        layer: .status, target: .tool, signature: .loud, weight: 2, replaces: true,
        parameters: [
            .variant(
                ["unknown", "unsupported", "none"],
                "An unknown revision, the error -32022, or no revision at all.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                `initialize` answers with a `protocolVersion` nobody knows or with none; or any \
                request gets the code -32022, in the stateless form with status 400.
                """,
            clients: """
                The Python SDK raises `RuntimeError: Unsupported protocol version from the server`.
                """,
            robustAgent: "Goes on without this server and says so.",
            evidence: ["mcp 2.3.0 (sources)"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            guard parameters.text("variant") != "unsupported" else {
                try call.demand("initialize", "server/discover")
                let error = MCPError(-32_022)
                return call.replace(
                    &delivery,
                    by: call.error(error.code, error.message, data: error.data(for: call)),
                    status: error.status(in: call.era))
            }
            var answer = try MCPAnswer(delivery, context)
            try call.demand("initialize")
            var result = try answer.result()
            let isNone = parameters.text("variant") == "none"
            result["protocolVersion"] = isNone ? nil : .string("1999-01-01")
            answer.replaceResult(result)
            answer.write(to: &delivery)
        })

    static let mcpInitializeHang = FaultKind(
        id: "mcp-initialize-hang",
        summary: "The server never comes up: it hangs, ends, or offers nothing.",
        layer: .connection, target: .tool, signature: .loud, weight: 2, replaces: true,
        parameters: [
            .variant(
                ["hang", "crash", "capabilities-missing"],
                "What becomes of the first request.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                `initialize` or `server/discover` gets no answer; or the server ends, behind a \
                pipe with exit status 1; or `capabilities` is `{}`.
                """,
            clients:
                "A hang of a server behind a pipe hangs the whole agent where no limit is set.",
            robustAgent: "Has a limit for the start of each server, and starts without it.",
            evidence: ["anthropics/claude-code#35287"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let call = try MCPCall(context)
            try call.demand("initialize", "server/discover")
            switch parameters.text("variant") {
            case "hang": delivery.replaceByNothing(ending: .hang, at: .zero)
            case "crash": delivery.replaceByNothing(ending: .closed, at: .zero)
            default:
                var answer = try MCPAnswer(delivery, context)
                var result = try answer.result()
                result["capabilities"] = [:]
                answer.replaceResult(result)
                answer.write(to: &delivery)
            }
        })
}
