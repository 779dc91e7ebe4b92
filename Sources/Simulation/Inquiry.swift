public import Cassette
public import Determinism
internal import Faults

/// What the shell tells about an agent that is a server.
public enum InquiryEvent: Hashable, Sendable {
    /// The agent was started.
    case started
    /// Something listens on its port.
    case listens
    /// What came of a request that was sent.
    case replied(Reply)
    /// The time of this reminder has come.
    case reminded(Int)
}

/// What is to be done with an agent that is a server.
public enum InquiryAction: Hashable, Sendable {
    /// Connect to it and send this request.
    case ask(RecordedRequest)
    /// Reset the connection of a request, by its place among those that were sent, from 1.
    case hangUp(Int)
    /// Tell `reminded` with this number after that time.
    case remind(Int, after: SimDuration)
    /// Tell it to end (SIGTERM).
    case dismiss
    /// It took too long.
    case giveUp(StopReason)
}

/// What happened to an agent that is a server, for the log of a run.
public enum InquiryEntry: Hashable, Sendable {
    /// It listens.
    case listening
    /// It was asked whether it is ready: the status of the answer.
    case checked(status: Int?)
    /// It was sent a request, by the index.
    case asked(Int)
    /// The answer to a request is whole, or never will be.
    case answered(Int)
    /// Whoever asked hung up.
    case interrupted(Int)
    /// It was told to end.
    case dismissed
}

/// Asks an agent that is a server: waits until it listens and is ready, sends one request after the
/// other, and tells it to end.
public struct Inquiry: Hashable, Sendable {
    private enum Step: Hashable {
        case listen
        case check
        case request(Int)
        case dismiss
    }

    /// A request that was sent and has no whole answer yet.
    private struct Waiting: Hashable {
        /// Its place among all that were sent, from 1.
        let number: Int
        /// The record that it is for; nil where it asks whether the agent is ready.
        let record: Int?
    }

    /// A request that comes once more.
    private struct Late: Hashable {
        let record: Int
        let after: SimDuration
    }

    /// How often the same is asked once more in one run.
    static let repetitionsMax = 8

    private let questions: Questions
    private var step = Step.listen
    private var sent = 0
    private var waiting: [Waiting] = []
    /// The record whose request is sent when the step begins.
    private var next = 0
    /// What is asked once more when all that waits is answered.
    private var late: [Late] = []
    private var isDismissed = false
    private var wasConnected = false
    private var reminders = 0
    /// The reminder at which the step begins.
    private var begins: Int?
    /// The reminder at which the step took too long.
    private var expires: Int?
    /// The requests with their answers.
    public private(set) var records: [AskedRecord]
    /// What happened since this was read last.
    private var entries: [InquiryEntry] = []

    /// Creates an inquiry that has not begun.
    public init(_ questions: Questions) {
        self.questions = questions
        records = questions.requests.map { AskedRecord(request: $0) }
    }

    /// Whether the reminder still matters.
    public func awaits(_ reminder: Int) -> Bool {
        reminder == begins || reminder == expires
    }

    /// Whether the reminder is the one at which the agent took too long.
    func isLimit(_ reminder: Int) -> Bool { reminder == expires }

    /// How long nothing may happen before this reminder counts; nil when it does not depend on that.
    func patience(_ reminder: Int) -> SimDuration? {
        guard isLimit(reminder), case .request = step else { return nil }
        return questions.patience
    }

    /// Whether the agent was told to end, and did so in one of the ways in which servers do.
    public func isEndedWell(_ status: ExitStatus) -> Bool {
        guard isDismissed else { return false }
        return [.code(0), .code(128 + 15), .signal(15)].contains(status)
    }

    /// The entries for the log, each given once.
    mutating func takeEntries() -> [InquiryEntry] {
        defer { entries = [] }
        return entries
    }

    /// What was asked and not answered never will be.
    public mutating func end() {
        for index in records.indices where records[index].ending == .open {
            records[index].ending = .cut
        }
    }

    /// Takes one event and gives what is to be done, in order.
    public mutating func handle(_ event: InquiryEvent) -> [InquiryAction] {
        switch event {
        case .started:
            return [expire(after: questions.readyWithin)]
        case .listens:
            guard step == .listen else { return [] }
            entries.append(.listening)
            if questions.ready == nil { return goOn(to: .request(0)) }
            step = .check
            return [begin(after: .zero)]
        case .replied(let reply): return replied(reply)
        case .reminded(let reminder):
            if reminder == expires { return [.giveUp(overdue)] }
            guard reminder == begins else { return [] }
            begins = nil
            return perform()
        }
    }

