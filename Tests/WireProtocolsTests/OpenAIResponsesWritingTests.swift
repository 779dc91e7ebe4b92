import Determinism
import Testing
import WireProtocols

@Suite("Answers of responses written from their content")
struct OpenAIResponsesWritingTests {
    let wire = OpenAIResponses()

    private func written(
        _ frames: [String], _ change: (inout AnswerContent) -> Void
    ) throws -> [StreamEvent] {
        let events = streamEvents(frames)
        var content = try #require(wire.content(of: events))
        change(&content)
        return try #require(wire.rewritten(events, saying: content))
    }

    @Test("say a changed text in its pieces and wherever it is repeated")
    func texts() throws {
        let frames = WireSample.script { $0.message(["Hello", ", you."]) }
        let events = try written(frames) { $0.parts = [.text("Hello 🌤️")] }
        let expected = WireSample.script { $0.message(["Hello", " 🌤️"]) }
        #expect(events == streamEvents(expected))
    }

    @Test("keep the citations and probabilities of what stays")
    func details() throws {
        let frames = WireSample.script { $0.message(["Ça ", "va."], hasDetails: true) }
        let events = try written(frames) { $0.parts = [.text("Ça ")] }
        let expected = WireSample.script { $0.message(["Ça "], hasDetails: true) }
        #expect(events == streamEvents(expected))
    }

    @Test("say changed arguments in their pieces and wherever they are repeated")
    func arguments() throws {
        let frames = WireSample.script { $0.call("find", [#"{"q":"#, "1}"]) }
        let events = try written(frames) {
            $0.parts = [.call(AnswerCall(id: "call_0", name: "load", arguments: #"{"q":["#))]
        }
        let expected = WireSample.script { $0.call("load", [#"{"q":"#, "["]) }
        #expect(events == streamEvents(expected))
    }

    @Test("send a call that comes at once still at once")
    func atOnce() throws {
        let frames = WireSample.script { $0.call("find", [], whole: "{}") }
        let events = try written(frames) {
            $0.parts = [.call(AnswerCall(id: "call_0", name: "find", arguments: "{"))]
        }
        #expect(events == streamEvents(WireSample.script { $0.call("find", [], whole: "{") }))
    }

    @Test("count items and events anew where one is dropped, and keep reasoning whole")
    func dropped() throws {
        let events = try written(WireSample.reasoningFrames) { $0.parts.removeFirst() }
        try ResponsesCopies(events, hasPieces: true).expectEqual()
        #expect(!String(decoding: StreamEvent.bytes(of: events), as: UTF8.self).contains("gAAA"))
        let kept = try written(WireSample.reasoningFrames) { $0.parts = [.kept(0)] }
        try ResponsesCopies(kept, hasPieces: true).expectEqual()
        #expect(kept[..<5] == streamEvents(WireSample.reasoningFrames)[..<5])
    }

    @Test("repeat everywhere what they say, whatever it is", arguments: WireSample.responses)
    func copies(_ sample: WireSample) throws {
        let content = try #require(wire.content(of: sample.events))
        for edit in AnswerEdit.all where edit.subject != .finish {
            guard let edited = edit.apply(content), edited.parts.allSatisfy({ !Self.isOdd($0) }),
                let events = wire.rewritten(sample.events, saying: edited)
            else { continue }
            let hasPieces = sample.events.contains { $0.json?["delta"] != nil }
            try ResponsesCopies(events, hasPieces: hasPieces).expectEqual()
        }
    }

    /// Whether a part has no place in the checks of copies.
    private static func isOdd(_ part: AnswerPart) -> Bool {
        switch part {
        case .refusal: true
        case .call(let call): call.arguments == nil || call.name == "added"
        case .text, .kept: false
        }
    }

    @Test("end in other words, and leave the last item incomplete")
    func ending() throws {
        let frames = WireSample.script { $0.message(["Once"]) }
        let events = try written(frames) { $0.finish = .length }
        let expected = WireSample.script(endingFor: "max_output_tokens") {
            $0.message(["Once"], "incomplete")
        }
        #expect(events == streamEvents(expected))
        let filtered = try written(frames) { $0.finish = .contentFilter }
        #expect(wire.summary(of: filtered).finishReason == "content_filter")
        var content = try #require(wire.content(of: streamEvents(frames)))
        for finish in [AnswerFinish.toolCalls, .pause, .refusal, .unsaid, .other("completed")] {
            content.finish = finish
            #expect(wire.rewritten(streamEvents(frames), saying: content) == nil)
        }
    }

    @Test("send new items in the form of the provider")
    func fresh() throws {
        let events = try written(WireSample.script { _ in }) {
            $0.parts = [
                .refusal("No."), .call(AnswerCall(id: "call_x", name: "f", arguments: "{}")),
            ]
        }
        let types = events.compactMap { $0.json?["type"]?.stringValue?.dropFirst(9) }
        #expect(
            types == [
                "created", "output_item.added", "content_part.added", "refusal.delta",
                "refusal.done", "content_part.done", "output_item.done", "output_item.added",
                "function_call_arguments.delta", "function_call_arguments.done",
                "output_item.done", "completed",
            ])
        #expect(events.allSatisfy { $0.name == $0.json?["type"]?.stringValue })
        let output = try #require(events.last?.json?["response"]?["output"])
        #expect(
            output.encodedText() == #"""
                [{"id":"msg_1_0","type":"message","status":"completed","content":\#
                [{"type":"refusal","refusal":"No."}],"role":"assistant"},\#
                {"id":"fc_1_1","type":"function_call","status":"completed","arguments":"{}",\#
                "call_id":"call_x","name":"f"}]
                """#)
    }

    @Test("give no identifier twice, however often they are written anew")
    func numbers() throws {
        let text = { (number: Int) in AnswerPart.text("new \(number)") }
        let frames = WireSample.script { $0.message(["Hello"]) }
        var events = streamEvents(frames)
        var answer = try #require(events.last?.json?["response"])
        for round in 0..<3 {
            // What is kept is moved behind what is new, so that new items stand at low indices.
            var content = try #require(wire.content(of: events))
            content.parts.insert(text(round), at: 0)
            content.parts.insert(text(round + 10), at: 0)
            events = try #require(wire.rewritten(events, saying: content))
            answer = try #require(wire.rewritten(answer, saying: content))
            for response in [events.last?.json?["response"], answer] {
                let output = response?["output"]?.arrayValue ?? []
                let identifiers = Set(output.compactMap { $0["id"]?.stringValue })
                #expect(identifiers.count == 1 + 2 * (round + 1))
            }
        }
    }

    @Test("of one document change in their places")
    func documents() throws {
        let item: JSONValue = [
            "id": "m", "type": "message", "status": "completed",
            "content": [["type": "output_text", "text": "Hi", "annotations": []]],
        ]
        var answer = ResponsesScript.response("completed", [item])
        answer["output_text"] = "Hi"
        var content = try #require(wire.content(of: answer))
        #expect(wire.rewritten(answer, saying: content) == answer)
        content.parts = [.text("Ho"), .call(AnswerCall(id: "", name: "f", arguments: nil))]
        let edited = try #require(wire.rewritten(answer, saying: content))
        #expect(edited["output"]?[0]?["content"]?[0]?["text"] == "Ho")
        #expect(edited["output_text"] == "Ho")
        #expect(edited["output"]?[1]?["arguments"] == nil)
        #expect(edited["usage"] == answer["usage"])
        #expect(wire.content(of: ResponsesScript.response("failed", [item])) == nil)
    }
}
