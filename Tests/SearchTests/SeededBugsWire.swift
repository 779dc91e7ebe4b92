import Cassette
import Determinism
import Simulation

/// The part of a small agent that works: one question after the other, with timers.
struct BugWire {
    enum Break: Hashable, Sendable { case reset, closed, timeOut }

    enum Event: Hashable, Sendable {
        /// Bytes of the body arrived.
        case chunk([UInt8])
        /// The answer is complete.
        case answered(status: Int, body: [UInt8])
        /// The answer will never be complete.
        case broken(Break)
        /// The alarm went off while the answer was awaited.
        case alarm
    }

    let questions: [GroupAgent.Question]
    /// How long it waits for a whole answer.
    var timeOut: SimDuration?
    /// After how long without a whole answer the alarm goes off.
    var alarmAfter: SimDuration?
    /// Which question is due.
    private(set) var index = 0
    /// How often it was asked.
    private(set) var attempt = 1

    private var tag = 0
    private var timers = 0
    private var isOpen = false
    private var status = 0
    private var body: [UInt8] = []
    private var limit: WaiterID?
    private var alarm: WaiterID?
    private var instead: RecordedRequest?

    init(_ questions: [GroupAgent.Question]) {
        self.questions = questions
    }

    /// What an input means for the agent; nil when it is for the wire alone.
    mutating func take(_ input: AgentInput, _ outputs: inout [AgentOutput]) -> Event? {
        switch input {
        case .started: ask(&outputs)
        case .head(RequestTag(tag), let code, _) where isOpen: status = code
        case .body(RequestTag(tag), let bytes) where isOpen:
            body += bytes
            return .chunk(bytes)
        case .ended(RequestTag(tag)) where isOpen:
            close(&outputs)
            return .answered(status: status, body: body)
        case .reset(RequestTag(tag)) where isOpen:
            close(&outputs)
            return .broken(.reset)
        case .closed(RequestTag(tag)) where isOpen:
            close(&outputs)
            return .broken(.closed)
        case .timer(let timer) where timer == limit:
            limit = nil
            outputs.append(.cancel(RequestTag(tag)))
            close(&outputs)
            return .broken(.timeOut)
        case .timer(let timer) where timer == alarm:
            alarm = nil
            return .alarm
        case .timer where !isOpen: ask(&outputs)
        default: break
        }
        return nil
    }

    /// Goes on to the next question, or ends well.
    mutating func next(_ outputs: inout [AgentOutput]) {
        index += 1
        attempt = 1
        instead = nil
        index < questions.count ? ask(&outputs) : exit(0, &outputs)
    }

    /// Asks the same again after a while, or something else in its place.
    mutating func retry(
        after delay: SimDuration, with request: RecordedRequest? = nil,
        _ outputs: inout [AgentOutput]
    ) {
        attempt += 1
        if let request { instead = request }
        outputs.append(.startTimer(newTimer(), after: delay))
    }

    func say(_ text: String, _ outputs: inout [AgentOutput]) {
        outputs.append(.write(.standardOutput, Array(text.utf8)))
    }

    func exit(_ code: Int, _ outputs: inout [AgentOutput]) {
        outputs.append(.exit(.code(code)))
    }

    private mutating func ask(_ outputs: inout [AgentOutput]) {
        tag += 1
        isOpen = true
        body = []
        status = 0
        let question = questions[index]
        outputs.append(
            .request(
                RequestTag(tag), upstream: question.upstream, instead ?? question.request))
        if let timeOut {
            limit = newTimer()
            outputs.append(.startTimer(WaiterID(timers), after: timeOut))
        }
        if let alarmAfter {
            alarm = newTimer()
            outputs.append(.startTimer(WaiterID(timers), after: alarmAfter))
        }
    }

    private mutating func close(_ outputs: inout [AgentOutput]) {
        isOpen = false
        for timer in [limit, alarm].compactMap(\.self) { outputs.append(.stopTimer(timer)) }
        limit = nil
        alarm = nil
    }

    private mutating func newTimer() -> WaiterID {
        timers += 1
        return WaiterID(timers)
    }
}

/// Reads the texts of a stream of deltas byte by byte, as an agent written by hand does.
struct BugContentReader {
    private static let mark = Array(#""content":""#.utf8)
    private var matched = 0
    private var isInside = false
    /// Whether the byte before was the one that begins an escape.
    var isEscaped = false
    private(set) var text: [UInt8] = []

    mutating func read(_ bytes: [UInt8]) {
        for byte in bytes {
            if isInside {
                readInside(byte)
            } else if byte == Self.mark[matched] {
                matched += 1
                if matched == Self.mark.count { (isInside, matched) = (true, 0) }
            } else {
                matched = byte == Self.mark[0] ? 1 : 0
            }
        }
    }

    private mutating func readInside(_ byte: UInt8) {
        switch (isEscaped, byte) {
        case (true, UInt8(ascii: "n")): text.append(UInt8(ascii: "\n"))
        case (true, _): text.append(byte)
        case (false, UInt8(ascii: "\\")):
            isEscaped = true
            return
        case (false, UInt8(ascii: "\"")): isInside = false
        case (false, _): text.append(byte)
        }
        isEscaped = false
    }

    static func text(of body: [UInt8]) -> String {
        var reader = BugContentReader()
        reader.read(body)
        return String(decoding: reader.text, as: UTF8.self)
    }
}
