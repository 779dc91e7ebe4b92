import Determinism
import Testing
import WireProtocols

/// What every protocol must do with every whole stream of its own; one call a rule.
struct WireConformance {
    let sample: WireSample
    var wire: any WireProtocol { sample.wire }
    var events: [StreamEvent] { sample.events }

    func keepsEveryByte() {
        #expect(StreamEvent.bytes(of: events) == sample.stream)
    }

    func doesNotDependOnSplits() throws {
        let single = try Splits.events(of: sample.stream.map { [$0] }, sample.framing)
        #expect(single == events)
        for seed in UInt64(1)...20 {
            let pieces = Splits.pieces(of: sample.stream, seed: seed)
            #expect(try Splits.events(of: pieces, sample.framing) == events, "seed \(seed)")
        }
    }

    func endsOnce() throws {
        #expect(events.count { wire.role(of: $0) == .terminator } == sample.terminators)
        #expect(wire.finishes(events[try end()]))
    }

    /// The place of the event with which the answer is whole.
    private func end() throws -> Int {
        let place = events.indices.first {
            wire.summary(of: Array(events[...$0])).terminated
        }
        return try #require(place, "the sample is no whole stream")
    }

    func saysWhatIsExpected() {
        #expect(wire.summary(of: sample.stream, framing: sample.framing) == sample.expected)
        #expect(events.count { wire.role(of: $0).isContent } == sample.contentEvents)
    }

    func takesNoCutStreamForWhole() throws {
        let end = StreamEvent.bytes(of: Array(events[...(try end())])).count
        // The carriage return of a blank line ends it; the line feed only belongs to it. At the end
        // of the body a line of JSON needs no line feed.
        let isPair = sample.stream[..<end].suffix(2) == SSELineEnding.crlf.bytes[...]
        let needed = isPair || sample.framing == .jsonLines ? end - 1 : end
        for length in Splits.cuts(of: sample.stream.count, near: needed) {
            let cut = Array(sample.stream.prefix(length))
            let summary = wire.summary(of: cut, framing: sample.framing)
            #expect(summary.terminated == (length >= needed), "\(length) bytes")
            #expect(StreamEvent.bytes(of: sample.framing.events(of: cut)) == cut)
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
            let summary = try decodedAgain(edited, editedMax: sample.edits.length)
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
        let summary = try decodedAgain(try #require(result), editedMax: sample.edits.empty)
        #expect(summary == AnswerSummary(finishReason: sample.words.normal, terminated: true))
    }

    func truncatesArguments() throws {
        for members in 0..<sample.members {
            let result = try #require(wire.toolArgumentsTruncated(events, members: members))
            var summary = try decodedAgain(result, editedMax: sample.edits.arguments)
            let whole = try #require(sample.expected.toolCalls.last)
            let arguments = try #require(summary.toolCalls.last?.arguments)
            if !sample.argumentsAreObjects { #expect(whole.arguments.hasPrefix(arguments)) }
            // A lenient parser closes the object and sees a valid one with fewer members.
            let closed = try JSONValue.parse(
                text: sample.argumentsAreObjects ? arguments : arguments + "}"
            ).objectValue
            let full = try JSONValue.parse(text: whole.arguments).objectValue
            #expect(closed == full.map { Array($0.prefix(members)) })
            summary.toolCalls[summary.toolCalls.count - 1] = whole
            #expect(summary == sample.expected)
        }
        #expect(wire.toolArgumentsTruncated(events, members: sample.members) == nil)
        #expect(wire.toolArgumentsTruncated(events, members: -1) == nil)
    }

    func leavesCutStreamsAlone() throws {
        let cut = Array(events[..<(try end())])
        #expect(wire.finishedForLength(cut, contentEvents: 0) == nil)
        #expect(wire.emptied(cut) == nil)
        #expect(wire.toolArgumentsTruncated(cut, members: 0) == nil)
    }

    func reportsErrorsInside() throws {
        for error in ProviderError.allCases {
            let event = try #require(wire.errorEvent(error, framing: sample.framing))
            #expect(wire.role(of: event) == .error)
            #expect(sample.framing.events(of: event.bytes) == [event])
            let broken = StreamEvent.mended(
                Array(events.prefix(1)) + [event] + events.dropFirst())
            let again = sample.framing.events(of: StreamEvent.bytes(of: broken))
            #expect(again == broken)
            let summary = wire.summary(of: again)
            #expect(!summary.terminated, "an agent sees nothing behind \(error)")
        }
    }

    func takesAnyEventAway() {
        for place in events.indices where events[place].isMovable {
            var rest = events
            rest.remove(at: place)
            let mended = StreamEvent.mended(rest)
            let again = sample.framing.events(of: StreamEvent.bytes(of: mended))
            #expect(again == mended, "without event \(place)")
            // What comes between the elements of an array is all that may change.
            #expect(again.map(\.data) == rest.map(\.data))
        }
    }

    /// Checks that an edited stream decodes to itself and that all but a few frames are untouched
    /// and in order; gives its summary.
    private func decodedAgain(_ edited: [StreamEvent], editedMax: Int) throws -> AnswerSummary {
        let edited = StreamEvent.mended(edited)
        let bytes = StreamEvent.bytes(of: edited)
        #expect(sample.framing.events(of: bytes) == edited)
        // What an end said besides may be lost; the end itself never is.
        let terminators = edited.count { wire.role(of: $0) == .terminator }
        #expect((sample.terminators...1).contains(terminators))
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
        return wire.summary(of: bytes, framing: sample.framing)
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
    func meaning(_ sample: WireSample) throws {
        WireConformance(sample: sample).saysWhatIsExpected()
        try WireConformance(sample: sample).endsOnce()
    }

    @Test("takes no truncated stream for a whole one", arguments: WireSample.all)
    func truncation(_ sample: WireSample) throws {
        try WireConformance(sample: sample).takesNoCutStreamForWhole()
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
    func errors(_ sample: WireSample) throws {
        try WireConformance(sample: sample).reportsErrorsInside()
    }

    @Test("stays a stream when any one event is lost", arguments: WireSample.all)
    func losses(_ sample: WireSample) {
        WireConformance(sample: sample).takesAnyEventAway()
    }
}
