import Cassette
import Determinism
import Faults
import WireProtocols

/// Whole answers, of tools and of models.
extension Draws {
    /// An answer of a tool: a JSON object with values of many kinds, a list, or plain text; with an
    /// earlier answer of the same route.
    mutating func toolDelivery() -> (Delivery, FaultContext) {
        let method = int(0...2) == 0 ? "POST" : "GET"
        let context = Sample.tool(
            method: method,
            earlier: int(0...4) > 0 ? Sample.earlier(order(), method: method) : nil)
        var delivery =
            switch int(0...5) {
            case 0: sent(plainText(), type: "text/plain; charset=utf-8")
            case 1: sent("[\(order()),\(order())]")
            case 2: sent(#"{"access_token":"t\#(int(0...9))","expires_in":3600}"#)
            default: sent(order())
            }
        if int(0...3) > 0 {
            delivery.head?.headers.append("date", "Thu, 26 Nov 2026 23:59:59 GMT")
            delivery.head?.headers.append("x-request-id", "r\(int(0...9))")
        }
        return (delivery, context)
    }

    /// The document of a model that answers at once, with a text or a tool call, in one of several
    /// protocols.
    mutating func answerDelivery() -> (Delivery, FaultContext) {
        let form = AnswerForm.all[int(0...AnswerForm.all.count - 1)]
        let document = int(0...1) == 0 ? form.text : { _ in form.call }
        let text = [#"Paris is big. It costs 12 euros."#, #"{\"city\":\"Paris\",\"n\":12}"#, "été"]
        var delivery = sent(document(text[int(0...text.count - 1)]))
        if int(0...1) == 0 { delivery.head?.headers.append("x-request-id", "r1") }
        var interaction = Sample.model.interaction
        interaction.request = Sample.request(target: form.target, body: AnswerForm.request)
        let other = AnswerForm.other(interaction, form.text("Another answer."))
        return (
            delivery,
            FaultContext(
                interaction: interaction, upstream: Sample.model.upstream, wire: form.wire,
                neighbour: { _ in other })
        )
    }

    private mutating func order() -> String {
        let number = int(1...99)
        return #"{"id":\#(number),"order_id":"o-\#(number)","status":"paid","ok":true,"#
            + #""placed":"2026-02-28T23:30:00Z","due":"2026-03-\#(10 + int(0...9))","#
            + #""items":[{"sku":"A","price":12.50},{"sku":"B","price":\#(int(1...9))}],"#
            + #""note":"café","total":15.5,"next_cursor":"p2"}"#
    }

    private mutating func plainText() -> String {
        ["Paid 12 euros on 2026-02-28.", "line one\nline two\n", "ça va"][int(0...2)]
    }
}

/// How a protocol writes a document with a text and one with a tool call.
struct AnswerForm: Sendable {
    let wire: any WireProtocol
    let target: String
    let text: @Sendable (_ text: String) -> String
    let call: String

    /// A request with a system prompt, a tool and a history, as far as faults read it in the form of
    /// any protocol.
    static let request =
        #"{"model":"m","previous_response_id":"resp_0","messages":[{"role":"system","#
        + #""content":"Be brief."},{"role":"assistant","tool_calls":[{"id":"c0","#
        + #""type":"function","function":{"name":"look_up","arguments":"{\"id\":5}"}}]}],"#
        + #""tools":[{"type":"function","function":{"name":"refund","parameters":{"#
        + #""type":"object","properties":{"id":{"type":"integer","maximum":99},"#
        + #""mode":{"type":"string","enum":["full","part"]}},"required":["id","mode"]}}}]}"#

    /// What another call, of the same route, got.
    static func other(_ interaction: Interaction, _ body: String) -> Interaction {
        var other = interaction
        other.response = RecordedResponse(
            status: 200, headers: [HeaderField("content-type", "application/json")],
            chunks: [Chunk(at: .zero, bytes: Array(body.utf8))])
        return other
    }

    static let all: [AnswerForm] = [
        AnswerForm(
            wire: OpenAIChat(), target: "/v1/chat/completions",
            text: { chat(#""content":"\#($0)""#, "stop") },
            call: chat(
                #""content":null,"tool_calls":[{"id":"c1","type":"function","function":{"#
                    + #""name":"refund","arguments":"{\"id\":7,\"mode\":\"full\"}"}},"#
                    + #"{"id":"c2","type":"function","function":{"#
                    + #""name":"refund","arguments":"{\"id\":8,\"mode\":\"part\"}"}}]"#,
                "tool_calls")),
        AnswerForm(
            wire: OpenAIResponses(), target: "/v1/responses",
            text: {
                responses(
                    #"{"type":"message","id":"m1","status":"completed","role":"assistant","#
                        + #""content":[{"type":"output_text","text":"\#($0)","annotations":[]}]}"#)
            },
            call: responses(
                #"{"type":"function_call","id":"f1","call_id":"c1","name":"refund","#
                    + #""arguments":"{\"id\":7,\"mode\":\"full\"}","status":"completed"}"#)),
        AnswerForm(
            wire: AnthropicMessages(), target: "/v1/messages",
            text: { anthropic(#"{"type":"text","text":"\#($0)"}"#, "end_turn") },
            call: anthropic(
                #"{"type":"tool_use","id":"t1","name":"refund","input":{"id":7,"mode":"full"}}"#,
                "tool_use")),
        AnswerForm(
            wire: Gemini(), target: "/v1beta/models/g:generateContent",
            text: { gemini(#"{"text":"\#($0)"}"#) },
            call: gemini(#"{"functionCall":{"name":"refund","args":{"id":7,"mode":"full"}}}"#)),
        AnswerForm(
            wire: OllamaChat(), target: "/api/chat", text: { ollama(#""content":"\#($0)""#) },
            call: ollama(
                #""content":"","tool_calls":[{"function":{"name":"refund","arguments":"#
                    + #"{"id":7,"mode":"full"}}}]"#)),
        AnswerForm(
            wire: BedrockConverse(), target: "/model/m/converse",
            text: { converse(#"{"text":"\#($0)"}"#, "end_turn") },
            call: converse(
                #"{"toolUse":{"toolUseId":"t1","name":"refund","input":{"id":7,"mode":"full"}}}"#,
                "tool_use")),
    ]

    private static func chat(_ message: String, _ finish: String) -> String {
        #"{"id":"x1","object":"chat.completion","created":1764000000,"model":"m-1","#
            + #""system_fingerprint":"fp_1","choices":"#
            + #"[{"index":0,"message":{"role":"assistant",\#(message)},"#
            + #""finish_reason":"\#(finish)"}],"usage":{"prompt_tokens":90,"#
            + #""completion_tokens":5,"total_tokens":95}}"#
    }

    private static func responses(_ item: String) -> String {
        #"{"id":"resp_1","object":"response","created_at":1764000000,"status":"completed","#
            + #""model":"m-1","output":[\#(item)],"usage":{"input_tokens":9,"output_tokens":5}}"#
    }

    private static func anthropic(_ block: String, _ reason: String) -> String {
        #"{"id":"m1","type":"message","role":"assistant","model":"c","content":[\#(block)],"#
            + #""stop_reason":"\#(reason)","usage":{"input_tokens":9,"output_tokens":5}}"#
    }

    private static func gemini(_ part: String) -> String {
        #"{"candidates":[{"content":{"parts":[\#(part)],"role":"model"},"finishReason":"STOP"}],"#
            + #""usageMetadata":{"promptTokenCount":9},"modelVersion":"g-1","responseId":"r"}"#
    }

    private static func ollama(_ message: String) -> String {
        #"{"model":"q","created_at":"2026-02-28T23:30:00Z","message":{"role":"assistant","#
            + #"\#(message)},"done":true,"done_reason":"stop","eval_count":4}"#
    }

    private static func converse(_ block: String, _ reason: String) -> String {
        #"{"output":{"message":{"role":"assistant","content":[\#(block)]}},"#
            + #""stopReason":"\#(reason)","usage":{"inputTokens":9,"outputTokens":4}}"#
    }
}
