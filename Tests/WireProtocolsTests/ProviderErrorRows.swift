import WireProtocols

/// What every provider says of an error, with the facts of the tests.
enum ProviderErrorRows {
    static let all: [ProviderErrorTests.Case] =
        openAI + anthropic + gemini + bedrock + ollama + cohere + dialects

    static let openAI: [ProviderErrorTests.Case] = [
        .init(
            OpenAIChat(), .quota, 429,
            #"""
            {"error":{"message":"You exceeded your current quota, please check your plan and \#
            billing details. For more information on this error, read the docs: https:\#
            //platform.openai.com/docs/guides/error-codes/api-errors.","type":\#
            "insufficient_quota","param":null,"code":"insufficient_quota"}}
            """#),
        .init(
            OpenAIChat(), .billingLimit, 429,
            #"""
            {"error":{"message":"Billing hard limit has been reached.","type":\#
            "invalid_request_error","param":null,"code":"billing_hard_limit_reached"}}
            """#),
        .init(
            OpenAIChat(), .authentication, 401,
            #"""
            {"error":{"message":"Incorrect API key provided: sk-****. You can find your API \#
            key at https://platform.openai.com/account/api-keys.","type":\#
            "invalid_request_error","param":null,"code":"invalid_api_key"}}
            """#),
        .init(
            OpenAIChat(), .permission, 403,
            #"""
            {"error":{"message":"Project `proj_000000000000000000000000` does not have access \#
            to model `m-1`","type":"invalid_request_error","param":null,"code":\#
            "model_not_found"}}
            """#),
        .init(
            OpenAIChat(), .regionBlocked, 403,
            #"""
            {"error":{"message":"Country, region, or territory not supported","type":\#
            "request_forbidden","param":null,"code":"unsupported_country_region_territory"}}
            """#),
        .init(
            OpenAIChat(), .modelNotFound, 404,
            #"""
            {"error":{"message":"The model `m-1` does not exist or you do not have access to \#
            it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}
            """#),
        .init(
            OpenAIChat(), .contextLength, 400,
            #"""
            {"error":{"message":"This model's maximum context length is 10 tokens. However, \#
            your messages resulted in 12 tokens. Please reduce the length of the messages.",\#
            "type":"invalid_request_error","param":"messages","code":\#
            "context_length_exceeded"}}
            """#),
        .init(
            OpenAIChat(), .contentPolicy, 400,
            #"""
            {"error":{"message":"Invalid prompt: your prompt was flagged as potentially \#
            violating our usage policy. Please try again with a different prompt: https:\#
            //platform.openai.com/docs/guides/reasoning#advice-on-prompting","type":\#
            "invalid_request_error","param":null,"code":"invalid_prompt"}}
            """#),
        .init(
            OpenAIChat(), .unsupportedParameter, 400,
            #"""
            {"error":{"message":"Unsupported parameter: 'top_k' is not supported with this \#
            model.","type":"invalid_request_error","param":"top_k","code":\#
            "unsupported_parameter"}}
            """#),
        .init(
            OpenAIChat(), .historyInvalid, 400,
            #"""
            {"error":{"message":"An assistant message with 'tool_calls' must be followed by \#
            tool messages responding to each 'tool_call_id'. The following tool_call_ids did \#
            not have response messages: call_000000000000000000000000","type":\#
            "invalid_request_error","param":"messages","code":null}}
            """#),
        .init(
            OpenAIResponses(), .contextLength, 400,
            #"""
            {"error":{"message":"Your input exceeds the context window of this model. Please \#
            adjust your input and try again.","type":"invalid_request_error","param":"input",\#
            "code":"context_length_exceeded"}}
            """#),
        .init(
            OpenAIResponses(), .unsupportedParameter, 400,
            #"""
            {"error":{"message":"Unsupported parameter: 'top_k' is not supported with this \#
            model.","type":"invalid_request_error","param":"top_k","code":\#
            "unsupported_parameter"}}
            """#),
        .init(
            OpenAIResponses(), .historyInvalid, 400,
            #"""
            {"error":{"message":"No tool output found for function call \#
            call_000000000000000000000000.","type":"invalid_request_error","param":"input",\#
            "code":null}}
            """#),
        .init(
            OpenAIResponses(), .previousResponseNotFound, 400,
            #"""
            {"error":{"message":"Previous response with id 'resp_7' not found.","type":\#
            "invalid_request_error","param":"previous_response_id","code":\#
            "previous_response_not_found"}}
            """#),
    ]

    static let anthropic: [ProviderErrorTests.Case] = [
        .init(
            AnthropicMessages(), .quota, 429,
            #"""
            {"type":"error","error":{"type":"rate_limit_error","message":"This organization \#
            has reached its monthly spend limit.","details":{"error_code":\#
            "enforced_spend_limit_reached"}},"request_id":"req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .billingLimit, 429,
            #"""
            {"type":"error","error":{"type":"rate_limit_error","message":"This organization \#
            has reached its monthly spend limit.","details":{"error_code":\#
            "contract_spend_limit_reached"}},"request_id":"req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .payment, 402,
            #"""
            {"type":"error","error":{"details":null,"type":"billing_error","message":"Your \#
            credit balance is too low to access the Anthropic API. Please go to Plans & \#
            Billing to upgrade or purchase credits."},"request_id":\#
            "req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .authentication, 401,
            #"""
            {"type":"error","error":{"details":null,"type":"authentication_error","message":\#
            "invalid x-api-key"},"request_id":"req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .permission, 403,
            #"""
            {"type":"error","error":{"details":null,"type":"permission_error","message":"Your \#
            API key does not have permission to use the specified resource."},"request_id":\#
            "req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .regionBlocked, 403,
            #"""
            {"type":"error","error":{"details":null,"type":"forbidden","message":"Request not \#
            allowed"},"request_id":"req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .modelNotFound, 404,
            #"""
            {"type":"error","error":{"details":null,"type":"not_found_error","message":"model:\#
             m-1"},"request_id":"req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .tooLarge, 413,
            #"""
            {"type":"error","error":{"details":null,"type":"request_too_large","message":\#
            "Request exceeds the maximum size"},"request_id":"req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .timeout, 504,
            #"""
            {"type":"error","error":{"details":null,"type":"timeout_error","message":"Request \#
            timed out"},"request_id":"req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .contextLength, 400,
            #"""
            {"type":"error","error":{"details":null,"type":"invalid_request_error","message":\#
            "prompt is too long: 12 tokens > 10 maximum"},"request_id":\#
            "req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .contentPolicy, 400,
            #"""
            {"type":"error","error":{"details":null,"type":"invalid_request_error","message":\#
            "Output blocked by content filtering policy"},"request_id":\#
            "req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .unsupportedParameter, 400,
            #"""
            {"type":"error","error":{"details":null,"type":"invalid_request_error","message":\#
            "top_k: Extra inputs are not permitted"},"request_id":\#
            "req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .historyInvalid, 400,
            #"""
            {"type":"error","error":{"details":null,"type":"invalid_request_error","message":\#
            "messages.2: `tool_use` ids were found without `tool_result` blocks immediately \#
            after: toolu_000000000000000000000000. Each `tool_use` block must have a \#
            corresponding `tool_result` block in the next message."},"request_id":\#
            "req_000000000000000000000000"}
            """#),
        .init(
            AnthropicMessages(), .signatureInvalid, 400,
            #"""
            {"type":"error","error":{"details":null,"type":"invalid_request_error","message":\#
            "messages.1.content.0: Invalid `signature` in `thinking` block"},"request_id":\#
            "req_000000000000000000000000"}
            """#),
    ]

    static let gemini: [ProviderErrorTests.Case] = [
        .init(
            Gemini(), .quota, 429,
            #"""
            {"error":{"code":429,"message":"You exceeded your current quota, please check \#
            your plan and billing details. For more information on this error, head to: https:\#
            //ai.google.dev/gemini-api/docs/rate-limits. To monitor your current usage, head \#
            to: https://ai.dev/rate-limit. \n* Quota exceeded for metric: \#
            generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 20, \#
            model: m-1","status":"RESOURCE_EXHAUSTED","details":[{"@type":\#
            "type.googleapis.com/google.rpc.Help","links":[{"description":"Learn more about \#
            Gemini API quotas","url":"https://ai.google.dev/gemini-api/docs/rate-limits"}]},\#
            {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":\#
            [{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_re\#
            quests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier",\#
            "quotaDimensions":{"location":"global","model":"m-1"},"quotaValue":"20"}]}]}}
            """#),
        .init(
            Gemini(), .billingLimit, 429,
            #"""
            {"error":{"code":429,"message":"You exceeded your current quota, please check \#
            your plan and billing details. For more information on this error, head to: https:\#
            //ai.google.dev/gemini-api/docs/rate-limits. To monitor your current usage, head \#
            to: https://ai.dev/rate-limit. \n* Quota exceeded for metric: \#
            generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, \#
            model: m-1","status":"RESOURCE_EXHAUSTED","details":[{"@type":\#
            "type.googleapis.com/google.rpc.Help","links":[{"description":"Learn more about \#
            Gemini API quotas","url":"https://ai.google.dev/gemini-api/docs/rate-limits"}]},\#
            {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":\#
            [{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_re\#
            quests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier",\#
            "quotaDimensions":{"location":"global","model":"m-1"},"quotaValue":"0"}]}]}}
            """#),
        .init(
            Gemini(), .authentication, 400,
            #"""
            {"error":{"code":400,"message":"API key not valid. Please pass a valid API key.",\#
            "status":"INVALID_ARGUMENT","details":[{"@type":\#
            "type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":\#
            "googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}]}}
            """#),
        .init(
            Gemini(), .permission, 403,
            #"""
            {"error":{"code":403,"message":"The caller does not have permission","status":\#
            "PERMISSION_DENIED"}}
            """#),
        .init(
            Gemini(), .regionBlocked, 400,
            #"""
            {"error":{"code":400,"message":"User location is not supported for the API use.",\#
            "status":"FAILED_PRECONDITION"}}
            """#),
        .init(
            Gemini(), .tooLarge, 400,
            #"""
            {"error":{"code":400,"message":"Request payload size exceeds the limit: 20971520 \#
            bytes.","status":"INVALID_ARGUMENT"}}
            """#),
        .init(
            Gemini(), .timeout, 504,
            #"""
            {"error":{"code":504,"message":"Deadline expired before operation could \#
            complete.","status":"DEADLINE_EXCEEDED"}}
            """#),
        .init(
            Gemini(), .contextLength, 400,
            #"""
            {"error":{"code":400,"message":"The input token count (12) exceeds the maximum \#
            number of tokens allowed (10).","status":"INVALID_ARGUMENT"}}
            """#),
        .init(
            Gemini(), .historyInvalid, 400,
            #"""
            {"error":{"code":400,"message":"Please ensure that the number of function \#
            response parts is equal to the number of function call parts of the function call \#
            turn.","status":"INVALID_ARGUMENT"}}
            """#),
    ]
}
