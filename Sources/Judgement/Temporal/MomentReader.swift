internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

/// Makes the list of moments from the log of a run, in the order in which the world saw things.
struct MomentReader {
    private let conduct: Conduct
    private var moments: [Moment] = []
    private var now = SimInstant.zero
    private var steps = 0
    /// The exchanges by their number.
    private var places: [ExchangeID: Int] = [:]
    /// By exchange: the uses that went over the wire, and those that it tells of.
    private var calls: [ExchangeID: [Int]] = [:]
    private var told: [ExchangeID: [Int]] = [:]
    /// By exchange: the entry of the log with which its answer ended.
    private var lastEntry: [ExchangeID: Int] = [:]
    private var begun: Set<ExchangeID> = []
    private var latestDelivered: ExchangeID?
    private var written: ArraySlice<UInt8>
    /// What was written of a line that has no end yet.
    private var openLine: [UInt8] = []
    private var sawOutput = false

    static func read(_ conduct: Conduct) -> [Moment] {
        var reader = MomentReader(conduct)
        reader.readLog()
        return reader.moments
    }

    private init(_ conduct: Conduct) {
        self.conduct = conduct
        written = conduct.trace.standardOutput[...]
        for (place, exchange) in conduct.exchanges.enumerated() { places[exchange.id] = place }
        for (place, use) in conduct.toolUses.enumerated() {
            switch use.evidence {
            case .call(let id): calls[id, default: []].append(place)
            case .result(let id): told[id, default: []].append(place)
            }
        }
    }

    private mutating func readLog() {
        let log = conduct.trace.log
        for (index, entry) in log.enumerated() {
            switch entry.event {
            case .step(let id, _): lastEntry[id] = index
            // A connection that is closed when all was written says nothing of the answer.
            case .agentClosed(let id) where !isWritten(id): lastEntry[id] = index
            default: continue
            }
        }
        for (index, entry) in log.enumerated() {
            now = max(now, entry.at)
            switch entry.event {
            case .request(let id): request(id)
            case .step(let id, _), .agentClosed(let id):
                if entry.event == .agentClosed(id), lastEntry[id] != index { continue }
                begin(id)
                if lastEntry[id] == index { answer(id) }
            case .output(.standardOutput, let byteCount): output(byteCount)
            case .inquiry(.answered(let index)): reply(index)
            case .ended(let end):
                // What is written while the agent is stopped depends on how long that takes.
                exit(end)
                return
            default: continue
            }
        }
        if let end = conduct.trace.end { exit(end) }
    }

    private func isWritten(_ id: ExchangeID) -> Bool {
        guard let place = places[id] else { return true }
        let exchange = conduct.exchanges[place]
        return exchange.sentCount > 0 && exchange.sentCount == exchange.steps.count
    }

    private mutating func add(
        _ event: Moment.Event, exchange: Int? = nil, uses: [Int] = [], isTold: Bool = false,
        tools: Int = 1, position: WitnessPosition? = nil
    ) {
        for number in 0..<max(1, tools) {
            moments.append(
                Moment(
                    event: event, at: now, steps: steps, exchange: exchange, uses: uses,
                    isTold: isTold, number: number,
                    position: position ?? latestDelivered.map { .delivery($0) } ?? .beginning))
        }
    }

    // MARK: Exchanges

    private mutating func request(_ id: ExchangeID) {
        guard let place = places[id] else { return }
        // What was delivered later than it was asked can still have been delivered before.
        let isLatest = latestDelivered.map { $0 < id } ?? true
        let position = isLatest ? WitnessPosition.request(id) : nil
        for use in told[id] ?? [] {
            add(.request, exchange: place, uses: [use], isTold: true, position: position)
            add(.answer, exchange: place, uses: [use], isTold: true, position: position)
        }
        steps += 1
        let uses = calls[id] ?? []
        add(.request, exchange: place, uses: uses, tools: uses.count, position: position)
        guard lastEntry[id] == nil else { return }
        // Nothing was delivered that the log tells of: refused, or a log without steps.
        let exchange = conduct.exchanges[place]
        guard exchange.sentCount > 0 || exchange.ending == .unconnected else { return }
        begin(id)
        answer(id)
    }

    /// Something of the answer is delivered: from now on the agent may know of it.
    private mutating func begin(_ id: ExchangeID) {
        guard let place = places[id], begun.insert(id).inserted else { return }
        latestDelivered = max(latestDelivered ?? id, id)
        for fault in conduct.exchanges[place].fired {
            add(.fault(fault.fault), exchange: place)
        }
    }

    private mutating func answer(_ id: ExchangeID) {
        guard let place = places[id] else { return }
        let exchange = conduct.exchanges[place]
        let uses = calls[id] ?? []
        let wanted = exchange.kind == .model ? exchange.answer?.toolCalls.count ?? 0 : 0
        add(.answer, exchange: place, uses: uses, tools: max(uses.count, wanted))
    }

    // MARK: Output and end

    /// The lines that a write completed.
    private mutating func output(_ byteCount: Int) {
        guard conduct.trace.asked.isEmpty else { return }
        sawOutput = true
        let piece = written.prefix(max(0, byteCount))
        written = written.dropFirst(max(0, byteCount))
        guard let lineEnd = piece.lastIndex(of: UInt8(ascii: "\n")) else {
            openLine += piece
            return
        }
        say(openLine + piece[..<lineEnd])
        openLine = Array(piece[lineEnd...].dropFirst())
    }

    private mutating func reply(_ index: Int) {
        guard conduct.trace.asked.indices.contains(index) else { return }
        say(conduct.trace.asked[index].body)
    }

    private mutating func say(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map {
            String(decoding: $0, as: UTF8.self)
        }
        if !lines.isEmpty { add(.output(lines)) }
    }

    private mutating func exit(_ end: RunEnd) {
        // The last line may lack its end, and a log without writes has all of it here.
        if conduct.trace.asked.isEmpty { say(sawOutput ? openLine : Array(written)) }
        add(.exit(end), position: .end)
    }
}
