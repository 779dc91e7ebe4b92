import Cassette
import Determinism
import Faults
import Testing

@Suite("Stream faults")
struct StreamFaultTests {
    let recorded = Sample.stream("<ABC>.")

    struct Row: Sendable, CustomTestStringConvertible {
        let fault: String
        let given: [JSONMember]
        let letters: String
        let instants: [Int64]

        init(_ fault: String, _ given: [JSONMember], _ letters: String, _ instants: [Int64]) {
            self.fault = fault
            self.given = given
            self.letters = letters
            self.instants = instants
        }

        var testDescription: String { "\(fault) gives \(letters)" }
    }

    static let rows: [Row] = [
        Row("stream-truncated-no-terminator", [JSONMember("at", 1)], "<", [10]),
        Row("stream-truncated-no-terminator", [JSONMember("at", 3)], "<AB", [10, 20, 30]),
        Row("stream-truncated-no-terminator", [JSONMember("at", 4)], "<ABC", [10, 20, 30, 40]),
        Row("error-event-mid", [JSONMember("at", 1)], "<A!", [10, 20, 20]),
        Row("error-event-mid", [JSONMember("at", 3)], "<ABC!", [10, 20, 30, 40, 40]),
        Row(
            "duplicate-chunk", [JSONMember("at", 2)], "<ABBC>.", [10, 20, 30, 30, 40, 50, 60]),
        Row(
            "duplicate-chunk", [JSONMember("at", 1), JSONMember("copies", 2)], "<AAABC>.",
            [10, 20, 20, 20, 30, 40, 50, 60]),
        Row("reorder-chunks", [JSONMember("first", 1)], "<BAC>.", [10, 20, 30, 40, 50, 60]),
        Row(
            "reorder-chunks", [JSONMember("first", 3), JSONMember("second", 1)], "<CBA>.",
            [10, 20, 30, 40, 50, 60]),
        Row("drop-chunk", [JSONMember("at", 1)], "<BC>.", [10, 30, 40, 50, 60]),
        Row("drop-chunk", [JSONMember("at", 3)], "<AB>.", [10, 20, 30, 50, 60]),
    ]

    @Test("each fault gives exactly these events at these instants", arguments: rows)
    func table(row: Row) {
        let (delivery, outcome) = apply(row.fault, row.given, to: recorded)
        #expect(outcome == .fired)
        #expect(delivery.texts == chunks(row.letters))
        #expect(delivery.milliseconds == row.instants)
        #expect(delivery.head == recorded.head)
        #expect(delivery.ending == .complete)
    }

    @Test("a cut stream ends properly, right after its last event")
    func cutEnds() {
        let (cut, _) = apply(
            "stream-truncated-no-terminator", [JSONMember("at", 2)],
            to: Sample.stream("<AB>.", ending: .reset))
        #expect(cut.ending == .complete)
        #expect(cut.endAt == .milliseconds(20))
    }

    @Test("places are drawn among the events that a fault can hit")
    func draws() {
        #expect(drawnRange("stream-truncated-no-terminator", "at", recorded) == 1...3)
        #expect(drawnRange("error-event-mid", "at", recorded) == 1...3)
        #expect(drawnRange("duplicate-chunk", "at", recorded) == 1...3)
        #expect(drawnRange("reorder-chunks", "first", recorded) == 1...2)
        #expect(drawnRange("drop-chunk", "at", recorded) == 1...3)
        let empty = Sample.stream("<>.")
        for (id, name) in [
            ("stream-truncated-no-terminator", "at"), ("error-event-mid", "at"),
            ("duplicate-chunk", "at"), ("reorder-chunks", "first"), ("drop-chunk", "at"),
        ] {
            #expect(drawnRange(id, name, empty) == nil)
            #expect(drawnRange(id, name, Sample.plain(["{}"])) == nil)
            #expect(drawnRange(id, name, recorded, in: Sample.tool()) == nil)
        }
    }

    @Test("an event that is not there is named with the number of those that are")
    func outOfRange() {
        let (delivery, outcome) = apply("drop-chunk", [JSONMember("at", 4)], to: recorded)
        #expect(
            outcome == .inapplicable("the stream has 3 content events; there is no number 4"))
        #expect(delivery == recorded)
        let (_, kept) = apply(
            "stream-truncated-no-terminator", [JSONMember("at", 5)], to: recorded)
        #expect(kept == .inapplicable("event 5 finishes the answer; 5 would keep it"))
    }

    @Test("equal events cannot be told apart when they are swapped")
    func sameEvents() {
        let (_, outcome) = apply(
            "reorder-chunks", [JSONMember("first", 1)], to: Sample.stream("<AA>."))
        #expect(outcome == .inapplicable("the two events are the same"))
    }

    @Test("a stream that was recorded cut has no terminator to lose")
    func alreadyCut() {
        let (_, outcome) = apply(
            "stream-truncated-no-terminator", [JSONMember("at", 1)], to: Sample.stream("<AB"))
        #expect(
            outcome
                == .inapplicable("the stream already ends without a finish and a terminator"))
    }

    @Test("events that were split over chunks keep the instant of their last byte")
    func splitChunks() {
        var split = Sample.stream("<AB>.")
        let bytes = split.bodyBytes
        split.body = [
            Chunk(at: .milliseconds(1), bytes: Array(bytes[..<5])),
            Chunk(at: .milliseconds(2), bytes: []),
            Chunk(at: .milliseconds(3), bytes: Array(bytes[5..<100])),
            Chunk(at: .milliseconds(4), bytes: Array(bytes[100...])),
        ]
        let (delivery, _) = apply("drop-chunk", [JSONMember("at", 2)], to: split)
        #expect(delivery.texts == chunks("<A>."))
        #expect(delivery.milliseconds == [3, 4, 4, 4])
    }

    @Test("an unfinished frame stays last and whole, and is not content")
    func unfinishedFrame() {
        var stream = Sample.stream("<AB")
        stream.body.append(Chunk(at: .milliseconds(50), bytes: Array("data: {\"cho".utf8)))
        stream.endAt = .milliseconds(50)
        let (delivery, outcome) = apply("duplicate-chunk", [JSONMember("at", 2)], to: stream)
        #expect(outcome == .fired)
        #expect(delivery.texts == chunks("<ABB") + ["data: {\"cho"])
    }

    @Test("an announced length follows the edit, and stays untrue by as much as it was")
    func length() {
        var stream = recorded
        let count = stream.bodyBytes.count
        let lost = Sample.event("B").utf8.count
        stream.head?.framing = .length(count)
        #expect(
            apply("drop-chunk", [JSONMember("at", 2)], to: stream).delivery.head?.framing
                == .length(count - lost))
        stream.head?.framing = .length(count + 9)
        stream.ending = .closed
        #expect(
            apply("drop-chunk", [JSONMember("at", 2)], to: stream).delivery.head?.framing
                == .length(count - lost + 9))
    }
}
