internal import Cassette
internal import CassetteStore
internal import Determinism
internal import Gateway
internal import Synchronization

/// The sessions of a recording service: which interaction goes into which cassette.
///
/// Cassettes are opened on the recorder's loop, where a request needs one, and are packed on the
/// thread that keeps house.
final class ServedSessions: RecordingSink {
    /// One cassette that is open.
    struct Session: Sendable {
        let path: String
        let sink: CassetteSink
        let startedAt: SimInstant
        /// How many requests it got.
        var count = 0
        /// How many of them are under way.
        var openCount = 0
        /// When something of it happened last, on the monotonic clock.
        var lastSignNanoseconds: Int64
    }

    private struct State {
        var upstreams: [Upstream]
        var sessions: [Int: Session] = [:]
        /// The session that takes the next request, by key.
        var current: [String: Int] = [:]
        var owners: [Int: Int] = [:]
        var lastNumber = 0
        var figures = Figures()
    }

    /// What happened so far.
    struct Figures: Hashable, Sendable {
        var requestCount = 0
        var openSessionCount = 0
        /// Whether the last interaction could be kept.
        var keepsUp = true
        /// What went wrong last.
        var lastProblem: String?
    }

    private let request: ServeRequest
    private let makeCassette: @Sendable (_ key: String, _ number: Int) -> String
    private let manifest: @Sendable ([Upstream]) -> Manifest
    private let state: Mutex<State>

    /// Creates a sink without a session; `makeCassette` gives the path of the next one.
    init(
        _ request: ServeRequest,
        makeCassette: @escaping @Sendable (_ key: String, _ number: Int) -> String,
        manifest: @escaping @Sendable ([Upstream]) -> Manifest
    ) {
        self.request = request
        self.makeCassette = makeCassette
        self.manifest = manifest
        state = Mutex(State(upstreams: request.upstreams))
    }

    var figures: Figures {
        state.withLock { state in
            var figures = state.figures
            figures.openSessionCount = state.sessions.count
            return figures
        }
    }

    var openPaths: Set<String> {
        state.withLock { Set($0.sessions.values.map(\.path)) }
    }

    /// The ports are known: they are part of every cassette.
    func place(_ ports: [String: Int]) {
        state.withLock { state in
            for index in state.upstreams.indices {
                state.upstreams[index].port = ports[state.upstreams[index].name] ?? 0
            }
        }
    }

    func met(_ upstream: Upstream) throws {
        let sinks = state.withLock { state in
            state.upstreams.append(upstream)
            return state.sessions.sorted { $0.key < $1.key }.map(\.value.sink)
        }
        try Self.add(upstream, to: sinks)
    }

    /// Adds an upstream to every cassette; one that does not take it keeps it from no other.
    static func add(_ upstream: Upstream, to sinks: [CassetteSink]) throws {
        var failure: (any Error)?
        for sink in sinks {
            do {
                try sink.add(upstream)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    // MARK: Interactions

    func began(_ ordinal: Int, _ asked: RecordedRequest, at instant: SimInstant) {
        state.withLock { state in
            state.figures.requestCount += 1
            guard let number = session(for: asked, at: instant, &state) else { return }
            state.sessions[number]?.count += 1
            state.sessions[number]?.openCount += 1
            state.sessions[number]?.lastSignNanoseconds = System.monotonicNanoseconds
            state.owners[ordinal] = number
        }
    }

    func put(_ interaction: Interaction) throws {
        let found = state.withLock { state in
            state.owners[interaction.ordinal].flatMap { state.sessions[$0] }
        }
        do {
            guard let found else {
                throw RunnerError(
                    .usage, figures.lastProblem ?? "there is no cassette for this session")
            }
            var interaction = interaction
            interaction.startedAt = .zero + found.startedAt.duration(to: interaction.startedAt)
            try found.sink.put(interaction)
            state.withLock { $0.figures.keepsUp = true }
        } catch {
            note("\(error)")
            throw error
        }
    }

    func concluded(_ ordinal: Int) {
        state.withLock { state in
            guard let number = state.owners.removeValue(forKey: ordinal) else { return }
            state.sessions[number]?.openCount -= 1
            state.sessions[number]?.lastSignNanoseconds = System.monotonicNanoseconds
        }
    }

    func note(_ problem: String) {
        state.withLock { state in
            state.figures.keepsUp = false
            state.figures.lastProblem = problem
        }
    }

    // MARK: Ends

    /// Takes out the sessions that are over, the oldest first: those that were idle for long
    /// enough and those that are full; at the end, all.
    func takeFinished(all: Bool = false) -> [Session] {
        let limit = System.monotonicNanoseconds - request.idleGapMilliseconds * 1_000_000
        return state.withLock { state in
            let current = Set(state.current.values)
            let over = state.sessions.keys.sorted().filter { number in
                guard let session = state.sessions[number] else { return false }
                if all { return true }
                guard session.openCount == 0 else { return false }
                return session.lastSignNanoseconds <= limit || !current.contains(number)
            }
            state.current = state.current.filter { !over.contains($0.value) }
            return over.compactMap { state.sessions.removeValue(forKey: $0) }
        }
    }

    /// Lets no open session take another request, so that all of them come to their end.
    func retireAll() {
        state.withLock { $0.current = [:] }
    }

    /// The session of a request, opened when there is none or the one there is is full.
    private func session(
        for asked: RecordedRequest, at instant: SimInstant, _ state: inout State
    ) -> Int? {
        let key = request.sessionHeader.flatMap { asked.headers.first($0) } ?? ""
        if let number = state.current[key], let session = state.sessions[number],
            session.count < request.interactionsMax
        {
            return number
        }
        retireOldest(&state)
        state.lastNumber += 1
        let number = state.lastNumber
        let path = makeCassette(key, number)
        let manifest = manifest(state.upstreams)
        do {
            let sink = CassetteSink(settled: request.settledUpstreams)
            sink.open(try CassetteWriter.create(path, manifest: manifest), manifest.upstreams)
            state.sessions[number] = Session(
                path: path, sink: sink, startedAt: instant,
                lastSignNanoseconds: System.monotonicNanoseconds)
            state.current[key] = number
            return number
        } catch {
            state.figures.lastProblem = "\(error)"
            state.current[key] = nil
            return nil
        }
    }

    /// Makes room where there are too many keys at a time.
    private func retireOldest(_ state: inout State) {
        guard state.current.count >= ServeRequest.openSessionsMax else { return }
        let oldest = state.current.min { left, right in
            (state.sessions[left.value]?.lastSignNanoseconds ?? 0, left.value)
                < (state.sessions[right.value]?.lastSignNanoseconds ?? 0, right.value)
        }
        if let oldest { state.current[oldest.key] = nil }
    }
}
