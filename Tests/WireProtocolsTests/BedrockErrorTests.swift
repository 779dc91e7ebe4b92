import Cassette
import Testing
import WireProtocols

@Suite("Errors of Bedrock")
struct BedrockErrorTests {
    private static let throttled = "Too many tokens, please wait before trying again."
    private static let failed =
        "The system encountered an unexpected error during processing. Try your request again."
    private static let streamed =
        "An error occurred while streaming the response. Retry your request."

    /// Each error with its status, its name and its body.
    private static let answers: [(ProviderError, Int, String?, String)] = [
        (.rateLimit, 429, "ThrottlingException", throttled),
        (.server, 500, "InternalServerException", failed),
        (.badGateway, 502, nil, "Bad Gateway"),
        (
            .unavailable, 503, "ServiceUnavailableException",
            "Bedrock is unable to process your request."
        ),
        (
            .overloaded, 529, "ServiceUnavailableException",
            "Too many connections, please wait before trying again."
        ),
    ]

    @Test("have a name in a header and a message in the body", arguments: [0, 1, 2, 3, 4])
    func answer(_ place: Int) {
        let (error, status, name, message) = Self.answers[place]
        let wires: [any WireProtocol] = [BedrockConverse(), BedrockInvoke()]
        for wire in wires {
            let answer = wire.errorAnswer(
                error, status: status, model: "m", retryAfterMilliseconds: nil)
            #expect(answer.status == status)
            #expect(answer.body == Array(#"{"message":"\#(message)"}"#.utf8))
            let suffix = ":http://internal.amazon.com/coral/com.amazon.bedrock/"
            #expect(answer.headers.first("x-amzn-errortype") == name.map { $0 + suffix })
            #expect(
                answer.headers.first("x-amzn-requestid") == "00000000-0000-0000-0000-000000000000")
            #expect(answer.headers.first("content-type") == "application/json")
            #expect(!answer.headers.contains("x-amz-retry-after"))
            #expect(answer.headers.fields.count == (name == nil ? 2 : 3))
        }
    }

    @Test(
        "say in milliseconds when to try again", arguments: [(1500, "1500"), (0, "0"), (-1, "0")])
    func retry(_ milliseconds: Int64, _ value: String) {
        let answer = BedrockConverse().errorAnswer(
            .rateLimit, status: 429, model: "m", retryAfterMilliseconds: milliseconds)
        #expect(answer.headers.first("x-amz-retry-after") == value)
        #expect(!answer.headers.contains("retry-after"))
    }

    @Test("are exceptions inside a stream", arguments: [0, 1, 2, 3, 4])
    func event(_ place: Int) throws {
        let (error, _, name, message) = Self.answers[place]
        let payload =
            name == nil
            ? #"{"message":"\#(Self.streamed)","originalStatusCode":502,"#
                + #""originalMessage":"Bad Gateway"}"# : #"{"message":"\#(message)"}"#
        let types = [
            "throttlingException", "internalServerException", "modelStreamErrorException",
            "serviceUnavailableException", "serviceUnavailableException",
        ]
        let expected = AWSEventMessage(
            headers: [
                .init(":exception-type", types[place]), .init(":content-type", "application/json"),
                .init(":message-type", "exception"),
            ], payload: Array(payload.utf8))
        let wires: [any WireProtocol] = [BedrockConverse(), BedrockInvoke()]
        for wire in wires {
            let event = try #require(wire.errorEvent(error, framing: .awsEventStream))
            #expect(event == .message(expected))
            #expect(wire.role(of: event) == .error)
            #expect(wire.errorEvent(error, framing: .sse) == nil)
            #expect(wire.keepAlive(framing: .awsEventStream) == nil)
        }
    }
}
