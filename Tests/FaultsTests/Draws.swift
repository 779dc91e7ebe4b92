import Cassette
import Determinism
import Faults
import WireProtocols

/// Random deliveries and parameters that depend on a seed and a number only.
struct Draws {
    private let random: KeyedRandom
    private var lane: UInt16 = 0

    init(seed: UInt64, number: Int) {
        random = KeyedRandom(seed: Seed(seed), callID: UInt64(number), take: 0, attempt: 0)
    }

    mutating func int(_ range: ClosedRange<Int>) -> Int {
        lane += 1
        return Int(
            random.pick(
                in: Int64(range.lowerBound)...Int64(range.upperBound), .content, lane: lane))
    }

    mutating func integer(_ range: ClosedRange<Int64>) -> Int64 {
        lane += 1
        return random.pick(in: range, .parameter, lane: lane)
    }

    /// Any delivery a recording can hold, with a context that fits it.
    mutating func delivery() -> (Delivery, FaultContext) {
        switch int(0...11) {
        case 0: (sent(openAIStream(), type: "text/event-stream"), model(OpenAIChat()))
        case 1: (sent(anthropicStream(), type: "text/event-stream"), model(AnthropicMessages()))
        case 2: (sent(letters(0...40), type: "text/event-stream; x"), model(OpenAIChat()))
        case 3: (sent(document()), model(OpenAIChat()))
        case 4: (sent(#"{"id":\#(int(1...99)),"name":"Zoë \#(letters(0...9))"}"#), tool())
        case 5: (sent(noise(), type: "application/octet-stream"), tool())
        case 6: (sent(""), tool())
        case 7: (sent(geminiArray()), model(Gemini(), "/models/g:streamGenerateContent"))
        case 8:
            (
                sent(geminiEvents(), type: "text/event-stream"),
                model(Gemini(), "/models/g:streamGenerateContent?alt=sse")
            )
        case 9:
            (sent(ollamaLines(), type: "application/x-ndjson"), model(OllamaChat(), "/api/chat"))
        case 10:
            (
                sent(converseMessages(), type: "application/vnd.amazon.eventstream"),
                model(BedrockConverse(), "/model/m/converse-stream")
            )
        default: (Delivery(head: nil, ending: ending(), endAt: .milliseconds(3)), tool())
        }
    }

    /// The defaults of a fault; now and then, and where no draw is possible, any number at all.
    mutating func parameters(
        of kind: FaultKind, _ delivery: Delivery, _ context: FaultContext
    ) -> FaultParameters {
        FaultParameters(
            kind.parameters.map { spec in
                JSONMember(spec.name, value(of: spec, delivery, context))
            })
    }

    private mutating func value(
        of spec: ParameterSpec, _ delivery: Delivery, _ context: FaultContext
    ) -> JSONValue {
        let isWild = int(0...9) == 0
        switch (spec.domain, spec.defaultValue) {
        case (.choice(let words), _): return .string(words[int(0...words.count - 1)])
        case (.integer(let domain), _) where isWild:
            // Megabytes take minutes in a build for debugging.
            let most = spec.name == "bytes" ? 4_096 : domain.upperBound
            let extremes = [domain.lowerBound, most, 0, -1, .min, .max]
            return .int(extremes[int(0...extremes.count - 1)])
        case (.integer, .fixed) where spec.name == "bytes": return .int(2_048)
        case (.integer, .drawn(let range)):
            return .int(integer(range(delivery, context) ?? 0...12))
        case (_, .fixed(let value)): return value
        case (.text, .drawn): return "text"
        }
    }

    private func model(_ wire: any WireProtocol, _ target: String? = nil) -> FaultContext {
        var interaction = Sample.model.interaction
        if let target { interaction.request.target = target }
        return FaultContext(
            interaction: interaction, upstream: Sample.model.upstream, wire: wire)
    }

    private mutating func tool() -> FaultContext {
        Sample.tool(earlier: int(0...1) == 0 ? Sample.earlier(#"{"id":\#(int(1...99))}"#) : nil)
    }

    private mutating func ending() -> DeliveryEnding {
        let unrecorded: [DeliveryEnding] = [.unconnected, .killed, .goAway, .streamReset]
        let endings = DeliveryEnding.allCases.filter { !unrecorded.contains($0) }
        return endings[int(0...endings.count - 1)]
    }

    /// A body cut anywhere, with rising instants and one of the framings.
    mutating func sent(_ text: String, type: String = "application/json") -> Delivery {
        sent(Array(text.utf8), type: type)
    }

    private mutating func sent(_ bytes: [UInt8], type: String) -> Delivery {
        var at = SimDuration.milliseconds(Int64(int(0...20)))
        let headAt = at
        var chunks: [Chunk] = []
        var start = 0
        while start < bytes.count {
            at += .microseconds(Int64(int(0...5_000)))
            let end = min(bytes.count, start + int(0...120))
            chunks.append(Chunk(at: at, bytes: Array(bytes[start..<end])))
            start = end
        }
        let framings: [BodyFraming] = [.chunked, .chunked, .length(bytes.count), .untilClose]
        return Delivery(
            head: DeliveryHead(
                status: 200, headers: [HeaderField("content-type", type)], at: headAt,
                framing: bytes.isEmpty ? .none : framings[int(0...3)]),
            body: chunks, ending: int(0...3) == 0 ? ending() : .complete, endAt: at)
    }

    private mutating func letters(_ count: ClosedRange<Int>) -> String {
        let alphabet = Array("aé€😀b c\n:x")
        return String((0..<int(count)).map { _ in alphabet[int(0...alphabet.count - 1)] })
    }

    private mutating func noise() -> [UInt8] {
        (0..<int(0...60)).map { _ in UInt8(int(0...255)) }
    }

    private mutating func openAIStream() -> String {
        let inner = (0..<int(0...4)).map { _ in "ABCÄ".map(Sample.event)[int(0...3)] }.joined()
        let call =
            int(0...1) == 0
            ? SemanticFaultTests.call + SemanticFaultTests.piece + SemanticFaultTests.finish
            : Sample.event(">")
        return Sample.event("<") + inner + call + (int(0...4) == 0 ? "" : Sample.event("."))
    }

    private mutating func anthropicStream() -> String {
        var events: [(String, String)] = [("message_start", #""message":{"content":[]}"#)]
        events.append(
            ("content_block_start", #""index":0,"content_block":{"type":"text","text":""}"#))
        for _ in 0..<int(0...3) {
            let text = ["a", "é", "c"][int(0...2)]
            events.append(
                (
                    "content_block_delta",
                    #""index":0,"delta":{"type":"text_delta","text":"\#(text)"}"#
                ))
        }
        events.append(("content_block_stop", #""index":0"#))
        events.append(("message_delta", #""delta":{"stop_reason":"end_turn"},"usage":{}"#))
        if int(0...4) > 0 { events.append(("message_stop", #""x":1"#)) }
        return events.map { "event: \($0)\ndata: {\"type\":\"\($0)\",\($1)}\n\n" }.joined()
    }

    private mutating func document() -> String {
        let text = letters(0...6).filter { $0 != "\n" }
        let call =
            #"{"id":"c","type":"function","function":{"name":"f","arguments":"#
            + #""{\"a\":1,\"b\":2}"}}"#
        let calls = int(0...1) == 0 ? #","tool_calls":[\#(call)]"# : ""
        return #"{"choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)""#
            + calls + #"},"finish_reason":"stop"}]}"#
    }
}
