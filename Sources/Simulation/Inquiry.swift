public import Cassette
public import Determinism

/// What the shell tells about an agent that is a server.
public enum InquiryEvent: Hashable, Sendable {
    /// The agent was started.
    case started
    /// Something listens on its port.
    case listens
    /// What came of the request that was sent last.
    case replied(Reply)
    /// The time of this reminder has come.
    case reminded(Int)
}

/// What is to be done with an agent that is a server.
public enum InquiryAction: Hashable, Sendable {
    /// Connect to it and send this request.
    case ask(RecordedRequest)
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

    private let questions: Questions
    private var step = Step.listen
    /// Whether what the step does was done, so that its outcome is awaited.
    private var isUnderWay = false
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
        guard step == .dismiss, isUnderWay else { return false }
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
        guard isUnderWay else { return [] }
        isUnderWay = false
        // Where nobody says what listens, it is found out by trying.
        if !reply.isConnected, !wasConnected { return [begin(after: Questions.readyInterval)] }
        wasConnected = true
        switch step {
        case .check:
            entries.append(.checked(status: reply.status))
            let isReady = reply.isWhole && (200..<300).contains(reply.status ?? 0)
            return isReady ? goOn(to: .request(0)) : [begin(after: Questions.readyInterval)]
        case .request(let index):
            records[index].take(reply)
            entries.append(.answered(index))
            return goOn(to: .request(index + 1))
        case .listen, .dismiss: return []
        }
    }

    private mutating func goOn(to next: Step) -> [InquiryAction] {
        step = next == .request(records.count) ? .dismiss : next
        expires = nil
        return [begin(after: .zero)]
    }

    private mutating func perform() -> [InquiryAction] {
        isUnderWay = true
        switch step {
        case .listen: return []
        case .check:
            return [.ask(RecordedRequest(method: "GET", target: questions.ready ?? "/"))]
        case .request(let index):
            let ask = InquiryAction.ask(records[index].request)
            guard records[index].ending == .unasked else { return [ask] }
            records[index].ending = .open
            entries.append(.asked(index))
            return [expire(after: questions.patience), ask]
        case .dismiss:
            entries.append(.dismissed)
            return [expire(after: Questions.endWithin), .dismiss]
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
        case .request(let index) where isUnderWay: return "no whole answer to \(name(index))"
        case .request, .dismiss:
            let missing = records.firstIndex { $0.ending != .complete }
            return missing.map { "no whole answer to \(name($0))" }
        }
    }

    private func name(_ index: Int) -> String {
        let request = records[index].request
        let place = records.count == 1 ? "" : ", request \(index + 1) of \(records.count)"
        return "\(request.method) \(request.path)\(place)"
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
