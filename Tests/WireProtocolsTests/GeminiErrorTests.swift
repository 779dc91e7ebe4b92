import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("Errors of Gemini")
struct GeminiErrorTests {
    let wire = Gemini()

    private static let quota =
        #"You exceeded your current quota, please check your plan and billing details. For more "#
        + #"information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits."#
        + #" To monitor your current usage, head to: https://ai.dev/rate-limit. \n* Quota exceeded"#
        + #" for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, "#
        + #"limit: 5"#

    private static func details(_ dimensions: String) -> String {
        #"[{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Learn more "#
            + #"about Gemini API quotas","url":"https://ai.google.dev/gemini-api/docs/rate-limits"}"#
            + #"]},{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"#
            + #""quotaMetric":"generativelanguage.googleapis.com/"#
            + #"generate_content_free_tier_requests","quotaId":"#
            + #""GenerateRequestsPerMinutePerProjectPerModel-FreeTier","quotaDimensions":"#
            + #"\#(dimensions),"quotaValue":"5"}]}"#
    }

    private static let internalError =
        #"{"error":{"code":500,"message":"An internal error has occurred. Please retry or report "#
        + #"in https://developers.generativeai.google/guide/troubleshooting","status":"INTERNAL"}}"#

    private static func unavailable(_ code: Int) -> String {
        #"{"error":{"code":\#(code),"message":"The model is overloaded. Please try again later.","#
            + #""status":"UNAVAILABLE"}}"#
    }

    static let answers: [(ProviderError, Int, String)] = [
        (
            .rateLimit, 429,
            #"{"error":{"code":429,"message":"\#(quota), model: g-2.5","status":"#
                + #""RESOURCE_EXHAUSTED","details":"#
                + details(#"{"location":"global","model":"g-2.5"}"#) + "]}}"
        ),
        (.server, 500, internalError), (.badGateway, 502, unavailable(502)),
        (.unavailable, 503, unavailable(503)), (.overloaded, 503, unavailable(503)),
    ]

    @Test("are answered in the provider's words and headers", arguments: answers)
    func answer(_ error: ProviderError, _ status: Int, _ body: String) {
        let answer = wire.errorAnswer(
            error, status: status, model: "g-2.5", retryAfterMilliseconds: nil)
        #expect(answer.status == status)
        #expect(String(decoding: answer.body, as: UTF8.self) == body)
        #expect(
            answer.headers == [
                HeaderField("content-type", "application/json; charset=UTF-8"),
                HeaderField("server", "scaffolding on HTTPServer2"),
                HeaderField("x-xss-protection", "0"),
                HeaderField("x-frame-options", "SAMEORIGIN"),
                HeaderField("x-content-type-options", "nosniff"),
            ])
    }

    @Test(
        "give the delay in the body only",
        arguments: [
            (46_000, "46s"), (1_500, "1.500s"), (1_050, "1.050s"), (7, "0.007s"), (0, "0s"),
            (-5, "0s"), (Int64.max, "9223372036854775.807s"),
        ] as [(Int64, String)])
    func delay(_ milliseconds: Int64, _ expected: String) throws {
        let answer = wire.errorAnswer(
            .rateLimit, status: 429, model: "m", retryAfterMilliseconds: milliseconds)
        #expect(!answer.headers.contains("retry-after"))
        #expect(!answer.headers.contains("retry-after-ms"))
        let error = try JSONValue.parse(answer.body)["error"]
        #expect(error?["message"]?.stringValue?.hasSuffix("\nPlease retry in \(expected).") == true)
        #expect(
            error?["details"]?[2] == [
                "@type": "type.googleapis.com/google.rpc.RetryInfo",
                "retryDelay": .string(expected),
            ])
        let overloaded = wire.errorAnswer(
            .overloaded, status: 503, model: "m", retryAfterMilliseconds: milliseconds)
        let details = try JSONValue.parse(overloaded.body)[pointer: "/error/details"]
        #expect(details?.arrayValue?.map { $0["retryDelay"] } == [.string(expected)])
    }

    static let events: [(ProviderError, String)] = [
        (
            .rateLimit,
            #"{"error":{"code":429,"message":"\#(quota)","status":"RESOURCE_EXHAUSTED","details":"#
                + details(#"{"location":"global"}"#) + "]}}"
        ),
        (.server, internalError), (.badGateway, unavailable(502)),
        (.unavailable, unavailable(503)), (.overloaded, unavailable(503)),
    ]

    @Test("inside a stream are data or an element", arguments: events)
    func event(_ error: ProviderError, _ body: String) {
        #expect(
            wire.errorEvent(error, framing: .sse)?.bytes == Array("data: \(body)\r\n\r\n".utf8))
        #expect(
            wire.errorEvent(error, framing: .jsonArray)?.bytes == Array(",\r\n\(body)".utf8))
        #expect(wire.errorEvent(error, framing: .jsonLines) == nil)
        #expect(wire.errorEvent(error, framing: .awsEventStream) == nil)
    }

    @Test("send no keep-alive, which its SDK would take for an answer")
    func keepAlive() {
        for framing in StreamFraming.allCases {
            #expect(wire.keepAlive(framing: framing) == nil)
        }
    }
}
