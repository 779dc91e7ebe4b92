import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Faults of the form of a stream")
struct StreamFormFaultTests {
    let recorded = Sample.plain(
        ["event: a\ndata: {\"t\":\"x\",\"u\":[1,2]}\n\n", "data: [DONE]\n\n"],
        type: "text/event-stream")

    struct Row: Sendable, CustomTestStringConvertible {
        let fault: String
        let given: [JSONMember]
        let text: String

        init(_ fault: String, _ text: String) {
            self.init(fault, [], text)
        }

        init(_ fault: String, _ given: [JSONMember], _ text: String) {
            self.fault = fault
            self.given = given
            self.text = text
        }

        var testDescription: String { "\(fault) \(given.map { $0.value.encodedText() })" }
    }

    static let json = #"{"t":"x","u":[1,2]}"#

    static let rows: [Row] = [
        Row(
            "newline-crlf", "event: a\r\ndata: \(json)\r\n\r\ndata: [DONE]\r\n\r\n"),
        Row(
            "newline-crlf", [JSONMember("variant", "newline-cr")],
            "event: a\rdata: \(json)\r\rdata: [DONE]\r\r"),
        // A line feed right behind the carriage return would not be a blank line.
        Row(
            "newline-crlf", [JSONMember("variant", "newline-mixed")],
            "event: a\ndata: \(json)\r\n\rdata: [DONE]\n\r\n"),
        Row("sse-bom", "\u{FEFF}event: a\ndata: \(json)\n\ndata: [DONE]\n\n"),
        Row("sse-no-space", "event:a\ndata:\(json)\n\ndata:[DONE]\n\n"),
        Row(
            "sse-multiline-data",
            "event: a\ndata: {\ndata: \"t\":\"x\",\ndata: \"u\":[\ndata: 1,\ndata: 2]}\n\n"
                + "data: [DONE]\n\n"),
        Row(
            "sse-comment-keepalive",
            ": ping\n\nevent: a\ndata: \(json)\n\n: ping\n\ndata: [DONE]\n\n"),
        Row(
            "sse-comment-keepalive",
            [JSONMember("period_events", 2), JSONMember("text", "OPENROUTER PROCESSING")],
            ": OPENROUTER PROCESSING\n\nevent: a\ndata: \(json)\n\ndata: [DONE]\n\n"),
        Row(
            "sse-comment-blank-after-id", [JSONMember("at", 1)],
            "id: 1\nevent: a\ndata: \(json)\n\n: ping\n\ndata: [DONE]\n\n"),
        Row(
            "sse-data-keepalive", [JSONMember("at", 2)],
            "event: a\ndata: \(json)\n\ndata: : keepalive\n\ndata: [DONE]\n\n"),
        Row(
            "sse-data-keepalive", [JSONMember("at", 1), JSONMember("text", "")],
            "data: \n\nevent: a\ndata: \(json)\n\ndata: [DONE]\n\n"),
        Row(
            "invalid-json-chunk", [JSONMember("at", 1)],
            "event: a\ndata: {\"t\":\"x\",\n\ndata: [DONE]\n\n"),
        Row(
            "invalid-json-chunk",
            [JSONMember("at", 1), JSONMember("variant", "trailing-comma")],
            "event: a\ndata: {\"t\":\"x\",\"u\":[1,2],}\n\ndata: [DONE]\n\n"),
        Row(
            "invalid-json-chunk", [JSONMember("at", 1), JSONMember("variant", "two-objects")],
            "event: a\ndata: \(json)\(json)\n\ndata: [DONE]\n\n"),
        Row(
            "garbage-bytes",
            [
                JSONMember("at", 2), JSONMember("bytes", "nul"), JSONMember("count_bytes", 2),
                JSONMember("pattern", 0),
            ], "event: a\ndata: \(json)\n\n\0\0\ndata: [DONE]\n\n"),
    ]

    @Test("exactly these bytes are sent, also by a tool", arguments: rows)
    func table(row: Row) {
        for context in [Sample.model, Sample.tool()] {
            let (delivery, outcome) = apply(row.fault, row.given, to: recorded, in: context)
            #expect(outcome == .fired)
            #expect(delivery.text == row.text)
            #expect(delivery.head?.framing == .length(row.text.utf8.count))
        }
    }

