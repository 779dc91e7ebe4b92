import Cassette
import Determinism
import Faults
import Judgement
import Simulation
import WireProtocols

/// Builds traces by hand as the world writes them: with bodies that protocols read, and with a log
/// of steps in the order of time.
struct WireTrace {
    var clock = ClockMode.virtual
    var exchanges: [ExchangeRecord] = []
    private var events: [(at: Int64, event: TraceEvent)] = []
    private var turns: [String] = []
    var tools =
        WireTrace.tool("refund", "order", "integer") + ","
        + WireTrace.tool("find", "query", "string")

    init(clock: ClockMode = .virtual) {
        self.clock = clock
    }

    static func tool(_ name: String, _ argument: String, _ type: String) -> String {
        #"{"type":"function","function":{"name":"\#(name)","parameters":{"type":"object","#
            + #""properties":{"\#(argument)":{"type":"\#(type)","format":"any"}},"#
            + #""required":["\#(argument)"]}}}"#
    }

    /// One answer to a request, and when; all times in milliseconds.
    struct Answer {
        var status: Int? = 200
        var headers: HeaderFields = []
        var body = ""
        /// How many bytes of the body were written; nil for all.
        var sent: Int?
        var ending = DeliveryEnding.complete
        var takes: Int64 = 0
        /// When the agent closed the connection, counted from the request.
        var closedAfter: Int64?
        var fault: String?
    }

    /// Appends an exchange.
    mutating func ask(
        _ upstream: String, _ route: String = "POST /v1/chat/completions",
        kind: UpstreamKind = .tool, body: String = "{}", at: Int64 = 0, wire: String? = nil,
        _ answer: Answer = Answer()
    ) {
        let parts = route.split(separator: " ").map(String.init)
        let id = ExchangeID(exchanges.count + 1)
        var record = ExchangeRecord(
            id: id, upstream: upstream, kind: kind,
            request: RecordedRequest(method: parts[0], target: parts[1], body: Array(body.utf8)),
            fingerprint: Fingerprint(Digest(hashing: Array("\(route) \(body)".utf8))),
            arrivedAt: SimInstant(nanoseconds: at * 1_000_000))
        record.source = .recorded
        record.sideEffecting = kind == .tool && parts[0] != "GET"
        record.status = answer.status
        record.headers = answer.headers
        record.body = Array(answer.body.utf8)
        record.ending = answer.ending
        record.wire = wire
        record.cancelled = answer.closedAfter != nil
        deliver(answer, to: &record)
        if let wire = wire.flatMap({ WireProtocols.named($0) }), (answer.status ?? 599) < 400 {
            record.answer = wire.summary(of: Array(record.sentBody), framing: nil)
        }
        if let fault = answer.fault {
            let anchor = Anchor(
                fingerprint: record.fingerprint, take: 1, attempt: 1, upstream: upstream, call: 1)
            record.faults = [
                FaultRecord(
                    planned: PlannedFault(
                        fault: fault, anchor: anchor, parameters: FaultParameters()),
                    outcome: .fired)
            ]
        }
        exchanges.append(record)
        events.append((at, .request(id)))
        for index in 0..<record.sentCount {
            events.append((at + answer.takes, .step(id, index: index)))
        }
        if let closed = answer.closedAfter { events.append((at + closed, .agentClosed(id))) }
    }

    private func deliver(_ answer: Answer, to record: inout ExchangeRecord) {
        let at = SimDuration.milliseconds(answer.takes)
        guard answer.status != nil else {
            record.steps =
                answer.ending == .hang
                ? [] : [StepRecord(at: at, kind: "reset", byteCount: 0)]
            record.sentCount = record.steps.count
            return
        }
        let sent = answer.sent ?? record.body.count
        record.steps = [
            StepRecord(at: at, kind: "head", byteCount: 0),
            StepRecord(at: at, kind: "body", byteCount: sent),
        ]
        record.steps.append(
            sent < record.body.count
                ? StepRecord(at: at, kind: "body", byteCount: record.body.count - sent)
                : StepRecord(at: at, kind: "end", byteCount: 0))
        record.sentCount = sent < record.body.count ? 2 : 3
    }

    /// The model is asked with all turns so far, and its answer joins them.
    mutating func model(
        _ calls: [(id: String, name: String, arguments: String)] = [], says text: String = "",
        finish: String? = nil, at: Int64 = 0, isKept: Bool = true, _ answer: Answer = Answer()
    ) {
        let request =
            #"{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}"#
            + turns.map { "," + $0 }.joined() + #"],"tools":[\#(tools)]}"#
        let asked = calls.map { call in
            #"{"id":"\#(call.id)","type":"function","function":{"name":"\#(call.name)","#
                + #""arguments":"\#(WireTrace.escaped(call.arguments))"}}"#
        }
        let list = asked.isEmpty ? "" : #","tool_calls":[\#(asked.joined(separator: ","))]"#
        let message = #"{"role":"assistant","content":"\#(text)"\#(list)}"#
        let reason = finish ?? (calls.isEmpty ? "stop" : "tool_calls")
        var answer = answer
        if answer.body.isEmpty, (answer.status ?? 599) < 400 {
            answer.body =
                #"{"object":"chat.completion","choices":[{"index":0,"message":\#(message),"#
                + #""finish_reason":"\#(reason)"}]}"#
        }
        ask("openai", kind: .model, body: request, at: at, wire: "openai-chat", answer)
        if isKept { turns.append(message) }
    }

    /// The agent tells the model the result of a call, with its next request.
    mutating func tell(_ id: String, _ result: String) {
        turns.append(
            #"{"role":"tool","tool_call_id":"\#(id)","content":"\#(WireTrace.escaped(result))"}"#)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing(#"\"#, with: #"\\"#).replacing(#"""#, with: #"\""#)
    }

    /// The trace of a run that ended so.
    func ended(
        _ end: RunEnd = .exited(.code(0)), output: String = "done", error: String = ""
    ) -> Trace {
        var trace = Trace(cassette: Digest(hashing: []), clock: clock)
        trace.exchanges = exchanges
        let sorted = events.enumerated().sorted { left, right in
            (left.element.at, left.offset) < (right.element.at, right.offset)
        }
        for entry in sorted {
            trace.append(
                entry.element.event, at: SimInstant(nanoseconds: entry.element.at * 1_000_000))
        }
        trace.end = end
        trace.standardOutput = Array(output.utf8)
        trace.standardError = Array(error.utf8)
        return trace
    }
}

/// What a rule should say of a trace.
struct Expected {
    var witnesses: [Int]?
    var position: WitnessPosition?
    var says: String

    static func holds(_ says: String = "", _ witnesses: [Int]? = nil) -> Expected {
        Expected(witnesses: witnesses, position: nil, says: says)
    }

    /// Broken by the request of the last witness.
    static func byRequest(_ witnesses: [Int], _ says: String = "") -> Expected {
        Expected(
            witnesses: witnesses, position: .request(ExchangeID(witnesses.last ?? 0)), says: says)
    }

    /// Broken by the answer to the last witness.
    static func byDelivery(_ witnesses: [Int], _ says: String = "") -> Expected {
        Expected(
            witnesses: witnesses, position: .delivery(ExchangeID(witnesses.last ?? 0)), says: says)
    }

    static func atEnd(_ witnesses: [Int], _ says: String = "") -> Expected {
        Expected(witnesses: witnesses, position: .end, says: says)
    }
}
