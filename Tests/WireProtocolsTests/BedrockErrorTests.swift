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

    struct Answer: Sendable {
        var error: ProviderError
        var status: Int
        var name: String?
        var message: String
        var exception: String
    }

    private static let answers = [
        Answer(
            error: .rateLimit, status: 429, name: "ThrottlingException", message: throttled,
            exception: "throttlingException"),
        Answer(
            error: .server, status: 500, name: "InternalServerException", message: failed,
            exception: "internalServerException"),
        Answer(
            error: .badGateway, status: 502, name: nil, message: "Bad Gateway",
            exception: "modelStreamErrorException"),
        Answer(
            error: .unavailable, status: 503, name: "ServiceUnavailableException",
            message: "Bedrock is unable to process your request.",
            exception: "serviceUnavailableException"),
        Answer(
            error: .overloaded, status: 529, name: "ServiceUnavailableException",
            message: "Too many connections, please wait before trying again.",
            exception: "serviceUnavailableException"),
    ]

    @Test("have a name in a header and a message in the body", arguments: answers)
    func answer(_ expected: Answer) {
        let wires: [any WireProtocol] = [BedrockConverse(), BedrockInvoke()]
        for wire in wires {
            let answer = wire.errorAnswer(
                expected.error, status: expected.status, model: "m", retryAfterMilliseconds: nil)
            #expect(answer.status == expected.status)
            #expect(answer.body == Array(#"{"message":"\#(expected.message)"}"#.utf8))
            let suffix = ":http://internal.amazon.com/coral/com.amazon.bedrock/"
            #expect(answer.headers.first("x-amzn-errortype") == expected.name.map { $0 + suffix })
            #expect(
                answer.headers.first("x-amzn-requestid") == "00000000-0000-0000-0000-000000000000")
            #expect(answer.headers.first("content-type") == "application/json")
            #expect(!answer.headers.contains("x-amz-retry-after"))
            #expect(answer.headers.fields.count == (expected.name == nil ? 2 : 3))
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

    @Test("are exceptions inside a stream", arguments: answers)
    func event(_ answer: Answer) throws {
        let payload =
            answer.name == nil
            ? #"{"message":"\#(Self.streamed)","originalStatusCode":502,"#
                + #""originalMessage":"Bad Gateway"}"# : #"{"message":"\#(answer.message)"}"#
        let expected = AWSEventMessage(
            headers: [
                .init(":exception-type", answer.exception),
                .init(":content-type", "application/json"),
                .init(":message-type", "exception"),
            ], payload: Array(payload.utf8))
        let wires: [any WireProtocol] = [BedrockConverse(), BedrockInvoke()]
        for wire in wires {
            let event = try #require(wire.errorEvent(answer.error, framing: .awsEventStream))
            #expect(event == .message(expected))
            #expect(wire.role(of: event) == .error)
            #expect(wire.errorEvent(answer.error, framing: .sse) == nil)
            #expect(wire.keepAlive(framing: .awsEventStream) == nil)
        }
    }
}
