import Determinism
import Testing
import WireProtocols

@Suite("Gemini answers, written from their content")
struct GeminiWritingTests {
    let wire = Gemini()

    private static func more(_ part: String, _ reason: String? = nil) -> String {
        let finish = reason.map { #","finishReason":"\#($0)""# } ?? ""
        let parts = part.isEmpty ? #"{"role":"model"}"# : #"{"parts":[\#(part)],"role":"model"}"#
        return #"{"candidates":[{"content":\#(parts)\#(finish),"index":0}]}"#
    }

    @Test(
        "keep the chunks of a common prefix, and send the rest in pieces before the end",
        arguments: [StreamFraming.sse, .jsonArray])
    func text(_ framing: StreamFraming) throws {
        let chunks = [Self.more(#"{"text":"Hello"}"#), Self.more(#"{"text":" world"}"#, "STOP")]
        let events = GeminiSample.events(chunks, framing)
        var said = try #require(wire.content(of: events))
        #expect(said == AnswerContent(parts: [.text("Hello world")], finish: .stop, model: nil))
        said.parts = [.text("Hello there, this is long.")]
        said.finish = .recitation
        let expected = [
            chunks[0], Self.more(#"{"text":" there, this is "}"#), Self.more(#"{"text":"long."}"#),
            Self.more("", "RECITATION"),
        ]
        let written = try #require(wire.rewritten(events, saying: said))
        #expect(written.map(\.data) == GeminiSample.events(expected, framing).map(\.data))
        #expect(framing.events(of: StreamEvent.bytes(of: written)) == written)
        #expect(written[0] == events[0])
    }

    @Test("keep the signature of a call, whose arguments are an object")
    func calls() throws {
        let part = #"{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"CiQ="}"#
        let events = GeminiSample.events([Self.more(part), Self.more("", "STOP")])
        var said = try #require(wire.content(of: events))
        let call = AnswerCall(id: nil, name: "f", arguments: #"{"a":1}"#)
        #expect(said.parts == [.call(call)])
        said.parts = [
            .call(AnswerCall(id: "1", name: "g", arguments: "{}")), .call(call),
        ]
        let expected = [
            Self.more(#"{"functionCall":{"name":"g","id":"1","args":{}}}"#), Self.more(part),
            Self.more("", "STOP"),
        ]
        let written = wire.rewritten(events, saying: said)
        #expect(written?.map(\.data) == GeminiSample.events(expected).map(\.data))
        said.parts = [.call(AnswerCall(id: nil, name: "h", arguments: #"{"b":2}"#))]
        let edited = part.replacing(#""f""#, with: #""h""#).replacing(#""a":1"#, with: #""b":2"#)
        #expect(
            wire.rewritten(events, saying: said)
                == GeminiSample.events([Self.more(edited), Self.more("", "STOP")]))
        for arguments in [nil, "", "[1]", #"{"a":"#] {
            said.parts = [.call(AnswerCall(id: nil, name: "f", arguments: arguments))]
            #expect(wire.rewritten(events, saying: said) == nil)
        }
    }

    @Test("keep the pieces of streamed arguments unless they say others")
    func streamed() throws {
        let events = GeminiSample.events(GeminiSample.streamedChunks)
        var said = try #require(wire.content(of: events))
        guard case .call(var call)? = said.parts.first else {
            Issue.record("the sample is a call")
            return
        }
        call.name = "buy"
        said.parts = [.call(call)]
        let renamed = try #require(wire.rewritten(events, saying: said))
        #expect(renamed.dropFirst() == events.dropFirst())
        call.arguments = #"{"city":"Bonn"}"#
        said.parts = [.call(call)]
        let whole = try #require(wire.rewritten(events, saying: said))
        #expect(whole.count == 2)
        #expect(wire.summary(of: whole).toolCalls.map(\.arguments) == [#"{"city":"Bonn"}"#])
    }

    @Test("have no form for texts that nothing keeps apart, unless they are documents")
    func neighbours() throws {
        let chunk = Self.more(#"{"text":"a"}"#, "STOP")
        let said = AnswerContent(parts: [.text("b"), .text("c")], finish: .length, model: nil)
        #expect(wire.rewritten(GeminiSample.events([chunk]), saying: said) == nil)
        let expected = Self.more(#"{"text":"b"},{"text":"c"}"#, "MAX_TOKENS")
        #expect(
            try wire.rewritten(JSONValue.parse(text: chunk), saying: said)
                == JSONValue.parse(text: expected))
    }

    @Test("are none where one part is a text and a call")
    func mixedPart() throws {
        let part = #"{"text":"a","functionCall":{"name":"f","args":{}}}"#
        let chunk = Self.more(part, "STOP")
        let answer = try JSONValue.parse(text: chunk)
        let events = GeminiSample.events([chunk])
        for summary in [wire.summary(of: answer), wire.summary(of: events)] {
            #expect(summary.text == "a")
            #expect(summary.toolCalls.count == 1)
        }
        #expect(wire.content(of: answer) == nil)
        #expect(wire.content(of: events) == nil)
        let apart = chunk.replacing(#","functionCall""#, with: #"},{"functionCall""#)
        #expect(wire.content(of: GeminiSample.events([apart]))?.parts.count == 2)
    }
}
