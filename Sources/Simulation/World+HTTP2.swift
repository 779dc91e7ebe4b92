internal import Cassette
internal import Faults

/// HTTP/2 with the agent, which it is offered only where the plan has a fault that needs it.
extension World {
    /// The upstreams to which the agent is to be offered HTTP/2.
    ///
    /// Under the virtual clock only: how far an agent has read a stream the kernel does not tell, and
    /// only a proof says that it has what it is going to read.
    public var http2Upstreams: Set<String> {
        guard isClockVirtual else { return [] }
        return Set(
            agenda.http2Faults.map(\.upstream).filter(\.isTunnelled).map(\.name))
    }

    /// Why an answer is in no stream of HTTP/2, where the plan has a fault that asks for it.
    func http2Refusal(of record: ExchangeRecord, _ upstream: Upstream) -> String? {
        guard !agenda.http2Faults.isEmpty, !record.isOverHTTP2 else { return nil }
        guard upstream.isTunnelled else {
            return "the agent speaks no HTTP/2 to this upstream; that takes a host that it reaches "
                + "over TLS through the proxy (`record --proxy`)"
        }
        return isClockVirtual
            ? "the client took HTTP/1.1, although HTTP/2 was offered"
            : "HTTP/2 is offered under the virtual clock only"
    }

    /// The faults for whose sake alone the agent was offered HTTP/2 and took it; one for each upstream.
    ///
    /// They did not fire, and yet decided the run.
    func idleOffers() -> [PlannedFault] {
        guard !agenda.http2Faults.isEmpty else { return [] }
        var seen: Set<String> = []
        return agenda.http2Faults.compactMap { index, upstream in
            let own = trace.exchanges.filter { $0.upstream == upstream.name }
            let isOffered = own.flatMap(\.fired).contains {
                FaultCatalogue.named($0.fault)?.needsHTTP2 == true
            }
            guard own.contains(where: \.isOverHTTP2), !isOffered,
                seen.insert(upstream.name).inserted
            else { return nil }
            return plan.faults[index]
        }
    }
}

extension Upstream {
    /// Whether the agent reaches it over TLS through the proxy.
    fileprivate var isTunnelled: Bool { OpeningStep.handshake.isTaken(to: self) }
}
