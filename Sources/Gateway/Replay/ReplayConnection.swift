import Determinism
import NIOCore
import Simulation

/// One connection of the agent: writes the steps of one exchange at a time, each only after the
/// agent has read the one before.
///
/// Confined to one loop.
final class ReplayConnection: RequestCollectorDelegate, AnswerCarrier {
    /// Its place in the order in which connections were accepted, from 1.
    let number: Int
    /// What it came to.
    var place: Place
    /// The upstream that the last request is for.
    var upstream: String
    /// Whether the agent can read no more from it.
    private(set) var isGone = false

    /// What counts the bytes on the wire, where they are not those of the answers.
    var door: ProxyDoor?

    unowned let owner: any ReplayConnectionOwner
    private let channel: any Channel
    private let address: ConnectionAddress?
    /// What reads its requests; behind a proxy it is known by the first of them.
    var collector: RequestCollector?
    /// Its streams, where the agent took HTTP/2: they carry the answers then.
    var session: HTTP2Session?
    private var exchange: Exchange?
    private var sawEndOfInput = false
    /// Whether something was sent that is not known to have arrived.
    private var isUnderWay = false
    var endedOutput = false
    private var closesAfterAnswer = false
    // A timer that finds another generation is out of date.
    private var generation = 0

    private struct Exchange {
        var id: ExchangeID?
        var encoder: ResponseEncoder
        var steps: [(step: DeliveryStep, after: SimDuration)] = []
        /// A step waits for its time, or was written and is not taken yet.
        var isBusy = false
        /// What is left to write of a step; nil unless something was written and is not taken.
        var untaken: ArraySlice<UInt8>?
    }

    init(number: Int, place: Place, channel: any Channel, owner: any ReplayConnectionOwner) {
        self.number = number
        self.place = place
        upstream = if case .mount(let name) = place { name } else { "" }
        self.channel = channel
        self.owner = owner
        address = ConnectionAddress(channel)
    }

    /// All bytes that were written to the socket.
    private var bytesWritten: UInt64 {
        door?.bytesWritten ?? collector?.bytesWritten ?? 0
    }

    // MARK: From the server

    var position: CarrierPosition { CarrierPosition(connection: number) }

    func begin(_ id: ExchangeID) {
        exchange?.id = id
    }

    func send(_ step: DeliveryStep, after delay: SimDuration) {
        exchange?.steps.append((step, delay))
        startNextStep()
    }

    func lookForDeparture() {
        guard exchange != nil, !isGone else { return }
        if exchange?.untaken != nil {
            _ = settle()
            // The world has answered already: what it did not say now, no departure waits for.
            if isGone { abandonUnlessMoreComes() }
        } else {
            _ = leaveIfPeerLeft()
        }
    }

    /// Whether all that was sent is where the agent can read it; notices when the agent has left.
    func hasArrived() -> Bool {
        guard !isGone, exchange != nil || session?.isAnswering == true || isUnderWay else {
            return true
        }
        switch owner.probe.peer(of: address) {
        case .gone: leave(afterReadingAll: false)
        case .closed(let unread, let received):
            leave(afterReadingAll: hasReadAll(unread, received))
            if exchange?.encoder.isWhole != true { abandon() }
        case .open(let unread, let received, let atEnd):
            let written = bytesWritten
            // What an agent does not read fills its socket, and the rest waits on our side.
            guard received >= written || unread >= Loopback.unreadBytesMax else { return false }
            if endedOutput, !atEnd { return false }
        case .unknown: guard owner.probe.hasAcknowledged(channel) else { return false }
        }
        isUnderWay = false
        return true
    }

    /// Whether all that the agent sent is where we can read it.
    func hasReceivedAll() -> Bool {
        isGone || collector?.readsAreHeld == true
            || owner.probe.hasReceivedAll(channel, from: address)
    }

    func writeNextPiece() -> Bool {
        guard let rest = exchange?.untaken, !isGone else { return false }
        deliver(rest)
        return true
    }

    /// In one segment: an agent that got the answer first might send its next request here.
    func closeAfterAnswer() {
        if exchange != nil { closesAfterAnswer = true }
    }

