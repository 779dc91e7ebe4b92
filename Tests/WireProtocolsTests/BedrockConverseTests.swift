import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("Bedrock Converse")
struct BedrockConverseTests {
    let wire = BedrockConverse()

    @Test(
        "is known by its route, and names the model in it",
        arguments: [
            ("/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse", false),
            ("/model/anthropic.claude-3-haiku-20240307-v1:0/converse-stream?x=1", true),
            ("/eu/model/anthropic.claude-3-haiku-20240307-v1%3a0/converse-stream", true),
        ])
    func routes(_ target: String, _ isStreaming: Bool) {
        let request = RecordedRequest(method: "POST", target: target, body: Self.body)
        #expect(wire.matches(request, host: ""))
        #expect(wire.model(of: request) == "anthropic.claude-3-haiku-20240307-v1:0")
        #expect(wire.isStreaming(request) == isStreaming)
        #expect(WireProtocols.detect(request, host: "")?.id == BedrockConverse.id)
    }

    @Test(
        "decodes resource names",
        arguments: [
            (
                "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.m",
                "arn:aws:bedrock:us-east-1:1:inference-profile/us.m"
            ), ("arn:aws:bedrock:eu-west-1:1:prompt/ABC", "arn:aws:bedrock:eu-west-1:1:prompt/ABC"),
            ("100%", "100%"), ("a%zz%4", "a%zz%4"), ("model", "model"), ("%C3%A9", "é"),
        ])
    func models(_ part: String, _ model: String) {
        let request = RecordedRequest(method: "POST", target: "/model/\(part)/converse")
        #expect(wire.model(of: request) == model)
    }

    @Test(
        "is not taken for another route",
        arguments: [
            ("POST", "/model/m/invoke"), ("GET", "/model/m/converse"), ("POST", "/model/converse"),
            ("POST", "/model//converse"), ("POST", "/model/m/converse/x"), ("POST", "/converse"),
            ("POST", "/model/m/count-tokens"), ("POST", "/v1/chat/completions"), ("POST", ""),
        ])
    func foreign(_ method: String, _ target: String) {
        let request = RecordedRequest(method: method, target: target, body: Self.body)
        #expect(!wire.matches(request, host: "bedrock-runtime.us-east-1.amazonaws.com"))
    }

    @Test("gives each event its role")
    func roles() {
        #expect(
            WireSample.converseReasoning.map(wire.role) == [
                .start, .other, .other, .other, .text("Done."), .other,
                .toolStart(index: 2, id: "tooluse_4", name: "get"),
                .toolArguments(index: 2, fragment: #"{"a":1}"#), .other,
                .finish(reason: "tool_use"), .usage,
            ])
        let message = WireSample.converseMessage
        #expect(wire.role(of: message("contentBlockDelta", #"{"delta":null}"#)) == .other)
        #expect(wire.role(of: message("contentBlockStart", #"{"start":{"toolUse":7}}"#)) == .other)
        #expect(wire.role(of: message("messageStop", #"{"stopReason":null}"#)) == .terminator)
        #expect(wire.role(of: message("messageStop", "[]")) == .other)
        #expect(wire.role(of: message("initial-response", "{}")) == .other)
        #expect(wire.role(of: message("contentBlockStart", "{}")) == .other)
    }

    @Test("reads nothing behind an exception, an error of the transport or a broken message")
    func ends() {
        let error = AWSEventMessage(
            headers: [.init(":message-type", "error"), .init(":error-code", "InternalError")],
            payload: [])
        #expect(wire.role(of: .message(error)) == .error)
        var bytes = WireSample.converseText(0, "x").bytes
        bytes[bytes.count - 1] ^= 1
        let broken = StreamFraming.awsEventStream.events(of: bytes)
        #expect(broken.map(wire.role) == [.other])
        for event in [.message(error)] + broken {
            var events = WireSample.converseReasoning
            events.insert(event, at: 5)
            #expect(wire.summary(of: events) == AnswerSummary(text: "Done."))
            #expect(wire.emptied(events) == nil)
            #expect(wire.finishedForLength(events, contentEvents: 0) == nil)
            #expect(wire.toolArgumentsTruncated(events, members: 0) == nil)
        }
    }

