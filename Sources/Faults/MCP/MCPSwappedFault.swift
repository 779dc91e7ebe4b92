import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let mcpSwappedResponses = FaultKind(
        id: "mcp-swapped-responses",
        summary: "A call gets the result of another call that was made along with it.",
        layer: .semantic, target: .tool, signature: .quiet, weight: 5, replaces: false,
        documentation: FaultDocumentation(
            wireForm: """
                The response keeps its identifier and has the recorded result of another \
                `tools/call` with other arguments. Calls of a server that overlapped, or followed \
                one another without a request to a model between them, are paired in recorded \
                order: the first with the second, the third with the fourth; one that is left over \
                gets the result of the one before it. Each selected call gets what belongs to the \
                other, so that a swap selects both.
                """,
            clients: "None can tell: the identifiers are right.",
            robustAgent: "Checks that a result is about what was asked for."),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            var answer = try MCPAnswer(delivery, context)
            try answer.call.demand("tools/call")
            let own = try answer.result()
            guard let other = context.neighbour(.companion) else {
                throw Inapplicable("no other call of this server was made along with this one")
            }
            let beside = FaultContext(
                interaction: other, upstream: context.upstream, wire: context.wire)
            guard let result = try? MCPAnswer(Delivery(other), beside).result() else {
                throw Inapplicable("the other call has no result")
            }
            guard result != own else {
                throw Inapplicable("the other call has the same result")
            }
            answer.replaceResult(result)
            answer.write(to: &delivery)
        })
}
