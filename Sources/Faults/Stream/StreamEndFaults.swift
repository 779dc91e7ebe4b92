import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let streamTruncatedNoTerminator = FaultKind(
        id: "stream-truncated-no-terminator",
        summary: "The stream ends cleanly before the events that say that the answer is whole.",
        layer: .stream, target: .model, signature: .quiet, weight: 5, replaces: false,
        parameters: [
            .place("at", "How many events are kept.", counting: .events) { delivery, context in
                // Up to the last content event, which is lost, so that text is missing.
                guard let (stream, wire) = try? modelStream(delivery, context),
                    let end = stream.endPlace(wire),
                    let last = stream.contentPlaces(wire).last(where: { $0 < end }), last > 0
                else { return nil }
                return 1...Int64(last)
            }
        ],
        documentation: FaultDocumentation(
            wireForm: "The connection closes cleanly after some events: no [DONE], message_stop, "
                + "response.completed, done:true or messageStop, and no finish reason. The bracket "
                + "that closes a JSON array belongs to the framing and stays.",
            clients: "openai, anthropic, google-genai, ollama and botocore iterate to a clean end "
                + "and hand out the partial answer; anthropic's stop_reason is None. Only the "
                + "Responses stream helper of openai raises RuntimeError. Vercel's AI SDK says "
                + "finishReason other.",
            robustAgent: "Wants the terminator and a finish reason, and marks the answer "
                + "incomplete otherwise.",
            evidence: ["oh-my-pi#9433"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let (stream, wire) = try modelStream(delivery, context)
            let at = parameters.integer("at")
            guard let end = stream.endPlace(wire) else {
                throw Inapplicable("the stream already ends without a finish and a terminator")
            }
            guard at >= 0, at <= end else {
                throw Inapplicable("event \(end + 1) finishes the answer; \(at) would keep it")
            }
            stream.write(first: Int(at), to: &delivery)
        })

    static let doneWithoutFinishReason = FaultKind(
        id: "done-without-finish-reason",
        summary: "The stream is terminated, but never says why the answer ended.",
        layer: .stream, target: .model, signature: .quiet, weight: 3, replaces: false,
        documentation: FaultDocumentation(
            wireForm: "finish_reason is null in every chunk and [DONE] comes. Anthropic: "
                + "stop_reason null, then message_stop; Bedrock: messageStop without stopReason; "
                + "Cohere: message-end without finish_reason; Ollama: done:true without "
                + "done_reason. Gemini and Responses have no terminator of another kind.",
            clients: "Every SDK accepts it: the finish reason is None.",
            robustAgent: "Takes the terminator for the end, and flags the answer.",
            evidence: ["oh-my-pi#9433"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let shape = try DeltaShape(wire)
            guard
                stream.events.contains(where: { wire.role(of: $0) == .terminator })
                    || shape.saysItsEndItself
            else { throw Inapplicable("the stream has no terminator beside its finish reason") }
            var count = 0
            for place in stream.timed.indices {
                let event = stream.timed[place].event
                guard let silent = shape.withoutFinish(event) else { continue }
                stream.timed[place].event = silent
                count += 1
            }
            guard count > 0 else { throw Inapplicable("the stream names no finish reason") }
            stream.write(to: &delivery)
        })

    static let finishThenMore = FaultKind(
        id: "finish-then-more",
        summary: "Content comes after the answer said that it is finished.",
        layer: .stream, target: .model, signature: .quiet, weight: 2, replaces: false,
        parameters: [
            contentEvent("at", "Which content event comes once more, from 1."),
            .variant(
                ["after-finish", "after-terminator"],
                "after-finish: right behind the finish reason; after-terminator: behind [DONE] or "
                    + "what the protocol ends with."),
        ],
        documentation: FaultDocumentation(
            wireForm: "A recorded content event once more, byte for byte, behind the event with "
                + "the finish reason or behind the terminator.",
            clients: "Behind [DONE] nothing is read: openai drains the rest. Before it the piece "
                + "is merged into the answer.",
            robustAgent: "Ignores what follows the finish.",
            evidence: ["openai-python 3.54.0, read"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, wire) = try modelStream(delivery, context)
            let more = stream.timed[try contentPlace("at", parameters, stream, wire)].event
            let end: Int?
            if parameters.text("variant") == "after-terminator" {
                end = stream.timed.lastIndex { wire.role(of: $0.event) == .terminator }
            } else {
                end = stream.endPlace(wire)
            }
            guard let end, stream.timed[end].event.isTerminated else {
                throw Inapplicable("the stream has no such end")
            }
            guard !wire.finishes(more) else {
                throw Inapplicable("that event finishes the answer itself")
            }
            stream.timed.insert(.init(event: more, at: stream.timed[end].at), at: end + 1)
            stream.write(to: &delivery)
        })
}