    /// Closes the connection if no request is under way, or as soon as all of its answer is sent
    /// if no more of that comes from the world.
    func closeWhenIdle() {
        if let session { return session.closeWhenIdle() }
        guard let exchange else {
            if !isGone, !endedOutput { endOutput() }
            return
        }
        let isEnding = exchange.steps.contains { step in
            if case .end = step.step { true } else { false }
        }
        if isEnding { closesAfterAnswer = true }
    }

    /// Ends the connection without a report.
    func drop() {
        finish()
        channel.close(promise: nil)
    }

    /// Something came in, or went out, that is no part of an exchange yet.
    func passed() {
        isUnderWay = true
        owner.heard()
    }

    /// The connection ended before a request could be read from it.
    func wentUnused() {
        isGone = true
        owner.disconnected(self)
    }

    // MARK: From the collector

    func collector(_ collector: RequestCollector, completed request: CollectedRequest) {
        self.collector = collector
        switch upstream(of: request) {
        case .success(let name): upstream = name
        case .failure(let refusal):
            collector.write(refusal.answer)
            return endOutput()
        }
        exchange = Exchange(id: nil, encoder: ResponseEncoder(answering: request))
        owner.arrived(request, on: self)
        if sawEndOfInput, !owner.isVirtual { watchHalfClosedPeer(attempt: 0) }
    }

    func collector(_ collector: RequestCollector, peerLeft departure: PeerDeparture) {
        switch departure {
        case .gone:
            leave(afterReadingAll: false)
            owner.disconnected(self)
        case .endOfInput:
            sawEndOfInput = true
            if !owner.isVirtual { watchHalfClosedPeer(attempt: 0) }
        }
    }

    func collector(_ collector: RequestCollector, rejected rejection: RequestRejection) {}

    func collectorHeard(_ collector: RequestCollector) {
        owner.heard()
    }

    // MARK: Steps

    private func startNextStep() {
        guard var current = exchange, !current.isBusy, !current.steps.isEmpty else { return }
        let (step, delay) = current.steps.removeFirst()
        current.isBusy = true
        exchange = current
        guard owner.pace == .real, !owner.isVirtual, delay > .zero else { return perform(step) }
        let longest = TimeAmount.hours(24 * 365)
        later(min(.nanoseconds(delay.nanoseconds), longest)) { $0.perform(step) }
    }

    private func perform(_ step: DeliveryStep) {
        guard let bytes = exchange?.encoder.bytes(of: step) else { return }
        if isGone, !bytes.isEmpty { return abandon() }
        switch step {
        case .head, .body:
            deliver(bytes[...])
        case .end:
            let closes = closesAfterAnswer || exchange?.encoder.endsWithClose == true
            if closesAfterAnswer { collector?.holdBack() }
            if !bytes.isEmpty { collector?.write(ByteBuffer(bytes: bytes)) }
            finish()
            closes ? endOutput() : collector?.responseEnded()
        case .close:
            finish()
            endOutput()
        // No frame is sent to whom speaks HTTP/1.1.
        case .reset, .frame:
            finish()
            collector?.reset()
        }
    }

    /// Its output ends, which the agent is to hear of.
    func endsOutput() {
        isUnderWay = true
        endedOutput = true
    }

    private func endOutput() {
        endsOutput()
        collector?.close()
    }

    /// Writes a step in one write.
    ///
    /// A step larger than the kernel hands over in one piece goes in several, each taken before the
    /// next: how it is read then depends on no timing either.
    private func deliver(_ bytes: ArraySlice<UInt8>) {
        // What is behind the end of the output reaches nobody.
        guard !bytes.isEmpty, !endedOutput else { return stepTaken() }
        let piece = bytes.prefix(Loopback.pieceBytesMax)
        let rest = bytes.dropFirst(piece.count)
        let closes = closesAfterAnswer && rest.isEmpty && exchange?.encoder.isWhole == true
        if closes { collector?.holdBack() }
        collector?.write(ByteBuffer(bytes: piece))
        if closes { endOutput() }
        guard owner.isVirtual else {
            exchange?.untaken = rest
            return awaitTaken(attempt: 0)
        }
        isUnderWay = true
        exchange?.untaken = rest.isEmpty ? nil : rest
        if rest.isEmpty { stepTaken() }
    }

    private func awaitTaken(attempt: Int) {
        guard !settle() else { return }
        later(Self.backOff(attempt)) { $0.awaitTaken(attempt: attempt + 1) }
    }

