import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let historyInvalid400 = refusal(
        "history-invalid-400",
        "The conversation is refused: a tool call in it has no result.", .historyInvalid,
        weight: 4,
        documentation: FaultDocumentation(
            wireForm: "400. Anthropic: `tool_use` ids without `tool_result`. OpenAI: tool_calls "
                + "must be followed by tool messages, or no tool output found. Gemini: the number "
                + "of function response parts. Bedrock: `Expected toolResult blocks`. Mistral: "
                + "invalid_request_message_order. The place and the identifier are fixed.",
            clients: "Not retried. The same history goes into every later call, so all fail.",
            robustAgent: "Repairs the history: drops the call, or gives it the result of an error.",
            evidence: [
                "anthropics/claude-code#3003", "anthropics/claude-code#2261",
                "anthropics/claude-code#1776", "opencode#3230",
                "opencode#5750", "earendil-works/pi#4189", "camel-ai/camel#3954",
            ]))

    static let thinkingSignature400 = refusal(
        "thinking-signature-400",
        "The conversation is refused: a signed part is not what was signed.", .signatureInvalid,
        weight: 4,
        documentation: FaultDocumentation(
            wireForm: "400. Anthropic, Bedrock and OpenRouter: invalid `signature` in `thinking` "
                + "block. Gemini: a missing thought_signature. Responses: "
                + "invalid_encrypted_content. Others sign nothing.",
            clients: "Not retried. It comes after a change of model or key, or an edit of the "
                + "history, and bricks the session.",
            robustAgent: "Drops the reasoning of other models and retries once.",
            evidence: [
                "anthropics/anthropic-sdk-python#1598", "openclaw#94228",
                "openclaw#99382", "hermes-agent#24401",
                "openai/codex#8119",
            ]))

    static let prevResponseNotFound = FaultKind(
        id: "prev-response-not-found",
        summary: "The response that the request continues is not stored any more.",
        layer: .status, target: .model, signature: .loud, weight: 3, replaces: true,
        documentation: FaultDocumentation(
            wireForm: "400 with previous_response_not_found, naming the identifier of the request. "
                + "Responses only, where the request has a previous_response_id.",
            clients: "Not retried.",
            robustAgent: "Sends the whole history again.",
            evidence: ["https://platform.openai.com/docs/api-reference/responses/create"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            let status = try context.status(of: .previousResponseNotFound)
            let request = try? JSONValue.parse(context.interaction.request.body)
            guard let identifier = request?["previous_response_id"]?.stringValue else {
                throw Inapplicable("the request continues no earlier response")
            }
            let answer = context.errorAnswer(
                .previousResponseNotFound, status: status,
                facts: ErrorFacts(previousResponse: identifier))
            delivery.replace(by: answer, request: context.interaction.request)
        })
}
