import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let mcpStdoutNoise = FaultKind(
        id: "mcp-stdout-noise",
        summary: "The server writes to its standard output what is no message.",
        layer: .framing, target: .tool, signature: .loud, weight: 2, replaces: false,
        parameters: [
            .variant(
                Noise.allCases.map(\.rawValue),
                "What it writes.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                A line such as `Server started` before the response, colours of a terminal, the \
                log of npm or dotenv, half a line, two messages on one line, a message over two \
                lines.
                """,
            clients: """
                The Python SDK logs the line and goes on; where the response stood in it, the \
                caller waits for ever. The TypeScript SDK skips the line; desktop clients showed \
                errors.
                """,
            robustAgent: "Skips what is no message.",
            evidence: [
                "azure-devops-mcp#147", "mcp-mermaid#25",
                "mcp-google-map#4", "mcpsnoop#44",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let noise = Noise(rawValue: parameters.text("variant")) ?? .banner
            try editLine(&delivery, context) { line in noise.around(line) }
        })

    static let mcpStdoutInvalidUTF8 = FaultKind(
        id: "mcp-stdout-invalid-utf8",
        summary: "The server writes bytes to its standard output that are no text.",
        layer: .framing, target: .tool, signature: .loud, weight: 3, replaces: false,
        documentation: FaultDocumentation(
            wireForm: "A line with the byte 0xFF before the response.",
            clients: """
                The Python SDK decodes strictly: its reader fails, waits for the rest of the \
                output, and the call never ends.
                """,
            robustAgent: "Starts the server again.",
            evidence: ["mcp 2.3.0 (sources, and measured)"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            try editLine(&delivery, context) { line in
                Array("caf".utf8) + [0xFF, 0x0A] + line
            }
        })

    static let mcpStdoutOversizeLine = FaultKind(
        id: "mcp-stdout-oversize-line",
        summary: "One message is longer than clients let it be.",
        layer: .framing, target: .tool, signature: .loud, weight: 2, replaces: false,
        parameters: [
            ParameterSpec(
                "bytes", .integer(1_024...(32 << 20)), default: .fixed(.int(11 << 20)),
                "How much longer it is.")
        ],
        documentation: FaultDocumentation(
            wireForm: """
                The line of the response with megabytes of blanks between its members; over HTTP \
                the event.
                """,
            clients: """
                The TypeScript SDK allows 10 MiB a line, the Python SDK 1 MiB an event \
                (`max_sse_event_size`).
                """,
            robustAgent: "Reports that the result is too large.",
            evidence: ["mcp 2.3.0 (sources)"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let count = Int(max(0, min(parameters.integer("bytes"), 32 << 20)))
            try padResponse(&delivery, context, by: count)
        })

    static let mcpStderrFlood = FaultKind(
        id: "mcp-stderr-flood",
        summary: "A pipe between client and server fills up.",
        layer: .connection, target: .tool, signature: .ambiguous, weight: 3, replaces: false,
        parameters: [
            .variant(
                ["stderr-flood", "stdin-blocked"],
                "Much on the standard error of the server, or a server that does not read."),
            ParameterSpec(
                "bytes", .integer(1...(64 << 20)), default: .fixed(.int(1 << 20)),
                "How much is written before the response."),
        ],
        documentation: FaultDocumentation(
            wireForm: """
                A pipe holds 64 KiB. A client that does not read the standard error of its server \
                stops it; a server that does not read its input stops the client.
                """,
            clients: "Both sides wait for each other.",
            robustAgent: "Reads all pipes, and has a limit for each call.",
            evidence: ["MCP specification, stdio"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            try MCPCall(context).demandStdio()
            guard delivery.head != nil else { throw Inapplicable("there is no answer") }
            let isFlood = parameters.text("variant") == "stderr-flood"
            delivery.head?.headers.set(
                MCPPipe.header,
                isFlood ? "stderr \(max(1, min(parameters.integer("bytes"), 64 << 20)))" : "stdin")
        })

    /// What a server writes beside its messages.
    private enum Noise: String, CaseIterable {
        case banner
        case ansi
        case log
        case partialLine = "partial-line"
        case twoMessages = "two-messages"
        case embeddedNewline = "embedded-newline"

        /// The line of the response with the noise before, in or behind it.
        func around(_ line: [UInt8]) -> [UInt8] {
            let message = line.last == 0x0A ? Array(line.dropLast()) : line
            let other = #"{"jsonrpc":"2.0","method":"notifications/message","params":"#
            let log = other + #"{"level":"info","data":"ready"}}"#
            switch self {
            case .banner: return Array("Server started on stdio\n".utf8) + line
            case .ansi: return Array("\u{1B}[32m✓\u{1B}[0m ready\n".utf8) + line
            case .log: return Array("[dotenv@17.2.3] injecting env (4) from .env\n".utf8) + line
            case .partialLine: return Array(other.utf8) + [0x0A] + line
            case .twoMessages: return Array(log.utf8) + line
            case .embeddedNewline:
                guard let brace = message.firstIndex(of: UInt8(ascii: "{")) else { return line }
                return Array(message[...brace]) + [0x0A] + Array(message[(brace + 1)...]) + [0x0A]
            }
        }
    }

    /// Edits the line of the response as bytes.
    private static func editLine(
        _ delivery: inout Delivery, _ context: FaultContext, _ change: ([UInt8]) -> [UInt8]
    ) throws(Inapplicable) {
        let answer = try MCPAnswer(delivery, context)
        try answer.call.demandStdio()
        let range = answer.responseRange(in: delivery)
        replace(range, by: change(Array(delivery.bodyBytes[range])), in: &delivery)
    }

    private static func padResponse(
        _ delivery: inout Delivery, _ context: FaultContext, by count: Int
    ) throws(Inapplicable) {
        let answer = try MCPAnswer(delivery, context)
        let range = answer.responseRange(in: delivery)
        var bytes = Array(delivery.bodyBytes[range])
        guard let brace = bytes.firstIndex(of: UInt8(ascii: "{")) else {
            throw Inapplicable("the response is no object")
        }
        bytes.insert(contentsOf: [UInt8](repeating: 0x20, count: count), at: brace + 1)
        replace(range, by: bytes, in: &delivery)
    }

    /// Puts other bytes in place of those of the response, at its instant; all else stays.
    private static func replace(
        _ range: Range<Int>, by bytes: [UInt8], in delivery: inout Delivery
    ) {
        guard !bytes.elementsEqual(delivery.bodyBytes[range]) else { return }
        var cut = delivery
        let start = cut.splitBody(after: range.lowerBound)
        let end = cut.splitBody(after: range.upperBound)
        let at = cut.body[start..<end].last?.at ?? delivery.endAt
        cut.body.replaceSubrange(start..<end, with: [Chunk(at: at, bytes: bytes)])
        delivery.edit(body: cut.body)
    }
}
