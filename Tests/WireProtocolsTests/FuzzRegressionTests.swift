import Determinism
import Testing
import WireProtocols

@Suite("Inputs that once broke a law")
struct FuzzRegressionTests {
    /// The numbers behind the body of an input.
    private static let numberCount = 8

    @Test("of framings come out byte for byte", arguments: FuzzRegression.all)
    func framing(_ regression: FuzzRegression) throws {
        let body = Array(regression.bytes.dropLast(Self.numberCount))
        for framing in StreamFraming.allCases {
            let events = framing.events(of: body)
            #expect(StreamEvent.bytes(of: events) == body, "\(framing)")
            for cut in 0...min(body.count, 200) {
                let pieces = [Array(body[..<cut]), Array(body[cut...])]
                #expect(try Splits.events(of: pieces, framing) == events, "\(framing) at \(cut)")
            }
            for event in events where event.isTerminated {
                guard let value = event.json else { continue }
                #expect(event.replacingJSON(value).json == value, "\(framing)")
            }
        }
    }

    @Test("of JSON are written as they are read", arguments: FuzzRegression.all)
    func json(_ regression: FuzzRegression) throws {
        let body = Array(regression.bytes.dropLast(Self.numberCount))
        guard let value = try? JSONValue.parse(body) else { return }
        #expect(try JSONValue.parse(value.encoded()) == value)
        let canonical = value.canonical()
        #expect(try JSONValue.parse(canonical).canonical() == canonical)
    }

    @Test("of streams are read and edited by every protocol", arguments: FuzzRegression.all)
    func streams(_ regression: FuzzRegression) {
        let body = Array(regression.bytes.dropLast(Self.numberCount))
        for framing in StreamFraming.allCases {
            let events = framing.events(of: body)
            for wire in WireProtocols.all {
                let summary = wire.summary(of: events)
                if let content = wire.content(of: events) {
                    #expect(content.text == summary.text, "\(wire.id)")
                    #expect(content.calls.map(\.name) == summary.toolCalls.map(\.name))
                    #expect(wire.rewritten(events, saying: content) == events, "\(wire.id)")
                    if framing != .jsonArray || wire.id == Gemini.id {
                        expectWritten(events, content, framing, wire)
                    }
                }
                for edited in edits(of: events, regression, wire) {
                    let again = framing.events(of: StreamEvent.bytes(of: edited))
                    #expect(again == edited, "\(wire.id)")
                }
            }
        }
    }

    @Test("of documents are read and edited by every protocol", arguments: FuzzRegression.all)
    func documents(_ regression: FuzzRegression) {
        let body = Array(regression.bytes.dropLast(Self.numberCount))
        guard let answer = try? JSONValue.parse(body) else { return }
        for wire in WireProtocols.all {
            let summary = wire.summary(of: answer)
            if let content = wire.content(of: answer) {
                #expect(content.text == summary.text, "\(wire.id)")
                #expect(wire.rewritten(answer, saying: content) == answer, "\(wire.id)")
                for edit in AnswerEdit.all {
                    guard let wanted = edit.apply(content),
                        let written = wire.rewritten(answer, saying: wanted)
                    else { continue }
                    let said = wire.content(of: written)
                    #expect(said == wanted.countedAnew, "\(wire.id): \(edit.name)")
                }
            }
            for count in counts(regression) {
                _ = wire.finishedForLength(answer, characters: count)
                _ = wire.toolArgumentsTruncated(answer, members: count)
            }
            _ = wire.emptied(answer)
        }
    }

    /// What is written says what it was told to, whatever the change is.
    private func expectWritten(
        _ events: [StreamEvent], _ content: AnswerContent, _ framing: StreamFraming,
        _ wire: any WireProtocol
    ) {
        for edit in AnswerEdit.all {
            guard let wanted = edit.apply(content),
                let written = wire.rewritten(events, saying: wanted)
            else { continue }
            let again = framing.events(of: StreamEvent.bytes(of: written))
            #expect(again == written, "\(wire.id): \(edit.name)")
            #expect(
                wire.content(of: again) == wanted.countedAnew, "\(wire.id): \(edit.name)")
        }
    }

    @Test(
        "and name two models name a third wherever they named one",
        arguments: [
            ("chat completions name two models", StreamFraming.sse, OpenAIChat.id),
            ("lines name two models", .jsonLines, OllamaChat.id),
            ("a response names two models", .sse, OpenAIResponses.id),
        ])
    func thirdModel(_ name: String, _ framing: StreamFraming, _ id: String) throws {
        let regression = try #require(FuzzRegression.all.first { $0.name == name })
        let wire = try #require(WireProtocols.all.first { $0.id == id })
        let events = framing.events(of: Array(regression.bytes.dropLast(Self.numberCount)))
        var content = try #require(wire.content(of: events))
        #expect(content.model == "a")
        content.model = "c"
        let written = try #require(wire.rewritten(events, saying: content))
        let text = String(decoding: StreamEvent.bytes(of: written), as: UTF8.self)
        #expect(wire.content(of: written) == content)
        #expect(text.ranges(of: #""model":"c""#).count == 2)
        #expect(!text.contains(#""model":"a""#) && !text.contains(#""model":"b""#))
    }

    private func counts(_ regression: FuzzRegression) -> [Int] {
        [0, 1] + regression.bytes.suffix(Self.numberCount).map(Int.init)
    }

    private func edits(
        of events: [StreamEvent], _ regression: FuzzRegression, _ wire: any WireProtocol
    ) -> [[StreamEvent]] {
        let counted = counts(regression).flatMap { count in
            [
                wire.finishedForLength(events, contentEvents: count),
                wire.toolArgumentsTruncated(events, members: count),
            ]
        }
        return (counted + [wire.emptied(events)]).compactMap { $0 }
    }
}
