import WireProtocols

extension WireSample {
    /// Every stream in both framings: as server-sent events, and as an array that trickles in.
    static let gemini: [WireSample] = (geminiTexts + geminiCalls + geminiEnds).flatMap { sample in
        [sample.sample(.sse), sample.sample(.jsonArray)]
    }

    private static let geminiTexts = [
        GeminiSample(
            "text in one chunk", [GeminiSample.chunk([GeminiSample.text("2 + 2 = 4")], "STOP")],
            text: "2 + 2 = 4", contentEvents: 1),
        GeminiSample(
            "text in pieces, then a signature",
            [
                GeminiSample.chunk([GeminiSample.text("Grüße")]),
                GeminiSample.chunk([GeminiSample.text(", Welt")]),
                GeminiSample.chunk([GeminiSample.text(#" 🌍\n\"!\""#)]),
                GeminiSample.chunk([GeminiSample.signed(#"{"text": ""}"#)], "STOP"),
            ],
            text: "Grüße, Welt 🌍\n\"!\"", contentEvents: 3),
        GeminiSample(
            "thoughts, text, a signature", GeminiSample.thoughtChunks, text: "It is three.",
            contentEvents: 2),
        GeminiSample(
            "thoughts and text in one chunk",
            [
                GeminiSample.chunk(
                    [GeminiSample.thought("I count."), GeminiSample.text("Three.")], "STOP")
            ],
            text: "Three.", contentEvents: 1),
        GeminiSample(
            "text that ran out of tokens",
            [
                GeminiSample.chunk([GeminiSample.text("One, two")]),
                GeminiSample.chunk([GeminiSample.text(", thr")], "MAX_TOKENS"),
            ],
            text: "One, two, thr", finishReason: "MAX_TOKENS", contentEvents: 2),
        GeminiSample(
            "a reason with every chunk, as of early models",
            [
                GeminiSample.chunk([GeminiSample.text("One")], "STOP"),
                GeminiSample.chunk([GeminiSample.text(", two.")], "STOP"),
            ],
            text: "One, two.", contentEvents: 2),
    ]

    private static let geminiCalls = [
        GeminiSample(
            "a whole call in the last chunk",
            [
                GeminiSample.chunk(
                    [
                        GeminiSample.signed(
                            GeminiSample.call("weather", #"{"city": "Köln","days": 3}"#))
                    ], "STOP", more: #","finishMessage": "Model generated function call(s).""#)
            ],
            calls: [
                ToolCall(id: "", name: "weather", arguments: #"{"city":"Köln","days":3}"#)
            ], contentEvents: 1, members: 2),
        GeminiSample(
            "parallel calls with identifiers",
            [
                GeminiSample.chunk([
                    GeminiSample.signed(GeminiSample.call("find", #"{"q": "é"}"#, id: "call_1"))
                ]),
                GeminiSample.chunk([
                    GeminiSample.call("refund", #"{"order": {"id": 7},"dry": true}"#, id: "call_2")
                ]),
                GeminiSample.chunk([GeminiSample.text("")], "STOP"),
            ],
            calls: [
                ToolCall(id: "call_1", name: "find", arguments: #"{"q":"é"}"#),
                ToolCall(
                    id: "call_2", name: "refund", arguments: #"{"order":{"id":7},"dry":true}"#),
            ], contentEvents: 2, members: 2),
        GeminiSample(
            "text, then text and parallel calls in one chunk",
            [
                GeminiSample.chunk([GeminiSample.text("I look")]),
                GeminiSample.chunk(
                    [
                        GeminiSample.text("."), GeminiSample.call("now", "{}"),
                        GeminiSample.call("get", #"{"a": [1,2]}"#), GeminiSample.text(""),
                    ], "STOP"),
            ],
            text: "I look.",
            calls: [
                ToolCall(id: "", name: "now", arguments: "{}"),
                ToolCall(id: "", name: "get", arguments: #"{"a":[1,2]}"#),
            ], contentEvents: 2, members: 1),
        GeminiSample(
            "a call whose arguments are streamed", GeminiSample.streamedChunks,
            calls: [
                ToolCall(
                    id: "", name: "order",
                    arguments:
                        #"{"city":"Köln","items":[{"name":"tea","count":2.5}],"dry":true,"note":null}"#
                )
            ], contentEvents: 8, members: 4),
        GeminiSample(
            "streamed calls in a row",
            [
                GeminiSample.chunk([GeminiSample.signed(#"{"functionCall": {"name": "now"}}"#)]),
                GeminiSample.open("read"), GeminiSample.piece(#""$.id","stringValue": "A""#),
                GeminiSample.closed, GeminiSample.open("read"),
                GeminiSample.piece(#""$.id","stringValue": "B""#),
                GeminiSample.chunk([#"{"functionCall": {}}"#], "STOP"),
            ],
            calls: [
                ToolCall(id: "", name: "now", arguments: "{}"),
                ToolCall(id: "", name: "read", arguments: #"{"id":"A"}"#),
                ToolCall(id: "", name: "read", arguments: #"{"id":"B"}"#),
            ], contentEvents: 5, members: 1),
    ]

    private static let geminiEnds = [
        GeminiSample(
            "usage behind the finish",
            [
                GeminiSample.chunk([GeminiSample.text("Done.")], "STOP"),
                #"{"usageMetadata": \#(GeminiSample.usage),"modelVersion": "gemini-2.5-flash"}"#,
            ],
            text: "Done.", contentEvents: 1),
        GeminiSample(
            "a malformed call", [GeminiSample.malformedCall],
            finishReason: "MALFORMED_FUNCTION_CALL", contentEvents: 0),
        // No edit applies, so its own reason stands for that of length.
        GeminiSample(
            "a blocked prompt", [GeminiSample.blocked], finishReason: "PROHIBITED_CONTENT",
            contentEvents: 0, length: "PROHIBITED_CONTENT"),
    ]
}

/// The chunks of a stream and what they say, whatever the framing.
struct GeminiSample {
    private let name: String
    private let chunks: [String]
    private let expected: AnswerSummary
    private let contentEvents: Int
    private let members: Int
    private let length: String

    init(
        _ name: String, _ chunks: [String], text: String = "", calls: [ToolCall] = [],
        finishReason: String = "STOP", contentEvents: Int, members: Int = 0,
        length: String = "MAX_TOKENS"
    ) {
        self.name = name
        self.chunks = chunks
        expected = AnswerSummary(
            text: text, toolCalls: calls, finishReason: finishReason, terminated: true)
        self.contentEvents = contentEvents
        self.members = members
        self.length = length
    }

    func sample(_ framing: StreamFraming) -> WireSample {
        WireSample(
            name: "\(name) (\(framing.rawValue))", wire: Gemini(), framing: framing,
            stream: Self.stream(chunks, framing), expected: expected,
            contentEvents: contentEvents, members: members,
            words: .init(length: length, normal: "STOP"), terminators: 0,
            argumentsAreObjects: true)
    }

    static func stream(_ chunks: [String], _ framing: StreamFraming) -> [UInt8] {
        guard framing == .jsonArray else {
            return streamBytes(chunks.map { "data: " + $0 }, .crlf)
        }
        return Array(("[" + chunks.joined(separator: "\n,\r\n") + "\n]\n").utf8)
    }

    static func events(_ chunks: [String], _ framing: StreamFraming = .sse) -> [StreamEvent] {
        framing.events(of: stream(chunks, framing))
    }

    static let thoughtChunks = [
        chunk([thought("**Counting**\\n\\nI count.")], usage: promptUsage),
        chunk([thought("**Checking**")], usage: promptUsage), chunk([text("It is")]),
        chunk([text(" three.")]), chunk([signed(#"{"text": ""}"#)], "STOP"),
    ]

    static let streamedChunks = [
        open("order"),
        piece(#""$.city","stringValue": "Kö","willContinue": true"#),
        piece(#""$.city","stringValue": "ln","willContinue": true"#),
        piece(#""$.city","stringValue": """#),
        piece(#""$.items[0].name","stringValue": "tea""#),
        chunk([#"{"functionCall": {"willContinue": true}}"#]),
        piece(#""$['items'][0].count","numberValue": 2.5"#),
        piece(#""$.dry","boolValue": true"#),
        piece(#""$.note","nullValue": "NULL_VALUE""#, goesOn: false),
        chunk([text("")], "STOP"),
    ]

    static let malformedCall =
        #"{"candidates": [{"content": {},"finishReason": "MALFORMED_FUNCTION_CALL","index": 0,"#
        + #""finishMessage": "Malformed function call: get("}],"usageMetadata": \#(promptUsage)}"#
    static let blocked =
        #"{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},"#
        + #""usageMetadata": \#(promptUsage)}"#

    static let promptUsage = #"{"promptTokenCount": 9,"totalTokenCount": 9}"#
    static let usage =
        #"{"promptTokenCount": 9,"candidatesTokenCount": 5,"totalTokenCount": 20,"#
        + #""candidatesTokensDetails": [{"modality": "TEXT","tokenCount": 5}],"#
        + #""thoughtsTokenCount": 6}"#

    /// A chunk; only the last one has usage and what else the provider repeats in each, since the
    /// tests read very many truncations of every stream.
    static func chunk(
        _ parts: [String], _ finishReason: String? = nil, more: String = "", usage: String? = nil
    ) -> String {
        let finish = finishReason.map { #""finishReason": "\#($0)","# } ?? ""
        let usage = usage ?? (finishReason == nil ? nil : Self.usage)
        let tail = usage.map {
            #","usageMetadata": \#($0),"modelVersion": "gemini-2.5-flash","responseId": "r-1""#
        }
        return #"{"candidates": [{"content": {"parts": [\#(parts.joined(separator: ","))],"#
            + #""role": "model"},\#(finish)"index": 0\#(more)}]\#(tail ?? "")}"#
    }

    static func text(_ escaped: String) -> String { #"{"text": "\#(escaped)"}"# }

    static func thought(_ escaped: String) -> String {
        #"{"text": "\#(escaped)","thought": true}"#
    }

    static func call(_ name: String, _ arguments: String, id: String? = nil) -> String {
        let id = id.map { #","id": "\#($0)""# } ?? ""
        return #"{"functionCall": {"name": "\#(name)","args": \#(arguments)\#(id)}}"#
    }

    static func signed(_ part: String) -> String {
        part.dropLast() + #","thoughtSignature": "CiQBEU0yDw=="}"#
    }

    static func open(_ name: String) -> String {
        chunk([signed(#"{"functionCall": {"name": "\#(name)","willContinue": true}}"#)])
    }

    static func piece(_ pathAndValue: String, goesOn: Bool = true) -> String {
        let end = goesOn ? #","willContinue": true"# : ""
        return chunk([
            #"{"functionCall": {"partialArgs": [{"jsonPath": \#(pathAndValue)}]\#(end)}}"#
        ])
    }

    static let closed = chunk([#"{"functionCall": {}}"#])
}
