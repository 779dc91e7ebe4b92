import Determinism
import Testing
import WireProtocols

/// What the events of a stream say several times.
struct ResponsesCopies {
    let events: [StreamEvent]
    let data: [JSONValue]
    let response: JSONValue
    /// Whether the arguments of calls come in pieces before they are repeated whole.
    let hasPieces: Bool

    init(_ events: [StreamEvent], hasPieces: Bool) throws {
        self.events = events
        self.hasPieces = hasPieces
        data = events.compactMap(\.json)
        response = try #require(data.last?["response"])
    }

    func expectEqual() throws {
        #expect(data.map { $0["sequence_number"]?.intValue } == (0..<data.count).map { Int64($0) })
        #expect(events.allSatisfy { $0.name == nil || .string($0.name ?? "") == $0.json?["type"] })
        let status = try #require(response["status"]?.stringValue)
        #expect(data.last?["type"] == .string("response.\(status)"))
        #expect((response["incomplete_details"]?.isNull == false) == (status == "incomplete"))
        #expect((response["completed_at"]?.isNull == false) == (status == "completed"))
        let output = try #require(response["output"]?.arrayValue)
        for type in ["added", "done"] {
            #expect(values(of: "response.output_item.\(type)", "item").count == output.count)
        }
        #expect(values(of: "response.output_item.done", "item") == output)
        for (index, item) in output.enumerated() { try expectEqual(item, at: Int64(index)) }
    }

    private func expectEqual(_ item: JSONValue, at index: Int64) throws {
        switch item["type"]?.stringValue {
        case "message":
            let part = try #require(item["content"]?[0])
            let pieces = values(of: "response.output_text.delta", "delta", at: index)
            #expect(.string(pieces.compactMap(\.stringValue).joined()) == part["text"])
            #expect(values(of: "response.output_text.done", "text", at: index) == [part["text"]])
            #expect(values(of: "response.content_part.done", "part", at: index) == [part])
            let annotations = values(
                of: "response.output_text.annotation.added", "annotation", at: index)
            #expect(annotations == part["annotations"]?.arrayValue ?? [])
            let tokens = values(of: "response.output_text.delta", "logprobs", at: index)
            #expect(tokens.flatMap { $0.arrayValue ?? [] } == part["logprobs"]?.arrayValue ?? [])
        case "function_call": expectEqual(item, "function_call_arguments", "arguments", index)
        case "custom_tool_call": expectEqual(item, "custom_tool_call_input", "input", index)
        default: break
        }
    }

    private func expectEqual(_ item: JSONValue, _ type: String, _ key: String, _ index: Int64) {
        let pieces = values(of: "response.\(type).delta", "delta", at: index)
        #expect(values(of: "response.\(type).done", key, at: index) == [item[key]])
        guard hasPieces else {
            #expect(pieces.isEmpty)
            return
        }
        #expect(.string(pieces.compactMap(\.stringValue).joined()) == item[key])
    }

    private func values(of type: String, _ key: String, at index: Int64? = nil) -> [JSONValue] {
        data.filter {
            $0["type"] == .string(type) && (index == nil || $0["output_index"]?.intValue == index)
        }.compactMap { $0[key] }
    }
}
