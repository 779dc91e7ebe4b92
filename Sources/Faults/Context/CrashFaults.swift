import Cassette
import Determinism
import WireProtocols

// An answer is only the place at which these strike: what they change is who is there to read it.

extension FaultKind {
    static let checkpointRestore = FaultKind(
        id: "checkpoint-restore",
        summary: "The agent is killed at this answer, and the same command is started again.",
        layer: .timing, target: .any, signature: .ambiguous, weight: 5, replaces: false,
        replacingVariants: ["unanswered"],
        parameters: [
            .variant(
                ["answered", "in-answer", "unanswered"],
                "It has read the answer and done what it does by itself; half of the answer was "
                    + "sent; the request was carried out, and nothing of the answer was sent."),
            downTime,
        ],
        documentation: FaultDocumentation(
            wireForm: "Every process of the agent gets SIGKILL at one instant of the virtual "
                + "clock, all of its connections end, and after `down_ms` the same command is "
                + "started with the same files. With `answered` that is when the agent sleeps "
                + "after the whole answer; requests that it has sent by then count as not sent. "
                + "What was given whole stays consumed, and is given again where it is asked for "
                + "again (`re-ask`). Inapplicable on a real clock, for agents that are asked or "
                + "live in Swift, and after seven restarts.",
            clients:
                "langgraph 1.2.24 with its SqliteSaver goes on at the node that had not ended: "
                + "a request of that node which was carried out is sent again, one whose answer "
                + "it had is not. SDKs keep nothing.",
            robustAgent: "Saves before and after each effect, has idempotency keys that outlive "
                + "it, and looks whether a step was done before it repeats it.",
            evidence: [
                "langgraph 1.2.24, seen", "MAST 1.3, step repetition (arXiv 2503.13657)",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            switch parameters.text("variant") {
            case "unanswered":
                delivery.replaceByNothing(
                    ending: .killed, at: delivery.head?.at ?? delivery.endAt)
            case "in-answer":
                guard let places = stallPlaces(in: delivery, context) else {
                    throw Inapplicable("the answer has no body of which half could be sent")
                }
                let half = (places.lowerBound + places.upperBound + 1) / 2
                try stall(
                    &delivery,
                    FaultParameters([
                        JSONMember("at", .int(half)), JSONMember("stall_ms", .int(0)),
                    ]), context)
                delivery.ending = .killed
            default: break
            }
            try delivery.setCrash(parameters, context)
        })

    static let orphanToolResult = FaultKind(
        id: "orphan-tool-result",
        summary: "The agent is killed between a call of a tool and its result, and started again.",
        layer: .timing, target: .model, signature: .loud, weight: 4, replaces: false,
        parameters: [
            .variant(
                ["missing-tool-result", "orphan-tool-result"],
                "No tool was asked yet: the call has no result. Or it was asked and did its work: "
                    + "the result is nobody's."),
            downTime,
        ],
        documentation: FaultDocumentation(
            wireForm: "As checkpoint-restore with `answered`, at an answer of a model that holds "
                + "a call of a tool. With `orphan-tool-result` the requests that the agent has "
                + "sent by then are carried out, and stand in the trace without an answer.",
            clients: "Histories that were saved with the call are refused from then on: Anthropic "
                + "answers 400 `tool_use` ids were found without `tool_result` blocks, OpenAI 400 "
                + "an assistant message with 'tool_calls' must be followed by tool messages.",
            robustAgent: "Answers each call that it finds open when it starts: runs the tool where "
                + "it was not run, else writes a result that says so.",
            evidence: ["claude-code#3003"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            guard callsTool(delivery, context) else {
                throw Inapplicable("the answer calls no tool")
            }
            try delivery.setCrash(
                parameters,
                carriesOut: parameters.text("variant") == "orphan-tool-result", context)
        })

    private static var downTime: ParameterSpec {
        .milliseconds(
            "down_ms", from: 0, default: 5_000, "How long it takes until the agent starts again.")
    }

    static func callsTool(_ delivery: Delivery, _ context: FaultContext) -> Bool {
        guard let wire = context.wire, let head = delivery.head, head.status < 400 else {
            return false
        }
        let body = delivery.bodyBytes
        let summary = wire.summary(of: body, framing: context.framing(of: delivery))
        return !summary.toolCalls.isEmpty
    }
}
