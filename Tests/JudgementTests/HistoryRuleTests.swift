import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import Testing
import WireProtocols

@Suite("Invariants over what is handed back to models")
struct HistoryRuleTests {
    private static let paths = [
        "openai-chat": "/v1/chat/completions", "anthropic-messages": "/v1/messages",
        "gemini": "/v1beta/models/gemini-2.5-flash:generateContent",
        "openai-responses": "/v1/responses", "mistral": "/v1/chat/completions",
        "bedrock-converse": "/model/a/converse", "ollama-chat": "/api/chat",
    ]

    private static func asking(_ wire: String, _ body: String) -> Trace {
        var trace = WireTrace()
        trace.ask("shop", "GET /orders")
        trace.ask(
            "model", "POST \(paths[wire] ?? "/")", kind: .model, body: body, wire: wire,
            WireTrace.Answer(status: 400))
        return trace.ended()
    }

    static let call =
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","#
        + #""function":{"name":"find","arguments":"{}"}}]}"#
    private static let use = #"{"type":"tool_use","id":"t1","name":"find","input":{}}"#
    private static let result = #"{"type":"tool_result","tool_use_id":"t1","content":"a"}"#
    static let ask = #"{"role":"user","content":"a"}"#
    static let told = #"{"role":"tool","tool_call_id":"c1","content":"b"}"#
    private static let geminiCall =
        #"{"role":"model","parts":[{"functionCall":{"name":"find","args":{}}}]}"#
    private static let geminiResult =
        #"{"role":"user","parts":[{"functionResponse":{"name":"find","response":{"a":1}}}]}"#
    private static let geminiAsk = #"{"role":"user","parts":[{"text":"a"}]}"#
    private static let itemCall =
        #"{"type":"function_call","call_id":"f1","name":"find","arguments":"{}"}"#
    private static let itemResult =
        #"{"type":"function_call_output","call_id":"f1","output":"b"}"#

    private static let calling = said("[\(use)]")
    private static let mixed = #"[{"type":"text","text":"x"},"# + result + "]"
    private static let bedrockTurn = #"{"role":"user","content":[{"text":"a"}]}"#

    /// The turns of each conversation, and the provider's words; none for one that it takes.
    private static let chats: [(String, [String], String)] = [
        ("openai-chat", [ask, call, ask], "The following tool_call_ids did not have"),
        ("openai-chat", [ask, told], "must be a response to a preceding message"),
        ("openai-chat", [ask, call, told, told], "has two results"),
        ("openai-chat", [ask, said("null")], "got null"),
        ("openai-chat", [ask, said("\"\"")], ""),
        // Some number the calls of each turn anew.
        ("openai-chat", [ask, call, told, call, told], ""),
        ("mistral", [ask, call], "Not the same number of function calls and responses"),
        ("ollama-chat", [ask, call], "not judged"),
    ]

    private static let anthropic: [(String, [String], String)] = [
        ("anthropic-messages", [ask, calling, asked("[\(result)]")], ""),
        // Neighbours of one role are one turn.
        ("anthropic-messages", [ask, ask], ""),
        ("anthropic-messages", [ask, calling, ask], "were found without `tool_result` blocks"),
        ("anthropic-messages", [ask, asked("[\(result)]")], "unexpected `tool_use_id`"),
        ("anthropic-messages", [ask, calling, asked("[\(result),\(result)]")], "Found multiple"),
        (
            "anthropic-messages", [ask, said("[\(use),\(use)]"), asked("[\(result)]")],
            "must be unique"
        ),
        ("anthropic-messages", [ask, calling, asked(mixed)], "must stand before any text"),
        ("anthropic-messages", [ask, said("[]"), ask], "non-empty content"),
        ("anthropic-messages", [ask, said("\"\""), ask], "must be non-empty"),
        ("anthropic-messages", [ask, said("\" \""), ask], ""),
        ("anthropic-messages", [ask, said("\"So \"")], "trailing whitespace"),
        ("anthropic-messages", [said("\"So\""), ask], "first message must use"),
    ]