    private mutating func replied(_ reply: Reply) -> [InquiryAction] {
        let number = reply.ask ?? sent
        guard let place = waiting.firstIndex(where: { $0.number == number }) else { return [] }
        let answered = waiting.remove(at: place)
        // Where nobody says what listens, it is found out by trying.
        if !reply.isConnected, !wasConnected { return [begin(after: Questions.readyInterval)] }
        wasConnected = true
        guard let record = answered.record else {
            entries.append(.checked(status: reply.status))
            let isReady = reply.isWhole && (200..<300).contains(reply.status ?? 0)
            return isReady ? goOn(to: .request(0)) : [begin(after: Questions.readyInterval)]
        }
        records[record].take(reply)
        entries.append(.answered(record))
        return goOnWhenAnswered()
    }

    /// Goes on to the next question when nobody waits for an answer, or will.
    private mutating func goOnWhenAnswered() -> [InquiryAction] {
        guard case .request(let turn) = step, waiting.isEmpty, begins == nil else { return [] }
        guard let again = late.first else { return goOn(to: .request(turn + 1)) }
        late.removeFirst()
        return [askAgain(again)]
    }

    private mutating func askAgain(_ again: Late) -> InquiryAction {
        next = again.record
        expires = nil
        return begin(after: again.after)
    }

    private mutating func goOn(to step: Step) -> [InquiryAction] {
        self.step = step == .request(questions.requests.count) ? .dismiss : step
        if case .request(let turn) = self.step { next = turn }
        expires = nil
        return [begin(after: .zero)]
    }

    private mutating func perform() -> [InquiryAction] {
        switch step {
        case .listen: return []
        case .check:
            return [send(RecordedRequest(method: "GET", target: questions.ready ?? "/"), nil)]
        case .request: return ask(next)
        case .dismiss:
            isDismissed = true
            entries.append(.dismissed)
            return [expire(after: Questions.endWithin), .dismiss]
        }
    }

    private mutating func ask(_ record: Int) -> [InquiryAction] {
        let ask = send(records[record].request, record)
        guard records[record].ending == .unasked else { return [ask] }
        records[record].ending = .open
        entries.append(.asked(record))
        return [expire(after: questions.patience), ask]
    }

    private mutating func send(_ request: RecordedRequest, _ record: Int?) -> InquiryAction {
        sent += 1
        waiting.append(Waiting(number: sent, record: record))
        return .ask(request)
    }

    // MARK: Disturbances

    /// Why the question that is asked now cannot be disturbed; nil where it can.
    var disturbanceRefusal: String? {
        guard case .request = step, !waiting.isEmpty else {
            return "no question waits for an answer"
        }
        let repeated = records.count - questions.requests.count
        return repeated < Inquiry.repetitionsMax
            ? nil : "\(repeated) questions came again, which is the most"
    }

    /// Disturbs the question that waits; nil when none does.
    mutating func disturb(_ disturbance: Disturbance) -> [InquiryAction]? {
        guard disturbanceRefusal == nil, case .request(let turn) = step else { return nil }
        let again = Late(record: records.count, after: disturbance.after)
        records.append(AskedRecord(request: records[turn].request, repeats: turn))
        switch disturbance.act {
        case .duplicate: return ask(again.record)
        case .late:
            late.append(again)
            return []
        case .interrupt:
            let left = waiting
            waiting = []
            for record in left.compactMap(\.record) {
                records[record].ending = .interrupted
                entries.append(.interrupted(record))
            }
            return left.map { .hangUp($0.number) } + [askAgain(again)]
        }
    }

    private var overdue: StopReason {
        guard step == .dismiss else { return .hung }
        let seconds = Questions.endWithin.nanoseconds / 1_000_000_000
        return .limit("no end within \(seconds) s of SIGTERM")
    }

    /// What the agent owes, as a noun; nil when all answers are whole.
    public var unmet: String? {
        switch step {
        case .listen: return "nothing listens on 127.0.0.1:\(questions.port)"
        case .check: return "no answer of 2xx to GET \(questions.ready ?? "/")"
        case .request, .dismiss:
            let open = waiting.first?.record
            let missing =
                open ?? records.firstIndex { ![.complete, .interrupted].contains($0.ending) }
            return missing.map { "no whole answer to \(name($0))" }
        }
    }

    private func name(_ index: Int) -> String {
        let request = records[index].request
        let count = questions.requests.count
        let turn = records[index].repeats ?? index
        let place = count == 1 ? "" : ", request \(turn + 1) of \(count)"
        let again = records[index].repeats == nil ? "" : ", asked again"
        return "\(request.method) \(request.path)\(place)\(again)"
    }

    // MARK: Reminders

    private mutating func begin(after span: SimDuration) -> InquiryAction {
        reminders += 1
        begins = reminders
        return .remind(reminders, after: span)
    }

    private mutating func expire(after span: SimDuration) -> InquiryAction {
        reminders += 1
        expires = reminders
        return .remind(reminders, after: span)
    }
}
