import Cassette
import Determinism
import Faults
import Simulation

/// A tape of a chat model and a shop, plans for it, and ways to run them.
enum Fixture {
    static let upstreams = [
        Upstream(name: "llm", kind: .model, address: "https://llm.example"),
        Upstream(name: "shop", kind: .tool, address: "https://shop.example"),
    ]

    /// The same, met behind the proxy.
    static let proxied = upstreams.map { upstream in
        var upstream = upstream
        upstream.variables = [Upstream.secureProxyVariable]
        return upstream
    }

    static func chat(_ text: String) -> RecordedRequest {
        let body: JSONValue = [
            "model": "m", "messages": [["role": "user", "content": .string(text)]],
            "stream": true,
        ]
        return RecordedRequest(
            method: "POST", target: "/v1/chat/completions", body: body.encoded())
    }

    static func tool(_ path: String, _ body: String = "", method: String = "GET") -> RecordedRequest
    {
        RecordedRequest(method: method, target: path, body: Array(body.utf8))
    }

    static func frame(_ text: String) -> String {
        #"data: {"choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"# + "\n\n"
    }

    static let finish =
        #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    static let done = "data: [DONE]\n\n"

    /// A stream of words at 20 ms, 30 ms and so on; the head comes at 10 ms.
    static func stream(_ words: [String], end: [String] = [finish, done]) -> RecordedResponse {
        response((words.map(frame) + end), type: "text/event-stream")
    }

    static func response(
        _ chunks: [String], type: String = "application/json", status: Int = 200
    ) -> RecordedResponse {
        RecordedResponse(
            status: status, headers: [HeaderField("content-type", type)],
            headAt: .milliseconds(10),
            chunks: chunks.enumerated().map { place, text in
                Chunk(at: .milliseconds(20 + 10 * Int64(place)), bytes: Array(text.utf8))
            }, endAt: .milliseconds(20 + 10 * Int64(chunks.count)))
    }

    static func interaction(
        _ upstream: String, _ request: RecordedRequest, _ response: RecordedResponse?,
        ending: Ending = .complete, left: Int? = nil
    ) -> Interaction {
        Interaction(
            ordinal: 1, upstream: upstream, request: request, response: response, ending: ending,
            agentLeftAfterBytes: left)
    }

    static func tape(
        _ interactions: [Interaction], of upstreams: [Upstream] = upstreams
    ) throws -> Tape {
        var numbered = interactions
        for place in numbered.indices { numbered[place].ordinal = place + 1 }
        return try Tape(
            MemoryStore(
                manifest: Manifest(toolVersion: "1", upstreams: upstreams), interactions: numbered))
    }

    /// Ten calls, model and tool in turns.
    static func tenCalls(of upstreams: [Upstream] = upstreams) throws -> Tape {
        try tape(
            (1...5).flatMap { number in
                [
                    interaction(
                        "llm", chat("question \(number)"),
                        stream(["Answer ", "é\(number)", " is", " here."])),
                    interaction(
                        "shop", tool("/orders/\(number)"),
                        response([#"{"id":\#(number),"state":"shipped"}"#])),
                ]
            }, of: upstreams)
    }

    static func fault(
        _ id: String, _ tape: Tape, ordinal: Int = 1, attempt: Int? = 1,
        _ given: [JSONMember] = []
    ) -> PlannedFault {
        let row = tape.entry(ordinal)
        let kind = FaultCatalogue.named(id)
        let members = (kind?.parameters ?? []).compactMap { spec -> JSONMember? in
            if let member = given.first(where: { $0.key == spec.name }) { return member }
            if case .fixed(let value) = spec.defaultValue { return JSONMember(spec.name, value) }
            return nil
        }
        return PlannedFault(
            fault: id,
            anchor: Anchor(
                fingerprint: row.fingerprint, take: row.take, attempt: attempt,
                upstream: row.upstream, call: row.call),
            parameters: FaultParameters(members))
    }

    static func plan(
        _ tape: Tape, _ faults: [PlannedFault] = [], order: UInt64 = 0,
        offTape: OffTapePolicy = .echo, stubs: [Stub] = []
    ) -> Plan {
        Plan(
            cassette: tape.hash, order: Seed(order), faults: faults, offTape: offTape, stubs: stubs)
    }

    static func run(
        _ agent: some InProcessAgent, _ tape: Tape, _ plan: Plan,
        options: WorldOptions = WorldOptions(clock: .virtual)
    ) -> Trace {
        InProcessRun.trace(
            of: agent, tape: tape, plan: plan, cache: DeliveryCache(), options: options)
    }
}

/// Drives a world with a real clock by hand.
struct Hand {
    var world: World
    var sent: [DeliveryStep] = []
    var stops: [StopReason] = []

    init(
        _ tape: Tape, _ plan: Plan, options: WorldOptions = WorldOptions(),
        cache: DeliveryCache = DeliveryCache()
    ) {
        world = World(tape: tape, plan: plan, options: options, cache: cache)
    }

    /// Tells the world something and returns what it wants sent, as kinds.
    @discardableResult
    mutating func tell(_ event: WorldEvent) -> [String] {
        var actions: ActionBuffer = []
        world.handle(event, into: &actions)
        var kinds: [String] = []
        for action in actions {
            switch action {
            case .send(_, let step, _):
                sent.append(step)
                kinds.append(Hand.kind(step))
            case .stop(let reason): stops.append(reason)
            case .setClock, .shiftWall, .wake: kinds.append("clock")
            case .inquiry(.ask(let request)):
                kinds.append("ask \(request.method) \(request.target)")
            case .inquiry(.remind(let number, let span)):
                kinds.append("remind \(number) \(span.nanoseconds / 1_000_000)")
            case .inquiry(.hangUp(let number)): kinds.append("hang up \(number)")
            case .inquiry(.dismiss): kinds.append("dismiss")
            case .strikeProgram(let fate): kinds.append("strike \(fate)")
            case .kill: kinds.append("kill")
            case .start(let birth): kinds.append("start \(birth.life)")
            case .takeConsumed, .answer, .closeIdle, .inquiry(.giveUp): break
            }
        }
        return kinds
    }

    /// Asks and takes every step; returns the kinds of all.
    @discardableResult
    mutating func exchange(_ number: Int, _ upstream: String, _ request: RecordedRequest)
        -> [String]
    {
        var kinds = tell(.request(ExchangeID(number), upstream: upstream, request))
        while true {
            let next = tell(.taken(ExchangeID(number)))
            if next.isEmpty { return kinds }
            kinds += next
        }
    }

    static func kind(_ step: DeliveryStep) -> String {
        switch step {
        case .head: "head"
        case .body: "body"
        case .end: "end"
        case .close: "close"
        case .reset: "reset"
        case .frame: "frame"
        }
    }
}