    /// Goes on when the agent's program has read all that was written; false when it has not.
    private func settle() -> Bool {
        guard let rest = exchange?.untaken else { return true }
        var isTaken = true
        switch owner.probe.peer(of: address) {
        case .gone:
            leave(afterReadingAll: false)
            return true
        // Bytes on their way to a socket that is busy are not in its queue yet: both count.
        case .open(let unread, let received, _):
            isTaken = unread == 0 && received >= bytesWritten
        case .unknown:
            isTaken = owner.probe.hasAcknowledged(channel)
        // The agent read this and then closed. What it gets is the same as if we had looked in
        // between: this step counts as taken, and the next that has bytes finds it gone.
        case .closed(let unread, let received):
            let hasReadAll = hasReadAll(unread, received)
            leave(afterReadingAll: hasReadAll)
            if !hasReadAll { return true }
        }
        guard isTaken else { return false }
        generation += 1
        exchange?.untaken = nil
        if !rest.isEmpty, isGone {
            abandon()
        } else if rest.isEmpty {
            stepTaken()
            // The world's answer to that may have to wait for its turn.
            if isGone { later(.zero) { $0.abandonUnlessMoreComes() } }
        } else {
            deliver(rest)
        }
        return true
    }

    private func abandonUnlessMoreComes() {
        guard let current = exchange, !current.isBusy, !current.encoder.isWhole else { return }
        abandon()
    }

    private func stepTaken() {
        guard let id = exchange?.id else { return }
        exchange?.isBusy = false
        owner.taken(id)
        startNextStep()
    }

    /// How long to wait before the kernel is asked again.
    private static func backOff(_ attempt: Int) -> TimeAmount {
        let microseconds: [Int64] = [10, 10, 20, 20, 50, 50, 100, 100, 200, 200, 500, 500]
        return .microseconds(attempt < microseconds.count ? microseconds[attempt] : 1_000)
    }

    // MARK: Departure

    /// An agent that ended its output may still read.
    ///
    /// It has hung up when no program holds the socket any more, which no packet tells: only the
    /// kernel can be asked.
    private func watchHalfClosedPeer(attempt: Int) {
        guard exchange != nil, !isGone else { return }
        // While a step is to be taken, that look sees a departure as well.
        if exchange?.untaken == nil, leaveIfPeerLeft() { return }
        channel.eventLoop.assumeIsolated().scheduleTask(in: Self.backOff(attempt)) { [weak self] in
            self?.watchHalfClosedPeer(attempt: attempt + 1)
        }
    }

    /// Whether a peer that closed had read all that was written to it.
    private func hasReadAll(_ unread: UInt32, _ received: UInt64) -> Bool {
        unread == 0 && (received == 0 || received >= bytesWritten)
    }

    private func leaveIfPeerLeft() -> Bool {
        switch owner.probe.peer(of: address) {
        case .open: return false
        case .gone: leave(afterReadingAll: false)
        case .closed(let unread, let received):
            leave(afterReadingAll: hasReadAll(unread, received))
        // Where the kernel does not tell, an end of input is a hang-up: HTTP clients that end
        // their output before the response are rare.
        case .unknown:
            guard sawEndOfInput else { return false }
            leave(afterReadingAll: true)
        }
        if exchange?.encoder.isWhole != true { abandon() }
        return true
    }

    /// Notes that the agent is gone.
    ///
    /// An agent that has read a response which is whole by its framing did not hang up, even if the
    /// world has not said the end yet.
    private func leave(afterReadingAll: Bool) {
        guard !isGone else { return }
        isGone = true
        // Having got all of the answer and its end, the agent only closes its side.
        let isAnswered = endedOutput && exchange?.encoder.isWhole == true
        if !afterReadingAll, !isAnswered { abandon() }
        session?.lose()
        channel.close(promise: nil)
    }

    /// Ends the exchange because the agent hung up.
    private func abandon() {
        guard let left = exchange else { return }
        generation += 1
        exchange = nil
        if let id = left.id { owner.departed(id) }
    }

    /// Ends the exchange: nothing of it is left to write.
    private func finish() {
        guard let ended = exchange else { return }
        generation += 1
        isUnderWay = true
        exchange = nil
        if let id = ended.id { owner.ended(id) }
    }

    private func later(_ delay: TimeAmount, _ action: @escaping (ReplayConnection) -> Void) {
        let due = generation
        channel.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, generation == due else { return }
            action(self)
        }
    }
}
