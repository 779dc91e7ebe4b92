import Cassette
import Determinism

/// How the runtime reports errors, whatever the operation.
///
/// Sources: the models of the AWS SDKs for the names, answers as clients reported them for the
/// words. A client tells errors apart by the name in the header, not by the status.
enum BedrockErrors {
    /// One kind of error: its name, as it begins in the header, and its words.
    private struct Failure {
        var name: String?
        var message: String
    }

    /// The status of an error; a filter's is that of a bad request, and a bad key is forbidden.
    static func status(of error: ProviderError) -> Int? {
        switch error {
        case .payment, .tooLarge, .conflict, .previousResponseNotFound: nil
        case .authentication: 403
        case .billingLimit, .regionBlocked: 400
        default: error.status
        }
    }

    private static func failure(_ error: ProviderError, _ facts: ErrorFacts) -> Failure {
        switch error {
        case .rateLimit:
            Failure(name: throttling, message: "Too many tokens, please wait before trying again.")
        case .quota:
            Failure(
                name: throttling,
                message: "Too many tokens per day, please wait before trying again.")
        case .billingLimit, .payment:
            Failure(
                name: "ServiceQuotaExceededException",
                message: "Your request exceeds the service quota for your account.")
        case .server, .conflict:
            Failure(
                name: "InternalServerException",
                message: "The system encountered an unexpected error during processing. "
                    + "Try your request again.")
        // It comes from before the service, so it has no name of the service.
        case .badGateway: Failure(name: nil, message: "Bad Gateway")
        case .unavailable:
            Failure(name: unavailable, message: "Bedrock is unable to process your request.")
        case .overloaded:
            Failure(
                name: unavailable,
                message: "Too many connections, please wait before trying again.")
        case .authentication:
            Failure(
                name: "UnrecognizedClientException",
                message: "The security token included in the request is invalid.")
        case .permission:
            Failure(
                name: denied,
                message: "You don't have access to the model with the specified "
                    + "model ID.")
        case .agreementPending: Failure(name: denied, message: agreementPending)
        case .modelNotFound:
            Failure(
                name: "ResourceNotFoundException",
                message: "This model version has reached the end of its life. Please refer to "
                    + "the AWS documentation for more details.")
        case .timeout:
            Failure(
                name: "ModelTimeoutException",
                message: "The request took too long to process. Processing time exceeded the "
                    + "model timeout length.")
        case .regionBlocked, .tooLarge, .invalidRequest, .contextLength, .contentPolicy,
            .unsupportedParameter, .historyInvalid, .signatureInvalid, .previousResponseNotFound:
            Failure(name: "ValidationException", message: refusal(error, facts))
        }
    }

    private static func refusal(_ error: ProviderError, _ facts: ErrorFacts) -> String {
        switch error {
        case .regionBlocked:
            "Access to Anthropic models is not allowed from unsupported countries, regions, or "
                + "territories."
        case .tooLarge, .contextLength: "Input is too long for requested model."
        case .contentPolicy: AnthropicMessages.refusal(error, facts)
        case .unsupportedParameter:
            "Malformed input request: #: extraneous key [\(facts.parameter)] is not permitted, "
                + "please reformat your input and try again."
        case .historyInvalid:
            "Expected toolResult blocks at messages.2.content for the following Ids: "
                + "tooluse_0000000000000000000000"
        case .signatureInvalid:
            "The model returned the following errors: "
                + AnthropicMessages.refusal(error, facts)
        default:
            "A conversation must start with a user message. Try again with a conversation that "
                + "starts with a user message."
        }
    }

    private static let throttling = "ThrottlingException"
    private static let unavailable = "ServiceUnavailableException"
    private static let denied = "AccessDeniedException"

    private static let agreementPending =
        "Model access is denied due to IAM user or service role is not authorized to perform the "
        + "required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, "
        + "aws-marketplace:Subscribe) to enable access to this model. Your AWS Marketplace "
        + "subscription for this model cannot be completed at this time. If you recently fixed "
        + "this issue, try again after 15 minutes."

    /// The answer for an error; the AWS SDKs read `x-amz-retry-after`, in milliseconds, and no
    /// `retry-after`.
    static func answer(
        _ error: ProviderError, status: Int, facts: ErrorFacts
    ) -> ErrorAnswer {
        let failure = failure(error, facts)
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.append("x-amzn-requestid", "00000000-0000-0000-0000-000000000000")
        if let name = failure.name {
            headers.append("x-amzn-errortype", name + Self.namespace)
        }
        if let retryAfterMilliseconds = facts.retryAfterMilliseconds {
            headers.append("x-amz-retry-after", String(max(0, retryAfterMilliseconds)))
        }
        let body: JSONValue = ["message": .string(failure.message)]
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The message that reports an error inside a stream: an exception.
    static func event(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .awsEventStream else { return nil }
        let failure = failure(error, ErrorFacts())
        var payload: JSONValue = ["message": .string(failure.message)]
        if failure.name == nil {
            // Behind a gateway stands the model: its failure is wrapped.
            payload = [
                "message": "An error occurred while streaming the response. Retry your request.",
                "originalStatusCode": 502, "originalMessage": .string(failure.message),
            ]
        }
        // In streams the names begin in lower case.
        let name = failure.name ?? "ModelStreamErrorException"
        let headers = [
            AWSEventMessage.Header(
                ":exception-type", asciiLowercased(String(name.prefix(1))) + name.dropFirst()),
            AWSEventMessage.Header(":content-type", "application/json"),
            AWSEventMessage.Header(":message-type", "exception"),
        ]
        return .message(AWSEventMessage(headers: headers, payload: payload.encoded()))
    }

    /// What follows the name in the header.
    private static let namespace = ":http://internal.amazon.com/coral/com.amazon.bedrock/"
}

extension StreamEvent {
    /// Whether it is a message that reports a failure; its payload may be empty.
    var isException: Bool {
        guard case .message(let message) = self else { return false }
        return message.isValid && message.isException
    }

    /// Whether a client reads on behind it: neither broken nor an exception.
    var isReadable: Bool {
        isTerminated && !isException
    }
}