    @Test("survives any numbers, and answers without members")
    func hostile() {
        let message = WireSample.converseMessage
        let delta = #","delta":{"toolUse":{"input":"{}"}}}"#
        for index in ["-1", "9223372036854775807", "1e9", "null", "18446744073709551616"] {
            let events = [
                message("contentBlockDelta", #"{"contentBlockIndex":"# + index + delta),
                message("contentBlockStop", #"{"contentBlockIndex":\#(index)}"#),
                WireSample.converseText(0, "a"), WireSample.converseStop("end_turn"),
                message("metadata", #"{"usage":{"outputTokens":1,"totalTokens":\#(index)}}"#),
            ]
            #expect(wire.summary(of: events).text == "a")
            let usage = wire.emptied(events)?.last?.json?["usage"]
            #expect(usage?["outputTokens"] == 2)
            #expect(usage?["totalTokens"]?.encodedText() == index)
        }
        let whole = [WireSample.converseText(0, "a"), WireSample.converseStop("end_turn")]
        #expect(wire.emptied(whole) == [whole[1]])
        #expect(wire.emptied([]) == nil)
        #expect(wire.summary(of: []) == AnswerSummary())
    }

    @Test("keeps the frames of blocks in pairs where an edit cuts", arguments: [0, 1, 2, 3])
    func pairs(_ count: Int) throws {
        let events = WireSample.converseReasoning
        let edited = try #require(wire.finishedForLength(events, contentEvents: count))
        // The places of what is kept of the sample.
        let kept: [[Int]] = [
            [0, 1, 2, 3, 10], [0, 1, 2, 3, 4, 5, 10], [0, 1, 2, 3, 4, 5, 6, 8, 10],
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 10],
        ]
        #expect(edited.filter { $0.name != "messageStop" } == kept[count].map { events[$0] })
        #expect(
            edited.dropLast().last
                == WireSample.converseMessage(
                    "messageStop", #"{"p":"a","stopReason":"max_tokens"}"#))
    }

    @Test("refuses to cut inside reasoning, or to drop what stands before it")
    func refusal() {
        var open = WireSample.converseReasoning
        open.remove(at: 3)
        #expect(wire.finishedForLength(open, contentEvents: 0) == nil)
        let late =
            [WireSample.converseText(9, "a"), WireSample.converseBlockStop(9)]
            + WireSample.converseReasoning
        #expect(wire.emptied(late) == nil)
        #expect(
            wire.finishedForLength(late, contentEvents: 1)?.map(\.name) == [
                "contentBlockDelta", "contentBlockStop", "messageStart", "messageStop", "metadata",
            ])
    }

    @Test("empties a stream to what is signed, its end and numbers that agree")
    func emptied() throws {
        let fields = #""additionalModelResponseFields":{"delta":{"stop_sequence":"END","n":1}}"#
        var events = WireSample.converseReasoning
        events[9] = WireSample.converseMessage(
            "messageStop", #"{\#(fields),"stopReason":"stop_sequence"}"#)
        let edited = try #require(wire.emptied(events))
        let stop =
            #"{"additionalModelResponseFields":{"delta":{"stop_sequence":null,"n":1}},"#
            + #""stopReason":"end_turn"}"#
        let metadata =
            #"{"metrics":{"latencyMs":40},"p":"ab","usage":{"inputTokens":12,"outputTokens":2,"#
            + #""totalTokens":14}}"#
        #expect(Array(edited.prefix(4)) == Array(events.prefix(4)))
        #expect(
            Array(edited.dropFirst(4)) == [
                WireSample.converseMessage("messageStop", stop),
                WireSample.converseMessage("metadata", metadata),
            ])
    }

    private static let body = Array(
        #"{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"model":"x"}"#.utf8)
}
