import Cassette
import Determinism
import NIOCore

/// One request on its way to the upstream, and the answer on its way back.
///
/// The rule it keeps: the interaction is durable before the agent gets the bytes by which it can
/// tell that the answer is over, be they the last ones of the framing or of the protocol in it.
final class RecordingExchange {
    let ordinal: Int
    private let hub: RecordingHub
    private let mount: UpstreamMount
    let request: CollectedRequest
    private let agent: AgentConnection
    let startedAt: SimInstant
    private var recorder: AnswerRecorder
    private var framing: AnswerFraming?
    private var upstream: UpstreamConnection?
    private var ending: Ending?
    /// Bytes that end the answer, kept back until the interaction is durable.
    private var held = ByteBuffer()
    private var heldBodyBytes = 0
    private var passedOnBytes = 0
    private var passedOnAtEndOfInput: Int?
    private var agentLeftAfterBytes: Int?
    private var agentIsDone = false
    private var arrivedWhenAgentLeft = 0
    private var drainTimer: Scheduled<Void>?
    private var tookTake = false

    init(
        hub: RecordingHub, mount: UpstreamMount, request: CollectedRequest, agent: AgentConnection
    ) {
        self.hub = hub
        (self.mount, self.request) = BridgedUpstream.resolve(mount, request)
        self.agent = agent
        ordinal = hub.nextOrdinal()
        startedAt = hub.now
        recorder = AnswerRecorder(bytesMax: hub.options.responseBytesMax)
    }

    func begin() {
        hub.opened(self)
        connect()
    }

    /// Sends the request on a connection of its own; once more when the first connection showed
    /// that the upstream speaks another version of HTTP, and took nothing.
    func connect() {
        let upstream = UpstreamConnection(exchange: self, hub: hub, mount: mount)
        self.upstream = upstream
        upstream.connect(sending: request.request)
    }

    /// Ends the exchange because the recording ends.
    func stop() {
        end(.inProgress, reason: "the recording ended before the answer did")
    }

    // MARK: From the upstream

    func arrived(status: Int, reason: String, headers: HeaderFields) {
        guard status != 101 else {
            return end(.truncated, reason: "the upstream switched protocols without being asked")
        }
        var kept = HopByHop.removed(from: headers)
        if headers.contains("transfer-encoding") { kept.remove("content-length") }
        recorder.head(status: status, reason: reason, headers: kept, at: elapsed)
        let framing = AnswerFraming(status: status, reason: reason, headers: kept, to: request)
        self.framing = framing
        if framing.body == .none {
            held = framing.headBytes
        } else {
            agent.send(framing.headBytes, bodyBytes: 0)
        }
    }

    func arrived(_ part: ByteBuffer) {
        guard let framing, part.readableBytes > 0 else { return }
        let need = record(part)
        guard !agentIsDone else { return checkDrainLimit() }
        if case .length(let length) = framing.body, recorder.byteCount >= length {
            held.writeImmutableBuffer(part)
            heldBodyBytes += part.readableBytes
            return
        }
        if need == .durability {
            completeTake()
            hub.put(interaction(.inProgress))
        }
        agent.send(framing.part(part), bodyBytes: part.readableBytes)
        agentTakesMore()
    }

    func arrivedAtEnd(trailers: HeaderFields) {
        recorder.end(trailers: trailers, at: elapsed)
        end(.complete, reason: "")
    }

    /// The answer is over, one way or another; only the first call counts.
    func end(_ ending: Ending, reason: String) {
        guard self.ending == nil else { return }
        // A body that outgrew the limit is not whole on the tape, however it ended.
        let stored: Ending = recorder.isOverflowing && ending == .complete ? .inProgress : ending
        self.ending = stored
        upstream?.close()
        upstream = nil
        drainTimer?.cancel()
        report(ending, reason)
        completeTake()
        hub.put(interaction(stored))
        if agentIsDone {
            hub.closed(self, as: stored, agentLeft: agentLeftAfterBytes != nil)
        } else {
            answer(ending, reason)
        }
    }

    // MARK: From the agent

    /// The kernel took body bytes for the agent.
    func passedOn(_ byteCount: Int) {
        passedOnBytes += byteCount
    }

