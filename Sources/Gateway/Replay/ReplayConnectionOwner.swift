import Simulation

/// What the connections of a replay report to.
protocol ReplayConnectionOwner: AnyObject {
    var probe: PeerProbe { get }
    var pace: Pace { get }
    /// Whether the next step waits for the proof that the agent sleeps, not for its reading.
    var isVirtual: Bool { get }

    /// Something came in, which need not be whole.
    func heard()
    /// The agent begins TLS with an upstream; `goOn(_:)` follows.
    func asks(_ connection: ReplayConnection, upstream: String)
    /// A request is complete; `begin(_:)` follows when it got its number.
    func arrived(_ request: CollectedRequest, on carrier: any AnswerCarrier)
    /// The agent took the last step of this exchange.
    func taken(_ id: ExchangeID)
    /// The agent left before the delivery of this exchange ended.
    func departed(_ id: ExchangeID)
    /// The last step of this exchange was written.
    func ended(_ id: ExchangeID)
    /// The connection is no more.
    func disconnected(_ connection: ReplayConnection)
}
