import Determinism
import Testing
import WireProtocols

@Suite("Answers of Ollama written from their content")
struct OllamaWritingTests {
    private func written(
        _ wire: any WireProtocol, _ lines: [String], _ change: (inout AnswerContent) -> Void
    ) throws -> [StreamEvent]? {
        let events = OllamaLines.events(lines)
        var content = try #require(wire.content(of: events))
        change(&content)
        return wire.rewritten(events, saying: content)
    }

    private let text = [
        OllamaLines.chat(#""content":"Hello""#), OllamaLines.chat(#""content":", you.""#),
        OllamaLines.chatEnd("stop"),
    ]

    @Test("keep the lines with which the new text begins")
    func texts() throws {
        let events = try written(OllamaChat(), text) {
            ($0.parts, $0.finish) = ([.text("Hello 🌤️")], .length)
        }
        let expected = [
            text[0], OllamaLines.chat(#""content":" 🌤️""#), OllamaLines.chatEnd("length"),
        ]
        #expect(events == OllamaLines.events(expected))
    }

    @Test("lose the encoding of a conversation that was another")
    func context() throws {
        let lines = [
            OllamaLines.generate(#""response":"a""#), OllamaLines.generateEnd("stop"),
        ]
        let events = try written(OllamaGenerate(), lines) { $0.parts = [.text("b")] }
        let end = OllamaLines.generateEnd("stop").replacing(#""context":[1,2,3,4],"#, with: "")
        let expected = [OllamaLines.generate(#""response":"b""#), end]
        #expect(events == OllamaLines.events(expected))
    }

    @Test("keep thinking as it is, or lose it whole")
    func thinking() throws {
        let lines = WireSample.ollamaThinkingLines
        let call = AnswerCall(id: "call_1", name: "refund", arguments: "{}")
        let events = try written(OllamaChat(), lines) { $0.parts[1] = .call(call) }
        let cut = OllamaLines.chat(
            #""content":"","tool_calls":[{"id":"call_1","function":{"index":0,"#
                + #""name":"refund","arguments":{}}}]"#)
        #expect(events == OllamaLines.events(lines[..<2] + [cut, lines[3]]))
        let lost = try written(OllamaChat(), lines) { $0.parts.removeFirst() }
        #expect(lost == OllamaLines.events(Array(lines[2...])))
    }

    @Test("send a new call in a line of its own, under the next index")
    func calls() throws {
        let lines = WireSample.ollamaThinkingLines
        let events = try written(OllamaChat(), lines) {
            $0.parts.append(.call(AnswerCall(id: "call_1", name: "x", arguments: #"{"a":1.0}"#)))
        }
        let added = OllamaLines.chat(
            #""content":"","tool_calls":[{"id":"call_1","function":{"index":1,"name":"x","#
                + #""arguments":{"a":1.0}}}]"#)
        #expect(events == OllamaLines.events(lines[..<3] + [added, lines[3]]))
    }

    @Test(
        "have no form for arguments that are no object",
        arguments: ["", "[1]", "{\"a\":", "1", "{\"a\": 1}"])
    func arguments(_ arguments: String) throws {
        let events = try written(OllamaChat(), WireSample.ollamaThinkingLines) {
            $0.parts[1] = .call(AnswerCall(id: "call_1", name: "refund", arguments: arguments))
        }
        #expect(events == nil)
    }

    @Test("have no form for what the provider has not")
    func others() throws {
        #expect(try written(OllamaChat(), text) { $0.parts = [.refusal("No.")] } == nil)
        #expect(try written(OllamaChat(), text) { $0.finish = .toolCalls } == nil)
        #expect(try written(OllamaChat(), text) { $0.finish = .other("stop") } == nil)
        let loaded = OllamaLines.events([OllamaLines.chatEnd("load")])
        #expect(OllamaChat().content(of: loaded) == nil)
    }

    @Test("of one document change in their places")
    func documents() throws {
        let line = OllamaLines.chatEnd("stop", #""content":"Hi","thinking":"Hm.""#)
        let answer = try JSONValue.parse(text: line)
        var content = try #require(OllamaChat().content(of: answer))
        #expect(content.parts == [.kept(0), .text("Hi")])
        #expect(OllamaChat().rewritten(answer, saying: content) == answer)
        content.parts = [
            .text("Ho"), .call(AnswerCall(id: "c", name: "f", arguments: "{}")),
        ]
        content.model = "other"
        let expected = OllamaLines.chatEnd(
            "stop",
            #""content":"Ho","tool_calls":[{"id":"c","function":{"index":0,"name":"f","#
                + #""arguments":{}}}]"#
        ).replacing(#""model":"m""#, with: #""model":"other""#)
        #expect(OllamaChat().rewritten(answer, saying: content)?.encodedText() == expected)
    }
}
