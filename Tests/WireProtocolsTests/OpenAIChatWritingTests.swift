import Determinism
import Testing
import WireProtocols

@Suite("Answers of chat completions written from their content")
struct OpenAIChatWritingTests {
    let wire = OpenAIChat()

    private let textFrames = [
        WireSample.chunk(#"{"role":"assistant","content":"","refusal":null}"#),
        WireSample.chunk(#"{"content":"Hello"}"#), WireSample.chunk(#"{"content":", you."}"#),
        WireSample.chunk("{}", finish: "stop"), "data: [DONE]",
    ]

    private let callFrames = [
        WireSample.chunk(#"{"role":"assistant","content":"So."}"#),
        WireSample.opening(0, "call_a", "find"), WireSample.piece(0, #"{\"q\":"#),
        WireSample.piece(0, #"1}"#), WireSample.chunk("{}", finish: "tool_calls"), "data: [DONE]",
    ]

    private func written(
        _ frames: [String], _ change: (inout AnswerContent) -> Void
    ) throws -> [StreamEvent]? {
        let events = streamEvents(frames)
        var content = try #require(wire.content(of: events))
        change(&content)
        return wire.rewritten(events, saying: content)
    }

    @Test("keep the pieces with which the new text begins")
    func text() throws {
        let events = try written(textFrames) { $0.parts = [.text("Hello\n🌤️")] }
        let expected =
            textFrames[..<2] + [WireSample.chunk(#"{"content":"\n🌤️"}"#)] + textFrames[3...]
        #expect(events == streamEvents(Array(expected)))
    }

    @Test("name the role once where the text that came with it goes")
    func role() throws {
        let events = try written(callFrames) { $0.parts.removeFirst() }
        let expected =
            [WireSample.chunk(#"{"role":"assistant","content":""}"#)] + callFrames[1...]
        #expect(events == streamEvents(Array(expected)))
    }

    @Test("keep the pieces with which broken arguments begin")
    func arguments() throws {
        let events = try written(callFrames) {
            $0.parts[1] = .call(AnswerCall(id: "call_a", name: "find", arguments: #"{"q":["#))
        }
        let expected = callFrames[..<3] + [WireSample.piece(0, "[")] + callFrames[4...]
        #expect(events == streamEvents(Array(expected)))
    }

    @Test("send a new call as the recorded ones, under the next index")
    func addedCall() throws {
        let events = try written(callFrames) {
            $0.parts.append(.call(AnswerCall(id: "call_a", name: "", arguments: "x")))
        }
        let added = [WireSample.opening(1, "call_a", ""), WireSample.piece(1, "x")]
        #expect(events == streamEvents(callFrames[..<4] + added + callFrames[4...]))
    }

    @Test("may lack an identifier and arguments")
    func absent() throws {
        let events = try written(callFrames) {
            $0.parts[1] = .call(AnswerCall(id: nil, name: "find", arguments: nil))
        }
        let call = WireSample.chunk(
            #"{"tool_calls":[{"index":0,"type":"function","function":{"name":"find"}}]}"#)
        #expect(events == streamEvents([callFrames[0], call] + callFrames[4...]))
    }

    @Test("end for any reason that has a word, and name any model")
    func ending() throws {
        let events = try written(textFrames) {
            ($0.finish, $0.model) = (.other("odd"), "x")
        }
        let renamed = textFrames.map {
            $0.replacing(#""model":"m""#, with: #""model":"x""#)
                .replacing(#""finish_reason":"stop""#, with: #""finish_reason":"odd""#)
        }
        #expect(events == streamEvents(renamed))
        for finish in [AnswerFinish.pause, .refusal, .recitation, .malformedCall, .contextFull] {
            #expect(try written(textFrames) { $0.finish = finish } == nil)
        }
    }

    @Test("keep reasoning as it is, or lose it whole")
    func reasoning() throws {
        let thoughts = [
            WireSample.chunk(#"{"role":"assistant","content":null,"reasoning_content":"Hm"}"#),
            WireSample.chunk(#"{"reasoning_content":"m."}"#),
        ]
        let frames = thoughts + textFrames[1...]
        let kept = try written(frames) { $0.parts[1] = .text("Hello!") }
        let text = [textFrames[1], WireSample.chunk(#"{"content":"!"}"#)]
        #expect(kept == streamEvents(thoughts + text + textFrames[3...]))
        let lost = try written(frames) { $0.parts.removeFirst() }
        let role = WireSample.chunk(#"{"role":"assistant","content":""}"#)
        #expect(lost == streamEvents([role] + textFrames[1...]))
    }

    @Test("move what stands beside the end before what follows it")
    func besideTheEnd() throws {
        let frames = [
            WireSample.chunk(#"{"role":"assistant","content":"a"}"#),
            WireSample.chunk(#"{"content":"b"}"#, finish: "stop"), "data: [DONE]",
        ]
        let events = try written(frames) { $0.parts = [.text("abc")] }
        let expected = [
            frames[0], WireSample.chunk(#"{"content":"b"}"#), WireSample.chunk(#"{"content":"c"}"#),
            WireSample.chunk("{}", finish: "stop"), "data: [DONE]",
        ]
        #expect(events == streamEvents(expected))
    }

    @Test("hold thousands of calls")
    func many() throws {
        let calls = (0..<2_000).map { number in
            AnswerPart.call(AnswerCall(id: "call_\(number % 7)", name: "n", arguments: "{}"))
        }
        let events = try #require(try written(textFrames) { $0.parts += calls })
        #expect(wire.content(of: events)?.parts.count == 2_001)
        #expect(events.count == textFrames.count + 4_000)
    }

    @Test("of Mistral have new calls at once")
    func mistral() throws {
        let events = streamEvents(textFrames)
        var content = try #require(Mistral().content(of: events))
        content.parts.append(
            .call(AnswerCall(id: "c", name: "n", arguments: #"{"long":"0123456789abcdef"}"#)))
        let edited = try #require(Mistral().rewritten(events, saying: content))
        #expect(edited.count == events.count + 1)
        let failed = [textFrames[0], #"data: {"object":"error","message":"x"}"#, "data: [DONE]"]
        #expect(Mistral().content(of: streamEvents(failed)) == nil)
    }

    private let document = #"""
        {"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi",\#
        "refusal":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f",\#
        "arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"total_tokens":3}}
        """#

    @Test("of one document change in their places")
    func documents() throws {
        let answer = try JSONValue.parse(text: document)
        var content = try #require(wire.content(of: answer))
        #expect(wire.rewritten(answer, saying: content) == answer)
        content.parts = [.call(AnswerCall(id: "b", name: "g", arguments: "{"))]
        content.finish = .length
        #expect(
            wire.rewritten(answer, saying: content)?.encodedText()
                == document.replacing(#""Hi""#, with: "null")
                .replacing(#""id":"a""#, with: #""id":"b""#)
                .replacing(#""name":"f""#, with: #""name":"g""#)
                .replacing(#""{}""#, with: #""{""#)
                .replacing(#"reason":"tool_calls""#, with: #"reason":"length""#))
        content.parts = []
        let empty = try #require(wire.rewritten(answer, saying: content))
        #expect(empty["choices"]?[0]?["message"]?["content"] == "")
        #expect(empty["choices"]?[0]?["message"]?["tool_calls"] == nil)
        #expect(empty["usage"] == answer["usage"])
    }

    @Test("of one document have one text and one refusal, beside no other content")
    func doubledMembers() throws {
        let answer = try JSONValue.parse(text: document)
        var content = try #require(wire.content(of: answer))
        let call = content.parts[1]
        for part in [AnswerPart.text("Hi"), .refusal("No.")] {
            content.parts = [part, part]
            #expect(wire.rewritten(answer, saying: content) == nil)
            content.parts = [part, call, part]
            #expect(wire.rewritten(answer, saying: content) == nil)
        }
        let odd = try JSONValue.parse(text: document.replacing(#""Hi""#, with: #"{"a":"b"}"#))
        content.parts = [.kept(0), .text("Hi"), call]
        #expect(wire.rewritten(odd, saying: content) == nil)
        content.parts = [.kept(0), call, call]
        #expect(wire.rewritten(odd, saying: content) != nil)
    }

    @Test("count calls as a client does, however high their index")
    func highestIndex() throws {
        let highest = Int.max
        let events = streamEvents([
            WireSample.opening(highest, "call_a", "first"),
            WireSample.chunk(#"{"tool_calls":[{"id":"call_b","function":{"name":"second"}}]}"#),
            WireSample.chunk("{}", finish: "tool_calls"), "data: [DONE]",
        ])
        let content = try #require(wire.content(of: events))
        #expect(content.calls.map(\.name) == ["first", "second"])
        #expect(wire.summary(of: events).toolCalls.map(\.name) == ["first", "second"])
    }

    @Test("of several choices are none")
    func choices() throws {
        let other = #"data: {"choices":[{"index":1,"delta":{"content":"x"}}]}"#
        #expect(wire.content(of: streamEvents([textFrames[1], other, "data: [DONE]"])) == nil)
        var answer = try JSONValue.parse(text: document)
        let choice = try #require(answer["choices"]?[0])
        answer["choices"] = [choice, choice]
        #expect(wire.content(of: answer) == nil)
    }
}