    private static let others: [(String, [String], String)] = [
        ("gemini", [geminiAsk, geminiCall, geminiResult], ""),
        ("gemini", [geminiAsk, geminiCall, geminiAsk], "number of function response parts"),
        ("gemini", [geminiAsk, geminiResult], "immediately after a function call turn"),
        ("gemini", [geminiCall, geminiResult], "immediately after a user turn"),
        ("gemini", [geminiAsk, #"{"role":"model","parts":[]}"#], "parts must not be empty"),
        ("openai-responses", [itemCall, itemResult], ""),
        ("openai-responses", [itemCall], "No tool output found for function call \"f1\""),
        ("openai-responses", [itemResult], "No tool call found for function call output"),
        ("bedrock-converse", [bedrockTurn], ""),
        (
            "bedrock-converse", [bedrockTurn, bedrockTurn],
            "must alternate between user and assistant"
        ),
        ("bedrock-converse", [#"{"role":"user","content":[{"text":" "}]}"#], "is blank"),
    ]

    private static func said(_ content: String) -> String {
        #"{"role":"assistant","content":\#(content)}"#
    }

    private static func asked(_ content: String) -> String {
        #"{"role":"user","content":\#(content)}"#
    }

    @Test(
        "a conversation that a provider refuses is named in its words",
        arguments: chats + anthropic + others)
    func wellFormed(wire: String, turns: [String], says: String) throws {
        let trace = Self.conversation(wire, turns)
        let isFine = says.isEmpty || says == "not judged"
        try expect(
            #"{"history_wellformed":true}"#, of: trace,
            isFine ? .holds(says) : .byRequest([2], says))
    }

    /// A model is asked with these turns.
    static func conversation(_ wire: String, _ turns: [String]) -> Trace {
        let member =
            switch wire {
            case "gemini": "contents"
            case "openai-responses": "input"
            default: "messages"
            }
        return asking(wire, #"{"model":"m","\#(member)":[\#(turns.joined(separator: ","))]}"#)
    }

    @Test("what the provider keeps may be answered")
    func continued() throws {
        let body = #"{"previous_response_id":"r1","input":[\#(Self.itemResult)]}"#
        try expect(
            #"{"history_wellformed":true}"#, of: Self.asking("openai-responses", body), .holds())
    }

    /// An answer of 20 characters of which so many were delivered.
    private static let text = "The refund comes to twenty euros."

    enum Then: Hashable, Sendable {
        case retried
        case kept
        case keptAndContinued
        case dropped
    }

    static func cut(_ then: Then, finish: String? = nil) -> WireTrace {
        var trace = WireTrace()
        var answer = WireTrace.Answer()
        if finish == nil { answer.ending = .reset }
        trace.model(says: text, finish: finish, isKept: then != .retried, answer)
        // With something behind it, it is not what the model goes on with.
        if then == .kept { trace.tell("c1", "found") }
        switch then {
        case .retried, .kept, .keptAndContinued: trace.model(says: "And more of it.")
        case .dropped: break
        }
        return trace
    }

    @Test(
        "an answer that was cut is asked for again, and not taken for whole",
        arguments: [
            (Then.keptAndContinued, "length", "ok", Expected.holds("none taken for whole")),
            (.dropped, nil, "ok", .holds()),
            (.dropped, nil, text, .atEnd([1], "as if it were whole")),
            (.dropped, "length", "So: \(text)", .atEnd([1], "ended at its length limit")),
            (.dropped, "length", "\(text) (cut off)", .holds()),
        ] as [(Then, String?, String, Expected)])
    func complete(then: Then, finish: String?, output: String, expected: Expected) throws {
        let trace = Self.cut(then, finish: finish).ended(output: output)
        try expect(#"{"answer_complete":true}"#, of: trace, expected)
    }

    @Test("a cut answer that stands last in the next request is gone on with")
    func prefilled() throws {
        let turn = #"{"role":"assistant","content":"\#(Self.text)"}"#
        for (rest, expected) in [
            ("", Expected.holds("none taken for whole")),
            (",\(Self.ask)", .byRequest([1, 2])),
        ] {
            var trace = Self.cut(.dropped)
            trace.ask(
                "openai", kind: .model, body: #"{"messages":[\#(Self.ask),\#(turn)\#(rest)]}"#,
                at: 5, wire: "openai-chat")
            try expect(#"{"answer_complete":true}"#, of: trace.ended(), expected)
        }
    }

    @Test("many calls of one turn are paired in short time, in any order")
    func manyCalls() throws {
        let ids = (0..<20_000).map { "c\($0)" }
        let calls = ids.map { #"{"id":"\#($0)","function":{"name":"find","arguments":"{}"}}"# }
        let call = #"{"role":"assistant","tool_calls":[\#(calls.joined(separator: ","))]}"#
        let told = ids.reversed().map { #"{"role":"tool","tool_call_id":"\#($0)","content":"b"}"# }
        for (results, expected) in [
            (told, Expected.holds()), (Array(told.dropLast()), .byRequest([2], "\"c0\"")),
        ] {
            let turns = [Self.ask, call] + results
            let trace = Self.asking(
                "openai-chat", #"{"messages":[\#(turns.joined(separator: ","))]}"#)
            try expect(#"{"history_wellformed":true}"#, of: trace, expected)
        }
    }

    @Test("a run that says that it failed may print what it had")
    func failing() throws {
        let trace = Self.cut(.dropped).ended(.exited(.code(1)), output: Self.text)
        try expect(#"{"answer_complete":true}"#, of: trace, .holds())
        let own = Self.cut(.dropped).ended(output: "\(Self.text) [unfinished]")
        try expect(#"{"answer_complete":{"words":["unfinished"]}}"#, of: own, .holds())
        try expect(#"{"answer_complete":true}"#, of: own, .atEnd([1]))
    }

    @Test("a call of a cut answer that comes back is found by its identifier")
    func cutCall() throws {
        var trace = WireTrace()
        trace.model([("c1", "find", "{}")], WireTrace.Answer(ending: .closed))
        trace.tell("c1", "b")
        trace.model(says: "done")
        try expect(#"{"answer_complete":true}"#, of: trace.ended(), .byRequest([1, 2]))
    }

    @Test(
        "wrong arguments are named with their place",
        arguments: [
            (#"{"history_wellformed":false}"#, "$.history_wellformed"),
            (#"{"history_wellformed":{"strict":true}}"#, "$.history_wellformed.strict"),
            (#"{"answer_complete":{"words":[]}}"#, "$.answer_complete.words"),
        ])
    func wrong(text: String, path: String) throws {
        let error = try #require(throws: InvariantError.self) { try invariant(text) }
        #expect(error.path == path)
    }
}
