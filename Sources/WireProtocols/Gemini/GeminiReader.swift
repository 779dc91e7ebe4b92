import Determinism

/// Reads whole answers of Gemini.
enum GeminiReader {
    /// What a stream says, up to an error.
    static func summary(of events: [StreamEvent]) -> AnswerSummary {
        var summary = AnswerSummary()
        var calls = GeminiCalls()
        for event in events {
            guard let chunk = GeminiChunk(event) else { continue }
            if chunk.isError {
                summary.terminated = false
                break
            }
            summary.text += chunk.text
            for part in chunk.parts { _ = calls.add(part) }
            if let reason = chunk.endReason {
                summary.finishReason = reason
                summary.terminated = true
            }
        }
        summary.toolCalls = calls.calls
        return summary
    }

    /// What a JSON answer says.
    static func summary(of answer: JSONValue) -> AnswerSummary {
        guard let chunk = GeminiChunk(answer) else { return AnswerSummary(terminated: true) }
        var calls = GeminiCalls()
        for part in chunk.parts { _ = calls.add(part) }
        return AnswerSummary(
            text: chunk.text, toolCalls: calls.calls, finishReason: chunk.endReason,
            terminated: true)
    }

    /// Where and why a stream that can be edited ends: it has one candidate and no error.
    ///
    /// Early models gave a reason with every chunk; the last one counts.
    static func editableEnd(of events: [StreamEvent]) -> (place: Int, reason: String)? {
        var end: (place: Int, reason: String)?
        for (place, event) in events.enumerated() {
            guard let chunk = GeminiChunk(event) else { continue }
            if chunk.isError || chunk.hasOtherCandidates { return nil }
            if let reason = chunk.finishReason { end = (place, reason) }
        }
        return end
    }

    /// A JSON answer that can be edited: it has one candidate.
    static func editableAnswer(_ answer: JSONValue) -> GeminiChunk? {
        guard let chunk = GeminiChunk(answer), !chunk.isError, !chunk.hasOtherCandidates,
            chunk.candidate?.objectValue != nil
        else { return nil }
        return chunk
    }
}
