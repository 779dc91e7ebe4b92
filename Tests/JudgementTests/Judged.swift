import Cassette
import Determinism
import Judgement
import Simulation
import Testing

/// A rule with a run of an agent that was asked to refund order 7.
struct Judged {
    let rule: String
    let trace: Trace

    init(_ rule: String, _ trace: Trace) {
        self.rule = rule
        self.trace = trace
    }

    init(_ rule: String, output: String = "Order 7 is refunded.") {
        self.rule = rule
        var wire = WireTrace()
        wire.ask(
            "openai", kind: .model,
            body: #"{"model":"big","messages":[{"role":"user","content":"Refund order 7."}]}"#,
            wire: "openai-chat")
        trace = wire.ended(output: output)
    }

    func result(_ desk: JudgeDesk) throws -> InvariantResult {
        try invariant(rule).evaluate(Conduct(trace, judges: desk))
    }

    /// The only question that the rule asks.
    func question() throws -> JudgeQuestion {
        let desk = JudgeDesk(JudgeTape([]))
        _ = try result(desk)
        return try #require(desk.open.first)
    }

    /// The words of the user to the judge.
    var content: String? {
        get throws {
            try JSONValue.parse(try question().request.body)["messages"]?[1]?["content"]?
                .stringValue
        }
    }

    func result(judgeSays text: String) throws -> InvariantResult {
        try result(desk([Judged.words(text)]))
    }

    func result(recorded body: String) throws -> InvariantResult {
        try result(desk([body]))
    }

    /// A desk where the questions of the rule have these answers, in their order.
    func desk(_ bodies: [String]) throws -> JudgeDesk {
        let asking = JudgeDesk(JudgeTape([]))
        _ = try result(asking)
        try #require(asking.open.count == bodies.count)
        return JudgeDesk(
            JudgeTape(zip(asking.open, bodies).map { Judged.interaction($0, body: $1) }))
    }

    /// What a model that says this answers.
    static func words(_ text: String) -> String {
        #"{"choices":[{"index":0,"message":{"role":"assistant","content":"#
            + JSONValue.string(text).encodedText() + #"},"finish_reason":"stop"}]}"#
    }

    /// What a model of embeddings that gives this vector answers.
    static func vector(_ numbers: String) -> String {
        #"{"data":[{"index":0,"embedding":\#(numbers)}],"model":"e"}"#
    }

    static func interaction(_ question: JudgeQuestion, says text: String) -> Interaction {
        interaction(question, body: words(text))
    }

    static func interaction(_ question: JudgeQuestion, body: String) -> Interaction {
        Interaction(
            ordinal: 1, upstream: "judge", request: question.request,
            response: RecordedResponse(
                status: 200, headers: [HeaderField("content-type", "application/json")],
                chunks: [Chunk(at: .zero, bytes: Array(body.utf8))]))
    }
}
