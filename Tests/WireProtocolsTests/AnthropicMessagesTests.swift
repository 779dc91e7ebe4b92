import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("Anthropic messages")
struct AnthropicMessagesTests {
    let wire = AnthropicMessages()

    @Test(
        "are known by their route",
        arguments: [
            ("/v1/messages", false, true), ("/v1/messages?beta=true", false, true),
            ("/messages", true, true), ("/messages", false, false),
            ("/v1/messages/count_tokens", true, false), ("/v1/chat/completions", false, false),
        ])
    func matches(_ target: String, _ hasVersion: Bool, _ expected: Bool) {
        let headers: HeaderFields =
            hasVersion ? [HeaderField("Anthropic-Version", "2023-06-01")] : []
        let request = RecordedRequest(
            method: "POST", target: target, headers: headers,
            body: Array(#"{"model":"claude","stream":true,"messages":[]}"#.utf8))
        #expect(wire.matches(request, host: "") == expected)
        #expect((WireProtocols.detect(request, host: "")?.id == AnthropicMessages.id) == expected)
        #expect(wire.model(of: request) == "claude")
        #expect(wire.isStreaming(request))
    }

    @Test("give each event its role")
    func roles() {
        let events = streamEvents(WireSample.thinkingFrames)
        #expect(
            events.map(wire.role) == [
                .start, .other, .other, .other, .other, .other, .text("Done."), .other,
                .toolStart(index: 2, id: "toolu_3", name: "get"),
                .toolArguments(index: 2, fragment: #"{"a":1,"b":[2,3]}"#), .other,
                .finish(reason: "tool_use"), .terminator,
            ])
        #expect(
            wire.role(of: streamEvents([WireSample.ping])[0]) == .ping)
        #expect(wire.role(of: StreamEvent(event: "message_stop", data: "{}")) == .terminator)
        #expect(wire.role(of: StreamEvent(event: "new", data: #"{"type":"new"}"#)) == .other)
    }

    @Test("keep signed thinking byte for byte in every edit")
    func signedThinking() throws {
        let events = streamEvents(WireSample.thinkingFrames)
        let signed = Array(events[1...4])
        let edits = [
            wire.finishedForLength(events, contentEvents: 0),
            wire.finishedForLength(events, contentEvents: 1), wire.emptied(events),
            wire.toolArgumentsTruncated(events, members: 1),
        ]
        for edit in edits {
            let edited = try #require(edit)
            #expect(Array(edited[1...4]) == signed)
        }
    }

    @Test("close every block that an edit leaves open", arguments: WireSample.anthropic)
    func closedBlocks(_ sample: WireSample) throws {
        let events = StreamFraming.sse.events(of: sample.stream)
        for count in 0...sample.contentEvents {
            let edited = try #require(wire.finishedForLength(events, contentEvents: count))
            let starts = edited.count { $0.name == "content_block_start" }
            #expect(edited.count { $0.name == "content_block_stop" } == starts, "\(count) kept")
        }
    }

    @Test("refuse to cut inside signed thinking, or to drop what stands before it")
    func refusal() {
        var frames = WireSample.thinkingFrames
        frames.remove(at: 4)
        let open = streamEvents(frames)
        #expect(wire.finishedForLength(open, contentEvents: 0) == nil)
        let late = [
            WireSample.start, WireSample.blockStart(0, #"{"type":"text","text":"a"}"#),
            WireSample.blockStop(0),
            WireSample.blockStart(1, #"{"type":"thinking","thinking":"t","signature":"s"}"#),
            WireSample.blockStop(1), WireSample.messageDelta("end_turn"), WireSample.stop,
        ]
        let events = streamEvents(late)
        #expect(wire.emptied(events) == nil)
        #expect(wire.finishedForLength(events, contentEvents: 1)?.count == 5)
    }

    @Test("empty a stream to its start, its end and the terminator")
    func emptied() throws {
        let frames = [
            WireSample.start, WireSample.blockStart(0, #"{"type":"text","text":""}"#),
            WireSample.text(0, "Hi"), WireSample.blockStop(0),
            WireSample.messageDelta("max_tokens"),
            WireSample.stop,
        ]
        let edited = try #require(wire.emptied(streamEvents(frames)))
        let delta =
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"#
            + #""usage":{"output_tokens":2}}"#
        let expected = [
            WireSample.start, WireSample.frame("message_delta", delta), WireSample.stop,
        ]
        #expect(StreamEvent.bytes(of: edited) == streamBytes(expected))
    }

    @Test("send the provider's answer to overload and to too many requests")
    func errors() {
        let overloaded = wire.errorAnswer(
            .overloaded, status: 529, model: "m", retryAfterMilliseconds: nil)
        #expect(overloaded.status == 529)
        #expect(overloaded.headers.first("x-should-retry") == "true")
        #expect(!overloaded.headers.contains("retry-after"))
        #expect(
            overloaded.body
                == Array(
                    (#"{"type":"error","error":{"details":null,"type":"overloaded_error","#
                        + #""message":"#
                        + #""Overloaded"},"request_id":"req_000000000000000000000000"}"#).utf8))
        let limited = wire.errorAnswer(
            .rateLimit, status: 429, model: "m", retryAfterMilliseconds: 1500)
        #expect(limited.headers.first("retry-after") == "2")
        #expect(limited.headers.first("retry-after-ms") == "1500")
        #expect(limited.headers.first("anthropic-ratelimit-requests-remaining") == "0")
        let start = #"{"type":"error","error":{"type":"rate_limit_error","message":"This request "#
        #expect(limited.body.starts(with: start.utf8))
        let event =
            #"event: error"# + "\n"
            + #"data: {"type":"error","error":{"details":null,"type":"overloaded_error","message":"#
            + #""Overloaded"}}"# + "\n\n"
        #expect(wire.errorEvent(.overloaded, framing: .sse)?.bytes == Array(event.utf8))
    }

    private static let refused =
        #""stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal"}"#
    private static func ended(_ reason: String) -> String {
        #""stop_reason":"\#(reason)","stop_sequence":null,"stop_details":null"#
    }

    @Test("say nothing of a refusal once they end for another reason")
    func refusalDetails() throws {
        func frames(_ end: String) -> [String] {
            [
                WireSample.start, WireSample.blockStart(0, #"{"type":"text","text":""}"#),
                WireSample.text(0, "I"), WireSample.blockStop(0),
                WireSample.frame(
                    "message_delta",
                    #"{"type":"message_delta","delta":{\#(end)},"usage":{"output_tokens":2}}"#),
                WireSample.stop,
            ]
        }
        let events = streamEvents(frames(Self.refused))
        #expect(
            wire.finishedForLength(events, contentEvents: 1)
                == streamEvents(frames(Self.ended("max_tokens"))))
        let empty = frames(Self.ended("end_turn"))
        #expect(wire.emptied(events) == streamEvents([empty[0]] + empty[4...]))
        func answer(_ blocks: String, _ end: String) throws -> JSONValue {
            try JSONValue.parse(
                text: #"{"content":[\#(blocks)],\#(end),"usage":{"output_tokens":2}}"#)
        }
        let text = #"{"type":"text","text":"I"}"#
        let document = try answer(text, Self.refused)
        #expect(
            try wire.finishedForLength(document, characters: 1)
                == answer(text, Self.ended("max_tokens")))
        #expect(try wire.emptied(document) == answer("", Self.ended("end_turn")))
    }
}
