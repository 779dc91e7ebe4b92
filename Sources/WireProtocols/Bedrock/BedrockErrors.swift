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

    private static func failure(_ error: ProviderError) -> Failure {
        switch error {
        case .rateLimit:
            Failure(
                name: "ThrottlingException",
                message: "Too many tokens, please wait before trying again.")
        case .server:
            Failure(
                name: "InternalServerException",
                message: "The system encountered an unexpected error during processing. "
                    + "Try your request again.")
        // It comes from before the service, so it has no name of the service.
        case .badGateway: Failure(name: nil, message: "Bad Gateway")
        case .unavailable:
            Failure(
                name: "ServiceUnavailableException",
                message: "Bedrock is unable to process your request.")
        case .overloaded:
            Failure(
                name: "ServiceUnavailableException",
                message: "Too many connections, please wait before trying again.")
        }
    }

    /// The answer for an error; the AWS SDKs read `x-amz-retry-after`, in milliseconds, and no
    /// `retry-after`.
    static func answer(
        _ error: ProviderError, status: Int, retryAfterMilliseconds: Int64?
    ) -> ErrorAnswer {
        let failure = failure(error)
        var headers: HeaderFields = [HeaderField("content-type", "application/json")]
        headers.append("x-amzn-requestid", "00000000-0000-0000-0000-000000000000")
        if let name = failure.name {
            headers.append("x-amzn-errortype", name + Self.namespace)
        }
        if let retryAfterMilliseconds {
            headers.append("x-amz-retry-after", String(max(0, retryAfterMilliseconds)))
        }
        let body: JSONValue = ["message": .string(failure.message)]
        return ErrorAnswer(status: status, headers: headers, body: body.encoded())
    }

    /// The message that reports an error inside a stream: an exception.
    static func event(_ error: ProviderError, framing: StreamFraming) -> StreamEvent? {
        guard framing == .awsEventStream else { return nil }
        let failure = failure(error)
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
