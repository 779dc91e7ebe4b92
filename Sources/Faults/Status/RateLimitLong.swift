import Cassette
import Determinism
import WireProtocols

/// How an answer writes a delay that no agent should sleep out.
enum LongDelayForm: String, CaseIterable {
    /// Whole seconds.
    case seconds
    /// An instant, counted from the recorded one.
    case httpDate = "http-date"
    /// Infinity, which clients that read a float take.
    case infinity = "inf"
    /// A number beyond every float.
    case overflow = "1e400"
}

extension FaultKind {
    static let rateLimitLong = rateLimit(
        "rate-limit-long", "The answer is 429 and asks for a delay that is far too long.",
        weight: 3,
        parameters: [
            .variant(LongDelayForm.allCases.map(\.rawValue), "How the delay is written."),
            ParameterSpec(
                "retry_after_seconds", .integer(1...366 * 86_400), default: .fixed(3_600),
                "The delay; of seconds and http-date only."),
        ],
        documentation: FaultDocumentation(
            wireForm: "429 with retry-after: 3600, an HTTP-date, inf or 1e400, and no "
                + "retry-after-ms. The date counts from the `date` of the recorded answer. "
                + "Providers without the header can only state seconds: Bedrock in "
                + "x-amz-retry-after, Gemini in RetryInfo.",
            clients: "openai-python 3 does not retry beyond 120 s, version 2 retries in half a "
                + "second. anthropic, mistralai and openai-node sleep it out; inf is a sleep of 49 "
                + "days in anthropic. Cohere waits 60 s at most.",
            robustAgent: "Caps the delay, tells the user, and goes to another provider.",
            evidence: [
                "openai/openai-python#3555", "openai/openai-node#1840", "earendil-works/pi#4991",
            ])
    ) { (parameters, context) throws(Inapplicable) in
        let seconds = parameters.integer("retry_after_seconds")
        guard (1...366 * 86_400).contains(seconds) else {
            throw Inapplicable("retry_after_seconds \(seconds) is no such delay")
        }
        var answer = context.rateLimit(afterMilliseconds: seconds * 1000)
        let form = LongDelayForm(rawValue: parameters.text("variant"))
        if answer.headers.contains("retry-after") {
            answer.headers.remove("retry-after-ms")
            answer.headers.set("retry-after", try value(form, seconds: seconds, context))
        } else if form != .seconds {
            throw Inapplicable("\(context.protocolName) states no delay in retry-after")
        } else if answer == context.rateLimit(afterMilliseconds: nil) {
            throw Inapplicable("\(context.protocolName) states no delay")
        }
        return answer
    }

    private static func value(
        _ form: LongDelayForm?, seconds: Int64, _ context: FaultContext
    ) throws(Inapplicable) -> String {
        switch form {
        case .seconds: return String(seconds)
        case .infinity, .overflow: return form?.rawValue ?? ""
        case .httpDate:
            // Never a clock: the wall of the run begins at the recorded instant.
            let headers = context.interaction.response?.headers
            guard let recorded = headers?.first("date").flatMap({ HTTPDate($0) }) else {
                throw Inapplicable("the recorded answer has no date to count from")
            }
            return HTTPDate(seconds: recorded.seconds + seconds).text
        case nil: throw Inapplicable("no such form of a delay")
        }
    }
}
