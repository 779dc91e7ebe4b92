import Foundation
import WireProtocols

extension WireSample {
    static let bedrockInvoke: [WireSample] = [
        invoke(
            "text of Claude",
            [
                start, blockStart(0, #"{"type":"text","text":""}"#), text(0, "Hello"),
                text(0, "! 🌍"), blockStop(0), messageDelta("end_turn"), invokeStop,
            ],
            AnswerSummary(text: "Hello! 🌍", finishReason: "end_turn", terminated: true),
            contentEvents: 2),
        invoke(
            "signed thinking, text, a tool of Claude", invokeThinking,
            AnswerSummary(
                text: "Done.",
                toolCalls: [ToolCall(id: "toolu_3", name: "get", arguments: #"{"a":1,"b":[2,3]}"#)],
                finishReason: "tool_use", terminated: true),
            contentEvents: 3, members: 2),
        invoke(
            "Claude ran out of tokens",
            [
                start, blockStart(0, #"{"type":"text","text":""}"#), text(0, "été"),
                blockStop(0), messageDelta("max_tokens"), stop,
            ],
            AnswerSummary(text: "été", finishReason: "max_tokens", terminated: true),
            contentEvents: 1),
    ]

    static let invokeThinking = Array(thinkingFrames.dropLast()) + [invokeStop]

    static let invokeStop = frame(
        "message_stop",
        #"{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":12,"#
            + #""outputTokenCount":30,"invocationLatency":40,"firstByteLatency":20}}"#)

    /// The event of a frame of Anthropic's own stream, wrapped as the service does.
    static func bedrockChunk(_ frame: String) -> StreamEvent {
        bedrockChunk(data: frame.split(separator: "\n").last?.dropFirst("data: ".count) ?? "")
    }

    /// Any event of a model, wrapped as the service does.
    static func bedrockChunk(data: Substring) -> StreamEvent {
        let encoded = Data(data.utf8).base64EncodedString()
        return converseMessage("chunk", #"{"bytes":"\#(encoded)","p":"abcdef"}"#)
    }

    private static func invoke(
        _ name: String, _ frames: [String], _ expected: AnswerSummary, contentEvents: Int,
        members: Int = 0
    ) -> WireSample {
        WireSample(
            name: name, wire: BedrockInvoke(), framing: .awsEventStream,
            stream: StreamEvent.bytes(of: frames.map { bedrockChunk($0) }), expected: expected,
            contentEvents: contentEvents, members: members,
            words: .init(length: "max_tokens", normal: "end_turn"))
    }
}
