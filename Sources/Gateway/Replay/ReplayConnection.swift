import Determinism
import NIOCore
import Simulation

/// What the connections of a replay report to.
protocol ReplayConnectionOwner: AnyObject {
    var probe: PeerProbe { get }
    var pace: Pace { get }

    /// A request is complete; `begin(_:)` follows when it got its number.
    func arrived(_ request: CollectedRequest, on connection: ReplayConnection)
    /// The agent took the last step of this exchange.
    func taken(_ id: ExchangeID)
    /// The agent left before the delivery of this exchange ended.
    func departed(_ id: ExchangeID)
    /// The last step of this exchange was written.
    func ended(_ id: ExchangeID)
    /// The connection is no more.
    func disconnected(_ connection: ReplayConnection)
}

/// One connection of the agent: writes the steps of one exchange at a time, each only after the
/// agent has read the one before. Confined to one loop.
final class ReplayConnection: RequestCollectorDelegate {
    /// The mount it came to.
    let upstream: String
    /// Whether the agent can read no more from it.
    private(set) var isGone = false

    private unowned let owner: any ReplayConnectionOwner
    private let channel: any Channel
    private let address: ConnectionAddress?
    private var collector: RequestCollector?
    private var exchange: Exchange?
    // Timers of an exchange that is over find another generation and do nothing.
    private var generation = 0

    private struct Exchange {
        var id: ExchangeID?
        var encoder: ResponseEncoder
        var steps: [(step: DeliveryStep, after: SimDuration)] = []
        /// A step waits for its time, or was written and is not taken yet.
        var isBusy = false
    }

    init(upstream: String, channel: any Channel, owner: any ReplayConnectionOwner) {
        self.upstream = upstream
        self.channel = channel
        self.owner = owner
        address = ConnectionAddress(channel)
    }

    // MARK: From the server

    /// Gives the request that arrived its number.
    func begin(_ id: ExchangeID) {
        exchange?.id = id
    }

    /// Writes a step when the steps before it are taken and, at real pace, its time has come.
    func send(_ step: DeliveryStep, after delay: SimDuration) {
        exchange?.steps.append((step, delay))
        startNextStep()
    }

    /// Leaves the exchange when no program holds the other end any more.
    func leaveIfPeerIsGone() {
        if exchange != nil, owner.probe.peer(of: address) == .gone { leave() }
    }

    /// Ends the connection without a report.
    func drop() {
        finish()
        channel.close(promise: nil)
    }

    // MARK: From the collector

    func collector(_ collector: RequestCollector, completed request: CollectedRequest) {
        self.collector = collector
        exchange = Exchange(id: nil, encoder: ResponseEncoder(answering: request))
        owner.arrived(request, on: self)
    }

    func collector(_ collector: RequestCollector, peerLeft departure: PeerDeparture) {
        switch departure {
        case .gone:
            leave()
            owner.disconnected(self)
        case .endOfInput:
            if exchange != nil { watchHalfClosedPeer(attempt: 0) }
        }
    }

    func collector(_ collector: RequestCollector, rejected rejection: RequestRejection) {}

    // MARK: Steps

    private func startNextStep() {
        guard var current = exchange, !current.isBusy, !current.steps.isEmpty else { return }
        let (step, delay) = current.steps.removeFirst()
        current.isBusy = true
        exchange = current
        guard owner.pace == .real, delay > .zero else { return perform(step) }
        let longest = TimeAmount.hours(24 * 365)
        later(min(.nanoseconds(delay.nanoseconds), longest)) { $0.perform(step) }
    }

    private func perform(_ step: DeliveryStep) {
        guard let bytes = exchange?.encoder.bytes(of: step) else { return }
        switch step {
        case .head, .body:
            deliver(bytes[...])
        case .end:
            let closes = exchange?.encoder.endsWithClose == true
            if !bytes.isEmpty { collector?.write(ByteBuffer(bytes: bytes)) }
            finish()
            closes ? collector?.close() : collector?.responseEnded()
        case .close:
            finish()
            collector?.close()
        case .reset:
            finish()
            collector?.reset()
        }
    }

    /// Writes a step in one write. A step larger than the kernel hands over in one piece goes in
    /// several, each taken before the next: how it is read then depends on no timing either.
    private func deliver(_ bytes: ArraySlice<UInt8>) {
        let piece = bytes.prefix(Self.pieceBytesMax)
        if !piece.isEmpty { collector?.write(ByteBuffer(bytes: piece)) }
        awaitTaken(rest: bytes.dropFirst(piece.count), attempt: 0)
    }

    // Half of the smallest window that loopback offers is 32 KiB: the kernel sends up to that
    // much of one write as one segment.
    private static let pieceBytesMax = 16 << 10

    private func awaitTaken(rest: ArraySlice<UInt8>, attempt: Int) {
        guard let id = exchange?.id, let collector else { return }
        switch owner.probe.hasTaken(all: collector.bytesWritten, of: address, on: channel) {
        case .none:
            leave()
        case .some(false):
            later(Self.backOff(attempt)) { $0.awaitTaken(rest: rest, attempt: attempt + 1) }
        case .some(true) where !rest.isEmpty:
            deliver(rest)
        case .some(true):
            exchange?.isBusy = false
            owner.taken(id)
            startNextStep()
        }
    }

    /// How long to wait before the kernel is asked again.
    private static func backOff(_ attempt: Int) -> TimeAmount {
        let microseconds: [Int64] = [10, 10, 20, 20, 50, 50, 100, 100, 200, 200, 500, 500]
        return .microseconds(attempt < microseconds.count ? microseconds[attempt] : 1_000)
    }

    // MARK: Departure

    /// An agent that ended its output may still read. It has hung up when no program holds the
    /// socket any more, which no packet tells: only the kernel can be asked.
    private func watchHalfClosedPeer(attempt: Int) {
        guard exchange != nil else { return }
        switch owner.probe.peer(of: address) {
        case .open: later(Self.backOff(attempt)) { $0.watchHalfClosedPeer(attempt: attempt + 1) }
        // Where the kernel does not tell, an end of input is a hang-up: HTTP clients that end
        // their output before the response are rare.
        case .gone, .unknown: leave()
        }
    }

    private func leave() {
        guard !isGone else { return }
        isGone = true
        let left = exchange?.id
        generation += 1
        exchange = nil
        if let left { owner.departed(left) }
        channel.close(promise: nil)
    }

    /// Ends the exchange: nothing of it is left to write.
    private func finish() {
        guard let ended = exchange else { return }
        generation += 1
        exchange = nil
        if let id = ended.id { owner.ended(id) }
    }

    private func later(
        _ delay: TimeAmount, _ action: @escaping (ReplayConnection) -> Void
    ) {
        let due = generation
        channel.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, generation == due else { return }
            action(self)
        }
    }
}
