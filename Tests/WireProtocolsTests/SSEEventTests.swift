import Testing
import WireProtocols

@Suite("Events of a stream")
struct SSEEventTests {
    @Test(
        "read their fields by the standard",
        arguments: [
            ("data: a\n\n", nil, "a"), ("data:a\n\n", nil, "a"), ("data:  a\n\n", nil, " a"),
            ("data\n\n", nil, ""), ("data:\n\n", nil, ""),
            ("data: a\ndata:b\ndata\n\n", nil, "a\nb\n"),
            ("event: x\ndata: a\n\n", "x", "a"), ("event: x\nevent: y\n\n", "y", nil),
            ("event\ndata: a\n\n", "", "a"), (" data: a\n\n", nil, nil), ("Data: a\n\n", nil, nil),
            ("data : a\n\n", nil, nil), ("data: a:b\r\n\r\n", nil, "a:b"),
            ("data: a\rdata: b\n\r\n", nil, "a\nb"), (": note\n\n", nil, nil),
            ("data: \u{2028}\u{85}\n\n", nil, "\u{2028}\u{85}"), ("\n", nil, nil),
        ] as [(String, String?, String?)])
    func fields(_ text: String, _ event: String?, _ data: String?) throws {
        let events = sseEvents(of: Array(text.utf8))
        try #require(events.count == 1)
        #expect(events[0].event == event)
        #expect(events[0].data == data)
        #expect(events[0].isTerminated)
    }

    @Test("read identifiers, times and comments")
    func otherFields() {
        let text = ": a\n:b\nid: 1\nid: 2\0\nretry: 10\nretry: 1x\n\n"
        let event = sseEvents(of: Array(text.utf8))[0]
        #expect(event.comments == ["a", "b"])
        #expect(event.id == "1")
        #expect(event.retry == 10)
        #expect(event.data == nil)
    }

    @Test("strip a byte order mark at the start only")
    func byteOrderMark() {
        let events = sseEvents(of: Array("\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n".utf8))
        #expect(events.map(\.data) == ["a", nil])
        #expect(events[0].replacingData("c").bytes == Array("\u{FEFF}data: c\n\n".utf8))
    }

    @Test("keep bytes that are not UTF-8 and show them replaced")
    func invalidEncoding() {
        let bytes = Array("data: a".utf8) + [0xFF] + Array("b\n\n".utf8)
        let events = sseEvents(of: bytes)
        #expect(events.map(\.data) == ["a\u{FFFD}b"])
        #expect(events[0].bytes == bytes)
    }

    @Test("are not terminated where the blank line is missing")
    func unterminated() {
        let events = sseEvents(of: Array("data: a\n\ndata: b\n".utf8))
        #expect(events.map(\.isTerminated) == [true, false])
        #expect(events[1].data == "b")
    }

    @Test(
        "replace data in the style of the frame",
        arguments: [
            ("data: a\n\n", "b", "data: b\n\n"), ("data:a\r\n\r\n", "b", "data:b\r\n\r\n"),
            ("data:a\n\n", " b", "data:  b\n\n"),
            ("id: 1\rdata: a\rdata: b\r: c\r\r", "x", "id: 1\rdata: x\r: c\r\r"),
            ("event: e\r\ndata: a\r\n\r\n", "x\ny", "event: e\r\ndata: x\r\ndata: y\r\n\r\n"),
            ("data: a", "b", "data: b"), ("event: e\n\n", "b", "data: b\nevent: e\n\n"),
            ("data: a\n\n", "", "data: \n\n"), ("data: a\n\n", "x\n", "data: x\ndata: \n\n"),
        ])
    func replacing(_ frame: String, _ data: String, _ expected: String) {
        let event = sseEvents(of: Array(frame.utf8))[0].replacingData(data)
        #expect(String(decoding: event.bytes, as: UTF8.self) == expected)
        #expect(event.data == data)
    }

    @Test("are built fresh in each line ending", arguments: SSELineEnding.allCases)
    func fresh(_ ending: SSELineEnding) {
        let event = SSEEvent(event: "e", data: "a\nb", lineEnding: ending)
        #expect(sseEvents(of: event.bytes) == [event])
        #expect(event.data == "a\nb")
        #expect(event.event == "e")
    }
}

private func sseEvents(of bytes: [UInt8]) -> [SSEEvent] {
    StreamFraming.sse.events(of: bytes).compactMap { event in
        if case .sse(let event) = event { event } else { nil }
    }
}
