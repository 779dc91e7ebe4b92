import WireProtocols

extension ProviderErrorRows {
    static let bedrock: [ProviderErrorTests.Case] = [
        .init(
            BedrockConverse(), .quota, 429,
            #"""
            {"message":"Too many tokens per day, please wait before trying again."}
            """#),
        .init(
            BedrockConverse(), .billingLimit, 400,
            #"""
            {"message":"Your request exceeds the service quota for your account."}
            """#),
        .init(
            BedrockConverse(), .authentication, 403,
            #"""
            {"message":"The security token included in the request is invalid."}
            """#),
        .init(
            BedrockConverse(), .permission, 403,
            #"""
            {"message":"You don't have access to the model with the specified model ID."}
            """#),
        .init(
            BedrockConverse(), .timeout, 408,
            #"""
            {"message":"The request took too long to process. Processing time exceeded the \#
            model timeout length."}
            """#),
        .init(
            BedrockConverse(), .contextLength, 400,
            #"""
            {"message":"Input is too long for requested model."}
            """#),
        .init(
            BedrockConverse(), .unsupportedParameter, 400,
            #"""
            {"message":"Malformed input request: #: extraneous key [top_k] is not permitted, \#
            please reformat your input and try again."}
            """#),
        .init(
            BedrockConverse(), .historyInvalid, 400,
            #"""
            {"message":"Expected toolResult blocks at messages.2.content for the following \#
            Ids: tooluse_0000000000000000000000"}
            """#),
        .init(
            BedrockConverse(), .signatureInvalid, 400,
            #"""
            {"message":"The model returned the following errors: messages.1.content.0: \#
            Invalid `signature` in `thinking` block"}
            """#),
    ]

    static let ollama: [ProviderErrorTests.Case] = [
        .init(
            OllamaChat(), .quota, 429,
            #"""
            {"error":"you have reached your weekly usage limit, upgrade for higher limits: \#
            https://ollama.com/upgrade"}
            """#),
        .init(
            OllamaChat(), .authentication, 401,
            #"""
            {"error":"unauthorized"}
            """#),
        .init(
            OllamaChat(), .modelNotFound, 404,
            #"""
            {"error":"model 'm-1' not found"}
            """#),
        .init(
            OllamaChat(), .contextLength, 400,
            #"""
            {"error":"the input length exceeds the context length"}
            """#),
        .init(
            OllamaChat(), .invalidRequest, 400,
            #"""
            {"error":"json: cannot unmarshal string into Go struct field ChatRequest.messages \#
            of type []api.Message"}
            """#),
        .init(
            OllamaGenerate(), .invalidRequest, 400,
            #"""
            {"error":"json: cannot unmarshal array into Go struct field GenerateRequest.prompt \#
            of type string"}
            """#),
    ]

    static let cohere: [ProviderErrorTests.Case] = [
        .init(
            CohereChat(), .payment, 402,
            #"""
            {"id":"00000000-0000-0000-0000-000000000000","message":"Please add or update your \#
            payment method at https://dashboard.cohere.com/billing?tab=payment to continue"}
            """#),
        .init(
            CohereChat(), .authentication, 401,
            #"""
            {"id":"00000000-0000-0000-0000-000000000000","message":"invalid api token"}
            """#),
        .init(
            CohereChat(), .contextLength, 400,
            #"""
            {"id":"00000000-0000-0000-0000-000000000000","message":"too many tokens: size \#
            limit exceeded by 2 tokens. Try using shorter or fewer inputs. The limit for this \#
            model is 10 tokens."}
            """#),
        .init(
            CohereChat(), .contentPolicy, 498,
            #"""
            {"id":"00000000-0000-0000-0000-000000000000","message":"blocked input: please \#
            adjust your prompt and try again, it may be in violation of our usage policy."}
            """#),
    ]

    static let dialects: [ProviderErrorTests.Case] = [
        .init(
            Mistral(), .authentication, 401,
            #"""
            {"detail":"Unauthorized"}
            """#),
        .init(
            Mistral(), .modelNotFound, 400,
            #"""
            {"object":"error","message":"Invalid model: m-1","type":"invalid_model","param":\#
            null,"code":"1500","raw_status_code":400}
            """#),
        .init(
            Mistral(), .contextLength, 400,
            #"""
            {"object":"error","message":"Prompt contains 12 tokens and 0 draft tokens, too \#
            large for model with 10 maximum context length","type":"invalid_request_error",\#
            "param":null,"code":"3051","raw_status_code":400}
            """#),
        .init(
            Mistral(), .unsupportedParameter, 422,
            #"""
            {"detail":[{"type":"extra_forbidden","loc":["body","top_k"],"msg":"Extra inputs \#
            are not permitted"}]}
            """#),
        .init(
            Mistral(), .historyInvalid, 400,
            #"""
            {"object":"error","message":"Not the same number of function calls and responses",\#
            "type":"invalid_request_message_order","param":null,"code":"3230",\#
            "raw_status_code":400}
            """#),
        .init(
            AzureOpenAI(), .authentication, 401,
            #"""
            {"error":{"code":"401","message":"Access denied due to invalid subscription key \#
            or wrong API endpoint. Make sure to provide a valid key for an active \#
            subscription and use a correct regional API endpoint for your resource."}}
            """#),
        .init(
            AzureOpenAI(), .modelNotFound, 404,
            #"""
            {"error":{"code":"DeploymentNotFound","message":"The API deployment for this \#
            resource does not exist. If you created the deployment within the last 5 minutes, \#
            please wait a moment and try again."}}
            """#),
        .init(
            AzureOpenAI(), .timeout, 408,
            #"""
            {"error":{"code":"Timeout","message":"The operation was timeout."}}
            """#),
        .init(
            AzureOpenAI(), .contentPolicy, 400,
            #"""
            {"error":{"message":"The response was filtered due to the prompt triggering Azure \#
            OpenAI's content management policy. Please modify your prompt and retry. To learn \#
            more about our content filtering policies please read our documentation: https:\#
            //go.microsoft.com/fwlink/?linkid=2198766","type":null,"param":"prompt","code":\#
            "content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation",\#
            "content_filter_result":{"hate":{"filtered":false,"severity":"safe"},"self_harm":\#
            {"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":\#
            "safe"},"violence":{"filtered":true,"severity":"medium"}}}}}
            """#),
        .init(
            AzureOpenAI(), .unsupportedParameter, 400,
            #"""
            {"error":{"message":"Unsupported parameter: 'top_k' is not supported with this \#
            model.","type":"invalid_request_error","param":"top_k","code":\#
            "unsupported_parameter"}}
            """#),
        .init(
            OpenRouter(), .payment, 402,
            #"""
            {"error":{"message":"Insufficient credits. Add more using https:\#
            //openrouter.ai/settings/credits","code":402}}
            """#),
        .init(
            OpenRouter(), .authentication, 401,
            #"""
            {"error":{"message":"User not found.","code":401}}
            """#),
        .init(
            OpenRouter(), .contentPolicy, 403,
            #"""
            {"error":{"message":"m-1 requires moderation. Your input was flagged for \#
            \"violence\". No credits were charged.","code":403,"metadata":{"reasons":\#
            ["violence"],"flagged_input":"","provider_name":"unknown","model_slug":"m-1"}}}
            """#),
        .init(
            OpenRouter(), .signatureInvalid, 400,
            #"""
            {"error":{"message":"Provider returned error","code":400,"metadata":{"raw":\#
            "messages.1.content.0: Invalid `signature` in `thinking` block","provider_name":\#
            "unknown"}}}
            """#),
    ]
}