    func agentTakesMore() {
        // A bridge is agent and upstream in one thread: while it writes, it does not read.
        upstream?.setReading(agent.takesMore || mount.address.isBridged)
    }

    /// The agent will send nothing more: it may have left, which the next bytes will show.
    func agentEndedInput() {
        passedOnAtEndOfInput = passedOnBytes
    }

    func agentLeft() {
        agentIsDone = true
        agentLeftAfterBytes = passedOnAtEndOfInput ?? passedOnBytes
        hub.put(interaction(ending ?? .inProgress))
        if let ending {
            return hub.closed(self, as: ending, agentLeft: true)
        }
        arrivedWhenAgentLeft = recorder.byteCount
        let limit = TimeAmount.nanoseconds(hub.options.drainTimeout.nanoseconds)
        drainTimer = hub.loop.assumeIsolated().scheduleTask(in: limit) {
            self.end(.inProgress, reason: "the time to read on is over")
        }
        upstream?.setReading(true)
    }

    /// The agent has the whole answer.
    func delivered() {
        agentIsDone = true
        hub.closed(self, as: ending ?? .inProgress, agentLeft: false)
    }

    // MARK: Parts

    /// Says, once and before the agent gets the bytes that show it, that the answer is over.
    private func completeTake() {
        guard !tookTake else { return }
        tookTake = true
        hub.options.onAnswerComplete()
    }

    private var elapsed: SimDuration { startedAt.duration(to: hub.now) }

    private func interaction(_ ending: Ending) -> Interaction {
        Interaction(
            ordinal: ordinal, upstream: mount.name, startedAt: startedAt,
            request: request.request, response: recorder.response, ending: ending,
            agentLeftAfterBytes: agentLeftAfterBytes)
    }

    private func record(_ part: ByteBuffer) -> AnswerRecorder.Need {
        let wasOverflowing = recorder.isOverflowing
        let need = recorder.body(Array(part.readableBytesView), at: elapsed)
        if recorder.isOverflowing, !wasOverflowing {
            hub.report(
                .responseTooLarge, upstream: mount.name, ordinal: ordinal,
                "The answer of \(mount.name) has more than \(hub.options.responseBytesMax) "
                    + "bytes; the rest reaches the agent but not the cassette, which is incomplete."
            )
        }
        return need
    }

    private func checkDrainLimit() {
        guard recorder.byteCount - arrivedWhenAgentLeft > hub.options.drainBytesMax else { return }
        end(.inProgress, reason: "more than \(hub.options.drainBytesMax) bytes followed")
    }

    private func report(_ ending: Ending, _ reason: String) {
        let kind: RecordingProblem.Kind
        switch ending {
        case .complete, .reset: return
        case .truncated: kind = .brokenResponse
        case .timedOut: kind = .timedOut
        case .unreachable: kind = .unreachable
        case .inProgress: kind = .drainLimit
        }
        hub.report(kind, upstream: mount.name, ordinal: ordinal, "\(mount.name): \(reason)")
    }

    private func answer(_ ending: Ending, _ reason: String) {
        switch ending {
        case .complete:
            var last = held
            if let framing, let response = recorder.response {
                last.writeImmutableBuffer(framing.end(trailers: response.trailers))
            }
            agent.send(last, bodyBytes: heldBodyBytes)
            agent.conclude(framing?.closes == true ? .close : .next)
        case .unreachable:
            answerInstead(
                502, type: "unreachable",
                "upstream \(mount.name) is unreachable: \(reason)")
        case .timedOut where framing == nil:
            answerInstead(504, type: "timed_out", "upstream \(mount.name) timed out: \(reason)")
        case .reset:
            agent.conclude(.reset)
        case .truncated, .timedOut, .inProgress:
            // Where the end of the connection is the end of the body, only a reset is no end.
            agent.conclude(framing?.body == .untilClose ? .reset : .close)
        }
    }

    private func answerInstead(_ status: Int, type: String, _ message: String) {
        let keepsAlive = request.keepsAlive && !request.request.headers.contains("upgrade")
        agent.send(
            GatewayAnswer.bytes(
                status: status, type: type, message: message, keepsAlive: keepsAlive,
                isHead: request.request.method == "HEAD"),
            bodyBytes: 0)
        agent.conclude(keepsAlive ? .next : .close)
    }
}
