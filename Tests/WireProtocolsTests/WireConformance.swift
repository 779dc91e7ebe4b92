import Determinism
import Testing
import WireProtocols

/// What every protocol must do with every whole stream of its own; one call a rule.
struct WireConformance {
    let sample: WireSample
    var wire: any WireProtocol { sample.wire }
    var events: [SSEEvent] { SSE.events(of: sample.stream) }

    func keepsEveryByte() {
        #expect(SSE.bytes(of: events) == sample.stream)
    }

    func doesNotDependOnSplits() throws {
        let single = try Splits.events(of: sample.stream.map { [$0] })
        #expect(single == events)
        for seed in UInt64(1)...20 {
            let pieces = Splits.pieces(of: sample.stream, seed: seed)
            #expect(try Splits.events(of: pieces) == events, "seed \(seed)")
        }
    }

    func endsOnce() {
        #expect(events.count { wire.role(of: $0) == .terminator } == 1)
    }

    func saysWhatIsExpected() {
        #expect(wire.summary(of: sample.stream, streamed: true) == sample.expected)
        #expect(events.count { wire.role(of: $0).isContent } == sample.contentEvents)
    }

    func survivesEveryTruncation() throws {
        let terminator = try #require(events.firstIndex { wire.role(of: $0) == .terminator })
        let end = SSE.bytes(of: Array(events[...terminator])).count
        // The carriage return of a blank line ends it; the line feed only belongs to it.
        let isPair = sample.stream[..<end].suffix(2) == SSELineEnding.crlf.bytes[...]
        for length in 0...sample.stream.count {
            let cut = Array(sample.stream.prefix(length))
            let isWhole = length >= (isPair ? end - 1 : end)
            #expect(wire.summary(of: cut, streamed: true).terminated == isWhole, "\(length) bytes")
            #expect(SSE.bytes(of: SSE.events(of: cut)) == cut)
        }
    }

    func finishesForLength() throws {
        for count in 0...sample.contentEvents {
            let result = wire.finishedForLength(events, contentEvents: count)
            if count == sample.contentEvents, sample.expected.finishReason == sample.words.length {
                #expect(result == nil)
                continue
            }
            let edited = try #require(result)
            let summary = try decodedAgain(edited, editedMax: 2)
            #expect(summary.finishReason == sample.words.length)
            #expect(summary.terminated)
            #expect(sample.expected.text.hasPrefix(summary.text))
            #expect(edited.count { wire.role(of: $0).isContent } == count)
        }
        #expect(wire.finishedForLength(events, contentEvents: sample.contentEvents + 1) == nil)
        #expect(wire.finishedForLength(events, contentEvents: -1) == nil)
    }

    func empties() throws {
        let result = wire.emptied(events)
        guard sample.contentEvents > 0 else {
            #expect(result == nil)
            return
        }
        let summary = try decodedAgain(try #require(result), editedMax: 2)
        #expect(summary == AnswerSummary(finishReason: sample.words.normal, terminated: true))
    }

    func truncatesArguments() throws {
        for members in 0..<sample.members {
            let result = try #require(wire.toolArgumentsTruncated(events, members: members))
            var summary = try decodedAgain(result, editedMax: 1)
            let whole = try #require(sample.expected.toolCalls.last)
            let arguments = try #require(summary.toolCalls.last?.arguments)
            #expect(whole.arguments.hasPrefix(arguments))
            // A lenient parser closes the object and sees a valid one with fewer members.
            let closed = try JSONValue.parse(text: arguments + "}").objectValue
            let full = try JSONValue.parse(text: whole.arguments).objectValue
            #expect(closed == full.map { Array($0.prefix(members)) })
            summary.toolCalls[summary.toolCalls.count - 1] = whole
            #expect(summary == sample.expected)
        }
        #expect(wire.toolArgumentsTruncated(events, members: sample.members) == nil)
        #expect(wire.toolArgumentsTruncated(events, members: -1) == nil)
    }

    func leavesCutStreamsAlone() throws {
        let terminator = try #require(events.firstIndex { wire.role(of: $0) == .terminator })
        let cut = Array(events[..<terminator])
        #expect(wire.finishedForLength(cut, contentEvents: 0) == nil)
        #expect(wire.emptied(cut) == nil)
        #expect(wire.toolArgumentsTruncated(cut, members: 0) == nil)
    }

    func reportsErrorsInside() {
        for error in ProviderError.allCases {
            let event = wire.errorEvent(error)
            #expect(wire.role(of: event) == .error)
            #expect(SSE.events(of: event.bytes) == [event])
            let broken = Array(events.prefix(1)) + [event] + events.dropFirst()
            let summary = wire.summary(of: SSE.bytes(of: broken), streamed: true)
            #expect(!summary.terminated, "an agent sees nothing behind \(error)")
        }
    }

    /// Checks that an edited stream decodes to itself and that all but a few frames are untouched
    /// and in order; gives its summary.
    private func decodedAgain(_ edited: [SSEEvent], editedMax: Int) throws -> AnswerSummary {
        let bytes = SSE.bytes(of: edited)
        #expect(SSE.events(of: bytes) == edited)
        #expect(edited.count { wire.role(of: $0) == .terminator } == 1)
        var rest = events[...]
        var changed = 0
        for event in edited {
            if let place = rest.firstIndex(of: event) {
                rest = rest[(place + 1)...]
            } else {
                changed += 1
            }
        }
        #expect(changed <= editedMax)
        return wire.summary(of: bytes, streamed: true)
    }
}

@Suite("Every wire protocol")
struct WireConformanceTests {
    @Test("keeps every byte, however it is split", arguments: WireSample.all)
    func bytes(_ sample: WireSample) throws {
        WireConformance(sample: sample).keepsEveryByte()
        try WireConformance(sample: sample).doesNotDependOnSplits()
    }

    @Test("says what a whole stream says and that it ends", arguments: WireSample.all)
    func meaning(_ sample: WireSample) {
        WireConformance(sample: sample).saysWhatIsExpected()
        WireConformance(sample: sample).endsOnce()
    }

    @Test("takes no truncated stream for a whole one", arguments: WireSample.all)
    func truncation(_ sample: WireSample) throws {
        try WireConformance(sample: sample).survivesEveryTruncation()
        try WireConformance(sample: sample).leavesCutStreamsAlone()
    }

    @Test("finishes for length after any content event", arguments: WireSample.all)
    func length(_ sample: WireSample) throws {
        try WireConformance(sample: sample).finishesForLength()
    }

    @Test("empties a stream", arguments: WireSample.all)
    func empty(_ sample: WireSample) throws {
        try WireConformance(sample: sample).empties()
    }

    @Test("truncates arguments between members", arguments: WireSample.all)
    func arguments(_ sample: WireSample) throws {
        try WireConformance(sample: sample).truncatesArguments()
    }

    @Test("reports errors inside a stream", arguments: WireSample.all)
    func errors(_ sample: WireSample) {
        WireConformance(sample: sample).reportsErrorsInside()
    }
}
