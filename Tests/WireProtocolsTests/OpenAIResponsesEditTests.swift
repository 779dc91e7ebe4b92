import Determinism
import Testing
import WireProtocols

@Suite("Edits of OpenAI responses")
struct OpenAIResponsesEditTests {
    let wire = OpenAIResponses()

    @Test("repeat the same text and arguments everywhere", arguments: WireSample.responses)
    func copies(_ sample: WireSample) throws {
        let events = sample.events
        let hasPieces = events.contains {
            if case .toolArguments = wire.role(of: $0) { true } else { false }
        }
        func expectEqual(_ events: [StreamEvent]) throws {
            try ResponsesCopies(events, hasPieces: hasPieces).expectEqual()
        }
        try expectEqual(events)
        for count in 0...sample.contentEvents {
            guard let cut = wire.finishedForLength(events, contentEvents: count) else { continue }
            try expectEqual(cut)
            let isOpen = count > 0
            let items = try #require(cut.last?.json?["response"]?["output"]?.arrayValue)
            let statuses = items.compactMap { $0["status"]?.stringValue }
            #expect(statuses.count { $0 == "incomplete" } == (isOpen ? 1 : 0), "\(count) kept")
            #expect((statuses.last == "incomplete") == isOpen)
        }
        if let empty = wire.emptied(events) { try expectEqual(empty) }
        for members in 0..<sample.members {
            let cut = try #require(wire.toolArgumentsTruncated(events, members: members))
            try expectEqual(cut)
        }
    }

    @Test("cut a text to its first events, its repetitions and a response that is incomplete")
    func length() throws {
        let frames = WireSample.script { $0.message(["Ça ", "va ", "bien."], hasDetails: true) }
        let edited = try #require(wire.finishedForLength(streamEvents(frames), contentEvents: 2))
        var script = ResponsesScript()
        script.message(["Ça ", "va "], "incomplete", hasDetails: true)
        script.end("max_output_tokens")
        // The citation of the last text that is kept comes behind the cut, so it is lost.
        let expected = streamEvents(script.frames)
        let lost = expected.indices.filter {
            expected[$0].name == "response.output_text.annotation.added"
        }
        try #require(lost.count > 1)
        var names = expected.map(\.name)
        names.remove(at: lost[1])
        #expect(edited.map(\.name) == names)
        let part = edited.last?.json?["response"]?["output"]?[0]?["content"]?[0]
        #expect(part?["text"] == "Ça va ")
        #expect(part?["annotations"]?.arrayValue?.count == 1)
        #expect(part?["logprobs"]?.arrayValue?.map { $0["token"] } == ["Ça ", "va "])
        #expect(edited.last?.json?["response"]?["usage"]?["output_tokens"] == 30)
        #expect(edited.last?.json?["response"]?["completed_at"] == .some(.null))
    }