    @Test(
        "what has the form already, or is no such stream, is left alone",
        arguments: ["newline-crlf", "sse-bom", "sse-no-space", "sse-multiline-data"])
    func inapplicable(id: String) {
        let (once, _) = apply(id, to: recorded)
        var merged = once
        merged.body = [Chunk(at: .milliseconds(90), bytes: once.bodyBytes)]
        #expect(id == "sse-multiline-data" || apply(id, to: merged).outcome != .fired)
        #expect(apply(id, to: Sample.plain(["{}"])).outcome != .fired)
        let lines = Sample.plain(["{\"a\":1}\n"], type: "application/x-ndjson")
        #expect(
            apply(id, to: lines).outcome
                == .inapplicable("the stream is not framed as server-sent events"))
    }

    @Test("a comment that finds no place between the events is no change")
    func noFreePlace() {
        // Nothing can come before a byte order mark, and all events are in one chunk.
        var marked = apply("sse-bom", to: recorded).delivery
        marked.body = [Chunk(at: .milliseconds(90), bytes: marked.bodyBytes)]
        let (delivery, outcome) = apply(
            "sse-comment-keepalive", [JSONMember("period_events", 1_000)], to: marked)
        #expect(outcome == .inapplicable("the answer is already what the fault would make of it"))
        #expect(delivery == marked)
    }

    @Test("the events say the same in every form that the standard allows")
    func sameEvents() {
        let before = StreamFraming.sse.events(of: recorded.bodyBytes).map(\.data)
        for (id, given) in [
            ("newline-crlf", [JSONMember("variant", "newline-crlf")]),
            ("newline-crlf", [JSONMember("variant", "newline-cr")]),
            ("newline-crlf", [JSONMember("variant", "newline-mixed")]), ("sse-bom", []),
            ("sse-no-space", []),
        ] {
            let (after, _) = apply(id, given, to: recorded)
            #expect(StreamFraming.sse.events(of: after.bodyBytes).map(\.data) == before)
        }
    }

    @Test(
        "a chunk ends where the variant says",
        arguments: [
            ("chunk-split-json", ["data: {", "\"a\":1}\n\n"]),
            ("chunk-split-sse-field", ["da", "ta: {\"a\":1}\n\n"]),
            ("chunk-split-crlf", ["data: {\"a\":1}\n", "\n"]),
            ("chunk-split-bytes", "data: {\"a\":1}\n\n".map { String($0) }),
        ])
    func cuts(variant: String, chunks: [String]) {
        let whole = Sample.plain(["data: {\"a\":1}\n\n"], type: "text/event-stream")
        for at in [0, 1] {
            let given = [
                JSONMember("at", .int(Int64(at))), JSONMember("variant", .string(variant)),
            ]
            let (delivery, outcome) = apply("chunk-split-json", given, to: whole)
            #expect(outcome == .fired)
            #expect(delivery.texts == chunks)
            #expect(delivery.body.allSatisfy { $0.at == .milliseconds(10) })
        }
    }

    @Test("a body is cut in so many places at most", arguments: [100_000, 100_001])
    func cutsMax(cuts: Int) {
        let data = "data: " + String(repeating: "a", count: cuts - 7) + "\n\n"
        let whole = Sample.plain([data], type: "text/event-stream")
        let (delivery, outcome) = apply(
            "chunk-split-json",
            [JSONMember("at", 0), JSONMember("variant", "chunk-split-bytes")], to: whole)
        guard cuts > 100_000 else {
            #expect(outcome == .fired)
            #expect(delivery.body.count == cuts + 1)
            return
        }
        #expect(outcome == .inapplicable("the body would be cut in more than 100000 places"))
        #expect(delivery == whole)
    }

    @Test("a binary message is damaged in one place, the others stay")
    func binary() throws {
        let sample = try #require(StreamSample.named("converse"))
        for damage in ["eventstream-crc", "eventstream-len", "eventstream-unknown-header"] {
            let given = [JSONMember("at", 2), JSONMember("variant", .string(damage))]
            let (delivery, outcome) = apply(
                "eventstream-crc", given, to: sample.delivery, in: sample.context)
            #expect(outcome == .fired)
            let events = StreamFraming.awsEventStream.events(of: delivery.bodyBytes)
            #expect(events.count == (damage == "eventstream-len" ? 2 : sample.frames.count))
            #expect(events[0].bytes == sample.frames[0])
            #expect(!events[1].isTerminated)
            #expect(damage == "eventstream-len" || events[2].bytes == sample.frames[2])
        }
    }

    @Test("a content type is swapped, and the body stays")
    func contentType() {
        let (delivery, _) = apply("wrong-content-type", to: recorded)
        #expect(delivery.head?.headers.first("content-type") == "application/json")
        #expect(delivery.body == recorded.body)
        let (document, _) = apply("wrong-content-type", to: Sample.plain(["{}"]))
        #expect(document.head?.headers.first("content-type") == "text/event-stream")
        let given = [JSONMember("type", "text/event-stream")]
        #expect(apply("wrong-content-type", given, to: recorded).outcome != .fired)
    }
}
