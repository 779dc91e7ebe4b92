internal import Cassette
internal import Determinism
internal import Faults
internal import WireProtocols

/// One step of a delivery with its instant.
struct TimedStep: Hashable, Sendable {
    var at: SimDuration
    /// Nil for a hang: nothing is written, ever.
    var step: DeliveryStep?
    var record: StepRecord
}

/// A delivery made ready to be sent: its steps, its digest and what makes it whole.
///
/// A class, since many runs share one: handing it on costs one count.
final class PreparedDelivery: Sendable {
    let steps: [TimedStep]
    /// The steps as the trace shows them.
    let records: [StepRecord]
    let digest: Digest
    let status: Int?
    let headers: HeaderFields
    /// The identifier of the protocol in which the body is read; nil for plain HTTP.
    let wire: String?
    let ending: DeliveryEnding
    let wallShift: SimDuration
    /// How the agent ends with it.
    let crash: Crash?
    /// What whoever asked the agent does before the middle step.
    let disturbance: Disturbance?
    /// How the next program ends that the agent starts.
    let programFate: ProgramFate?
    /// What the body says, for a model.
    let answer: AnswerSummary?
    /// The body, which later requests may echo.
    let body: [UInt8]
    /// The step with which the answer is whole for the agent; nil when it never is.
    let wholeAtStep: Int?
    /// Whether the stream holds its protocol's terminator.
    let isTerminated: Bool
    /// The steps that only carry bytes, as nearly all do: nothing is decided with them.
    let innerSteps: Range<Int>
    /// The bytes of the inner steps, by themselves: taking them out of a step costs more.
    let innerBodies: [[UInt8]]
    /// The step with which nothing is written, ever.
    private let hangStep: Int?

    /// Prepares a delivery.
    ///
    /// A stream that was recorded without a terminator does not need one.
    init(
        _ delivery: Delivery, of request: RecordedRequest, wire: (any WireProtocol)?,
        recorded: PreparedDelivery? = nil
    ) {
        let steps = PreparedDelivery.steps(of: delivery)
        self.steps = steps
        records = steps.map(\.record)
        digest = PreparedDelivery.digest(of: steps, wallShift: delivery.wallShift)
        status = delivery.head?.status
        headers = delivery.head?.headers ?? HeaderFields()
        self.wire = wire?.id
        ending = delivery.ending
        wallShift = delivery.wallShift
        crash = delivery.crash
        disturbance = delivery.disturbance
        programFate = delivery.programFate
        let body = delivery.bodyBytes
        self.body = body
        let framing = delivery.head.flatMap { head in
            WireProtocols.framing(of: request, headers: head.headers, wire: wire)
        }
        let events = wire == nil ? nil : framing?.events(of: body)
        let answered = (delivery.head?.status ?? 599) < 400
        answer =
            answered
            ? wire.map { wire in
                events.map { wire.summary(of: $0) } ?? wire.summary(of: body, framing: nil)
            } : nil
        let terminator = events.flatMap { events in
            wire.flatMap { PreparedDelivery.terminatorEnd(events, $0) }
        }
        isTerminated = terminator != nil
        let needsTerminator = recorded?.isTerminated ?? isTerminated
        wholeAtStep = PreparedDelivery.wholeStep(
            steps, ending: delivery.ending, terminatorEnd: terminator,
            needsTerminator: needsTerminator && framing != nil)
        hangStep = steps.firstIndex { $0.step == nil }
        innerSteps =
            disturbance == nil
            ? PreparedDelivery.innerSteps(steps, wholeAtStep: wholeAtStep, hangStep: hangStep)
            : 0..<0
        innerBodies = steps[innerSteps].map { step in
            if case .body(let bytes) = step.step { bytes } else { [] }
        }
    }

    /// Whether nothing is ever written at a step.
    func isHang(_ index: Int) -> Bool { index == hangStep }

    /// Whether nothing ever happens at a step.
    func isEndless(_ index: Int) -> Bool { crash == nil && isHang(index) }

