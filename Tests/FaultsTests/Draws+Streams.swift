import Determinism
import WireProtocols

/// Streams of other protocols than those of OpenAI and Anthropic.
extension Draws {
    /// Chunks of Gemini: some texts, perhaps a call, perhaps the end.
    private mutating func geminiChunks() -> [String] {
        var parts = (0..<int(0...4)).map { _ in #"{"text":"\#(word())"}"# }
        if int(0...1) == 0 {
            parts.append(#"{"functionCall":{"name":"f","args":{"a":1,"b":[{"c":"]"}]}}}"#)
        }
        let end = int(0...4) == 0 ? "" : #","finishReason":"STOP""#
        return parts.enumerated().map { place, part in
            #"{"candidates":[{"content":{"parts":[\#(part)],"role":"model"}"#
                + (place == parts.count - 1 ? end : "") + "}]}"
        }
    }

    mutating func geminiArray() -> String {
        "[" + geminiChunks().joined(separator: "\n,\r\n") + (int(0...4) == 0 ? "" : "\n]\n")
    }

    mutating func geminiEvents() -> String {
        geminiChunks().map { "data: \($0)\r\n\r\n" }.joined()
    }

    mutating func ollamaLines() -> String {
        var lines = (0..<int(0...4)).map { _ in
            #"{"message":{"role":"assistant","content":"\#(word())"},"done":false}"#
        }
        if int(0...1) == 0 {
            lines.append(
                #"{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"#
                    + #""name":"f","arguments":{"a":1,"b":2}}}]},"done":false}"#)
        }
        if int(0...4) > 0 {
            lines.append(
                #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"#)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    mutating func converseMessages() -> [UInt8] {
        var events = [("messageStart", #"{"role":"assistant"}"#)]
        for _ in 0..<int(0...3) {
            events.append(
                (
                    "contentBlockDelta",
                    #"{"contentBlockIndex":0,"delta":{"text":"\#(word())"},"p":"ab"}"#
                ))
        }
        events.append(("contentBlockStop", #"{"contentBlockIndex":0}"#))
        if int(0...1) == 0 {
            events += [
                (
                    "contentBlockStart",
                    #"{"contentBlockIndex":1,"start":{"toolUse":{"name":"f","toolUseId":"t"}}}"#
                ),
                (
                    "contentBlockDelta",
                    #"{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"a\":1,\"b\":2}"}}}"#
                ), ("contentBlockStop", #"{"contentBlockIndex":1}"#),
            ]
        }
        if int(0...4) > 0 { events.append(("messageStop", #"{"stopReason":"end_turn"}"#)) }
        return events.flatMap { name, payload in
            AWSEventMessage(
                headers: [
                    .init(":event-type", name), .init(":content-type", "application/json"),
                    .init(":message-type", "event"),
                ], payload: Array(payload.utf8)
            ).bytes
        }
    }

    private mutating func word() -> String {
        ["a", "é", "€ ", "😀", "\\n", "]}"][int(0...5)]
    }
}
