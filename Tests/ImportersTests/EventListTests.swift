import Cassette
import Determinism
import Testing
import WireProtocols

@testable import Importers

@Suite("Lists of events") struct EventListTests {
    @Test(
        "are told by what they say, framed as their provider does, and detected again",
        arguments: [
            (#"{"type":"message_start","message":{"model":"m"}}"#, "anthropic-messages", "event: "),
            (
                #"{"choices":[],"object":"chat.completion.chunk","model":"m"}"#, "openai-chat",
                "data"
            ),
            (#"{"type":"response.created","response":{"model":"m"}}"#, "openai-responses", "event"),
            (#"{"candidates":[],"modelVersion":"m"}"#, "gemini", "data: "),
            (#"{"type":"message-start","id":"a"}"#, "cohere-chat", "event: message-start"),
        ])
    func forms(_ line: String, _ wire: String, _ start: String) throws {
        let result = try imported([("list.chunks.txt", line + "\n" + line + "\n")])
        let row = try #require(result.report.providers.first)
        #expect(row.wire == wire)
        #expect(row.streamed == 1)
        #expect(row.events == (wire == "openai-chat" ? 3 : 2))
        #expect(row.changedStreams == 0)
        let interaction = try #require(result.interactions.first)
        let (question, answer) = (text(interaction.request.body), text(interaction.response?.body))
        #expect(question.contains("\"list\""))
        #expect(answer.hasPrefix(start))
        #expect(result.manifest.fidelity.contains("request-made-up"))
    }

    @Test("of Bedrock become binary messages with true checksums")
    func bedrock() throws {
        let result = try imported([
            (
                "b.txt",
                """
                {"messageStart":{"role":"assistant"}}
                {"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"Hi"}}}
                """
            )
        ])
        let row = try #require(result.report.providers.first)
        #expect(row.wire == "bedrock-converse")
        #expect(row.events == 2)
        #expect(row.brokenEvents == 0)
        let events = StreamFraming.awsEventStream.events(
            of: result.interactions.first?.response?.body ?? [])
        #expect(events.map(\.name) == ["messageStart", "contentBlockDelta"])
    }

    @Test("may be streams of server-sent events as they are, byte for byte")
    func raw() throws {
        let stream = ": hi\r\n\r\ndata: {\"choices\":[]}\r\n\r\ndata: [DONE]\r\n\r\ndata: cut"
        let result = try imported([("raw.sse", stream)])
        #expect(text(result.interactions.first?.response?.body) == stream)
        #expect(result.interactions.first?.response?.chunks.count == 4)
        #expect(result.report.providers.first?.brokenEvents == 1)
        #expect(result.report.fidelity.first?.count(.response, .recorded) == 1)
    }

    @Test("keep a broken line as it is, wherever it stands")
    func broken() throws {
        let good = #"{"choices":[{"delta":{"content":"a"}}]}"#
        for lines in [[good, "{\"choices\":[", good], ["{\"choices\":", good, good]] {
            let result = try imported([("a.txt", lines.joined(separator: "\n"))])
            let body = text(result.interactions.first?.response?.body)
            #expect(body == (lines + ["[DONE]"]).map { "data: \($0)\n\n" }.joined())
        }
    }

    @Test(
        "of a WebSocket, and lines of anything else, are refused with the reason",
        arguments: [
            (#"{"type":"session.created"}"#, ImportError.Code.notHTTP),
            (#"{"setupComplete":{}}"#, .notHTTP),
            (#"{"level":"info","text":"x"}"#, .unknownFormat),
            (#"{"metadata":{"a":1},"text":"x"}"#, .unknownFormat),
        ])
    func refused(_ line: String, _ code: ImportError.Code) {
        let reading = read(line + "\n" + line)
        #expect(reading.exchanges.isEmpty)
        #expect(reading.refusals.map(\.code) == [code])
    }
}
