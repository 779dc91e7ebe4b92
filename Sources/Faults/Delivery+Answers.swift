import Cassette
import Determinism
public import WireProtocols

extension Delivery {
    /// Puts an error in place of the answer, at the instant at which the answer began.
    ///
    /// The answer to a HEAD request announces its body but has none (RFC 9110, 9.3.2).
    mutating func replace(by answer: ErrorAnswer, request: RecordedRequest) {
        let began = head?.at ?? endAt
        self = Delivery(
            status: answer.status, headers: answer.headers, body: answer.body, at: began)
        if request.method == "HEAD" { body = [] }
    }

    /// The JSON document that the body is; it has a head and is not a stream.
    func jsonAnswer() throws(Inapplicable) -> JSONValue {
        guard head != nil, !body.isEmpty else {
            throw Inapplicable("the answer has no body")
        }
        do throws(JSONError) {
            return try JSONValue.parse(bodyBytes)
        } catch {
            throw Inapplicable("the body is not JSON: \(error.message)")
        }
    }
}

extension FaultContext {
    /// How the events of a delivery are framed; nil when it is no stream.
    public func framing(of delivery: Delivery) -> StreamFraming? {
        delivery.head.flatMap { head in
            WireProtocols.framing(of: interaction.request, headers: head.headers, wire: wire)
        }
    }

    /// The identifier of the protocol in words for the report.
    var protocolName: String { wire?.id ?? "a plain service" }

    /// The provider's own error where the protocol is known, plain JSON elsewhere.
    func errorAnswer(
        _ error: ProviderError, status: Int, facts: ErrorFacts = ErrorFacts()
    ) -> ErrorAnswer {
        guard let wire else {
            return PlainHTTP.errorAnswer(
                error, status: status, retryAfterMilliseconds: facts.retryAfterMilliseconds)
        }
        var facts = facts
        facts.model = wire.model(of: interaction.request) ?? facts.model
        return wire.errorAnswer(error, status: status, facts: facts)
    }
}