    private static func steps(of delivery: Delivery) -> [TimedStep] {
        var steps: [TimedStep] = []
        var last = SimDuration.zero
        func add(_ at: SimDuration, _ kind: String, _ bytes: Int, _ step: DeliveryStep?) {
            last = max(last, at)
            steps.append(
                TimedStep(
                    at: last, step: step,
                    record: StepRecord(at: last, kind: kind, byteCount: bytes)))
        }
        if let head = delivery.head { add(head.at, "head", 0, .head(head)) }
        for chunk in delivery.body where !chunk.bytes.isEmpty {
            add(chunk.at, "body", chunk.bytes.count, .body(chunk.bytes))
        }
        switch delivery.ending {
        case .complete: add(delivery.endAt, "end", 0, .end(trailers: delivery.trailers))
        case .closed: add(delivery.endAt, "close", 0, .close)
        case .reset: add(delivery.endAt, "reset", 0, .reset)
        case .hang: add(delivery.endAt, "hang", 0, nil)
        case .killed: add(delivery.endAt, "kill", 0, nil)
        case .goAway, .streamReset:
            let frame = delivery.breakingFrame.map { DeliveryStep.frame($0) }
            add(delivery.endAt, delivery.ending.rawValue, 0, frame ?? .close)
        case .unconnected: break
        }
        return steps
    }

    private static func digest(of steps: [TimedStep], wallShift: SimDuration) -> Digest {
        var rolling = RollingDigest()
        if wallShift != .zero { rolling.append("wall \(wallShift.nanoseconds)") }
        for step in steps {
            rolling.append("\(step.record.kind) \(step.at.nanoseconds)")
            switch step.step {
            case .head(let head): rolling.append(canonical(head).canonical())
            case .body(let bytes): rolling.append(bytes)
            case .end(let trailers): rolling.append(canonical(trailers).canonical())
            case .frame(let frame): rolling.append(frame.detail)
            case .close, .reset, nil: break
            }
        }
        return rolling.value
    }

    private static func canonical(_ head: DeliveryHead) -> JSONValue {
        .object([
            JSONMember("status", .int(Int64(head.status))),
            JSONMember("reason", .string(head.reason)),
            JSONMember("framing", .string("\(head.framing)")),
            JSONMember("headers", canonical(head.headers)),
        ])
    }

    private static func canonical(_ headers: HeaderFields) -> JSONValue {
        .array(headers.fields.map { .array([.string($0.name), .string($0.value)]) })
    }

    /// After the first step and before the one with which the answer is whole, or hangs, or ends; and
    /// not the one before a hang either, for which nothing is scheduled.
    private static func innerSteps(
        _ steps: [TimedStep], wholeAtStep: Int?, hangStep: Int?
    ) -> Range<Int> {
        let end = min(steps.count - 1, wholeAtStep ?? .max, (hangStep ?? .max) - 1)
        return 1..<max(1, end)
    }

    /// How many bytes of a stream end with its terminator; nil when it has none.
    private static func terminatorEnd(
        _ events: [StreamEvent], _ wire: any WireProtocol
    ) -> Int? {
        var end = 0
        for event in events {
            end += event.bytes.count
            if wire.role(of: event) == .terminator { return end }
        }
        return nil
    }

    /// A stream is whole with its terminator, any other body with its last byte.
    private static func wholeStep(
        _ steps: [TimedStep], ending: DeliveryEnding, terminatorEnd: Int?, needsTerminator: Bool
    ) -> Int? {
        if let terminatorEnd {
            var sent = 0
            return steps.firstIndex { step in
                sent += step.record.byteCount
                return step.record.kind == "body" && sent >= terminatorEnd
            }
        }
        if needsTerminator || ending == .hang || ending == .killed { return nil }
        guard ending == .complete else { return steps.indices.last }
        return steps.lastIndex { $0.record.kind == "body" } ?? steps.indices.last
    }
}