    @Test("are what the provider would have sent")
    func wholeStreams() throws {
        let cut = try #require(
            wire.finishedForLength(
                streamEvents(
                    WireSample.script {
                        $0.message(["I ", "look.", " Wait."])
                        $0.call("find", ["{}"])
                    }), contentEvents: 2))
        let expectedCut = WireSample.script(endingFor: "max_output_tokens") {
            $0.message(["I ", "look."], "incomplete")
        }
        #expect(StreamEvent.bytes(of: cut) == streamBytes(expectedCut))
        let truncated = try #require(
            wire.toolArgumentsTruncated(
                streamEvents(WireSample.script { $0.call("f", [#"{"a":"#, #"1,"b":"#, "2}"]) }),
                members: 1))
        let expectedCall = WireSample.script { $0.call("f", [#"{"a":"#, "1"]) }
        #expect(StreamEvent.bytes(of: truncated) == streamBytes(expectedCall))
    }

    @Test("empty a response to its reasoning and the tokens of it")
    func emptied() throws {
        let frames = WireSample.script(endingFor: "max_output_tokens") {
            $0.reasoning()
            $0.webSearch()
            $0.reasoning()
            $0.message(["So"], "incomplete")
        }
        let edited = try #require(wire.emptied(streamEvents(frames)))
        try #require(edited.count == 6)
        #expect(Array(edited[..<5]) == Array(streamEvents(frames)[..<5]))
        let end = try #require(edited.last?.json)
        let reasoning = try #require(edited[4].json?["item"])
        #expect(end["type"] == "response.completed")
        #expect(edited.last?.name == "response.completed")
        #expect(end["sequence_number"] == 5)
        // Its time of completion was null: the provider's clock is not known here.
        var response = ResponsesScript.response("completed", [reasoning], outputTokens: 8)
        response["completed_at"] = 1_760_000_000
        #expect(end["response"] == response)
        #expect(wire.emptied(edited) == nil)
    }

    @Test("keep encrypted reasoning byte for byte")
    func signedReasoning() throws {
        let events = streamEvents(WireSample.reasoningFrames)
        let signed = Array(events[1...4])
        let edits = [
            wire.finishedForLength(events, contentEvents: 0),
            wire.finishedForLength(events, contentEvents: 1), wire.emptied(events),
            wire.toolArgumentsTruncated(events, members: 1),
        ]
        for edit in edits {
            let edited = try #require(edit)
            try #require(edited.count > 4)
            #expect(Array(edited[1...4]) == signed)
            #expect(edited.last?.json?["response"]?["output"]?[0] == events[4].json?["item"])
        }
    }

    @Test("end for length where a filter ended the response")
    func otherReason() throws {
        let frames = WireSample.script(endingFor: "content_filter") {
            $0.message(["Once"], "incomplete")
        }
        #expect(wire.summary(of: streamEvents(frames)).finishReason == "content_filter")
        let edited = try #require(wire.finishedForLength(streamEvents(frames), contentEvents: 1))
        let expected = WireSample.script(endingFor: "max_output_tokens") {
            $0.message(["Once"], "incomplete")
        }
        #expect(StreamEvent.bytes(of: edited) == streamBytes(expected))
    }

    @Test("refuse to cut inside reasoning")
    func refusal() {
        var frames = WireSample.reasoningFrames
        frames.remove(at: 4)
        #expect(wire.finishedForLength(streamEvents(frames), contentEvents: 0) == nil)
        #expect(wire.finishedForLength(streamEvents(frames), contentEvents: 2) == nil)
    }

    @Test("cut a refusal and the parts behind it as they cut text")
    func refusals() throws {
        var script = ResponsesScript()
        let refusal: JSONValue = ["output_index": 0, "content_index": 1]
        func with(_ place: JSONValue, _ members: JSONValue) -> JSONValue {
            .object((place.objectValue ?? []) + (members.objectValue ?? []))
        }
        let text: JSONValue = ["output_index": 0, "content_index": 0]
        let parts: JSONValue = [
            ["type": "output_text", "text": "ab"], ["type": "refusal", "refusal": "No."],
        ]
        script.add(
            "response.output_item.added",
            ["output_index": 0, "item": ["type": "message", "status": "in_progress"]])
        script.add("response.output_text.delta", with(text, ["delta": "a"]))
        script.add("response.refusal.delta", with(refusal, ["delta": "N"]))
        script.add("response.output_text.delta", with(text, ["delta": "b"]))
        script.add("response.refusal.delta", with(refusal, ["delta": "o."]))
        script.add("response.output_text.done", with(text, ["text": "ab"]))
        script.add("response.refusal.done", with(refusal, ["refusal": "No."]))
        let item: JSONValue = ["type": "message", "status": "completed", "content": parts]
        script.add("response.output_item.done", ["output_index": 0, "item": item])
        script.add("response.completed", ["response": ["status": "completed", "output": [item]]])
        let first = try #require(
            wire.finishedForLength(streamEvents(script.frames), contentEvents: 1))
        #expect(
            first.last?.json?["response"]?["output"]?[0]?["content"] == [
                ["type": "output_text", "text": "a"]
            ])
        let second = try #require(
            wire.finishedForLength(streamEvents(script.frames), contentEvents: 2))
        #expect(
            second.last?.json?["response"]?["output"]?[0]?["content"] == [
                ["type": "output_text", "text": "ab"], ["type": "refusal", "refusal": "N"],
            ])
        #expect(second[second.count - 3].json?["refusal"] == "N")
    }

    @Test("do not depend on the ids of items, and refuse an output that was not streamed")
    func identifiers() throws {
        var events = streamEvents(WireSample.reasoningFrames)
        var end = try #require(events.last?.json)
        end["response"]?["output"]?[1]?["id"] = "renamed"
        events[events.count - 1] = events[events.count - 1].replacingJSON(end)
        let cut = try #require(wire.finishedForLength(events, contentEvents: 1))
        #expect(cut.last?.json?["response"]?["output"]?[1]?["id"] == "renamed")
        end["response"]?["output"]?[0]?["type"] = "new"
        events[events.count - 1] = events[events.count - 1].replacingJSON(end)
        #expect(wire.finishedForLength(events, contentEvents: 1) == nil)
        #expect(wire.emptied(events) == nil)
        #expect(wire.toolArgumentsTruncated(events, members: 0) == nil)
    }

    @Test("keep what follows the end")
    func tail() throws {
        let tail = [StreamEvent(data: "[DONE]"), StreamEvent(data: #"{"sequence_number":99}"#)]
        let events = streamEvents(WireSample.reasoningFrames) + tail
        let edits = [
            wire.finishedForLength(events, contentEvents: 1), wire.emptied(events),
            wire.toolArgumentsTruncated(events, members: 1),
        ]
        for edit in edits { #expect(try #require(edit).suffix(2) == tail[...]) }
    }
}
