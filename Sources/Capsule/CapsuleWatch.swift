internal import CCapsule
internal import Determinism
internal import Faults
package import Simulation

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The coordinator's view of an agent: its threads through /proc, their waits through the page,
/// its output through pipes.
///
/// Confined to one loop.
package final class CapsuleWatch: AgentWatch {
    /// What the agent writes to.
    package struct Output: Sendable {
        /// The reading end, which does not block.
        package var descriptor: Int32
        package var stream: OutputStream
        /// What was written to it before.
        package var written: [UInt8]

        package init(descriptor: Int32, stream: OutputStream, written: [UInt8]) {
            self.descriptor = descriptor
            self.stream = stream
            self.written = written
        }
    }

    private struct Wait {
        var slot: UInt32
        var kind: UInt32
        var generation: UInt64
        var deadline: UInt64
        /// Whether it is over as soon as all others wait.
        var isTurn: Bool
    }

    private let page: CapsulePage
    private let tree: OpaquePointer
    private let outputs: [Output]
    private let foreign: () -> [String]
    private let show: ([UInt8]) -> Void
    private let limits: AgentLimits
    private let takesTurns: Bool
    private let mounts: [UInt64: String]
    private let findings: CapsuleFindings
    private var written: [OutputStream: [UInt8]] = [:]
    private var names = WaiterNames()
    private var waits: [WaiterID: Wait] = [:]
    private var questions: [WaiterID: Wait] = [:]
    private var timedLooks = 0
    /// Whether a program is to die, and none was heard of that did.
    private var isStriking = false
    private var room = 64

    /// Begins to watch the tree below `root`.
    ///
    /// The root is left out itself when it is the init of a namespace. `foreign` gives the foreign
    /// addresses that were tried since it was asked last; `show` gets the output as it comes.
    package init(
        page: CapsulePage, root: Int32, rootIsInit: Bool, outputs: [Output],
        foreign: @escaping () -> [String], show: @escaping ([UInt8]) -> Void,
        limits: AgentLimits, takesTurns: Bool, mounts: [CapsulePage.Mount],
        findings: CapsuleFindings
    ) {
        guard let tree = capsule_watch_open(root, rootIsInit ? 1 : 0) else {
            preconditionFailure("out of memory")
        }
        self.page = page
        self.tree = tree
        self.outputs = outputs
        self.foreign = foreign
        self.show = show
        self.limits = limits
        self.takesTurns = takesTurns
        self.mounts = Dictionary(
            mounts.map { (UInt64($0.port), $0.upstream) }, uniquingKeysWith: { first, _ in first })
        self.findings = findings
        for output in outputs where !output.written.isEmpty {
            written[output.stream] = output.written
            show(output.written)
        }
    }

    deinit {
        capsule_watch_close(tree)
    }

    // MARK: Looking

    package func look(closely: Bool) -> AgentLook {
        // A program that waits for room in a pipe goes on when it is emptied.
        guard !drain() else { return .busy }
        var look = capsule_look()
        capsule_watch_look(tree, closely ? 1 : 0, &look)
        noteTimedCall(look)
        guard look.blocked != 0, look.processes <= limits.processesMax else {
            letOthersIn()
            return excess(look).map { .exceeds($0) } ?? .busy
        }
        last = look
        return .asleep(signature: look.signature)
    }

    private var last = capsule_look()
    private var computingSince = ContinuousClock.now
    private var sharingSince: ContinuousClock.Instant?
    private var hasShared = false

    /// Lets other threads in when one computed for long, as real time would by and by.
    ///
    /// Its time slice would end, or they would wait a few milliseconds for its lock and then ask for
    /// it. Without that, one that spins for a flag that they are to set would never end. Nor may an
    /// agent that computes for long keep all other programs from the processor. What counts is its
    /// own time on the processor: on a busy machine it may wait as long for its turn.
    private func letOthersIn() {
        let now = ContinuousClock.now
        if let since = sharingSince {
            guard now - since < Self.sharing else { return takeTurnsAgain(at: now) }
        } else {
            guard now - computingSince > Self.computingMax else { return }
            guard capsule_watch_computed(tree) > Self.computingSecondsMax * 1_000_000_000 else {
                computingSince = now - Self.computingMax + Self.sharing
                return
            }
            sharingSince = now
            hasShared = true
            capsule_watch_share(tree, 1)
        }
        let span = UInt64(Self.lockWaitMilliseconds) * 1_000_000
        _ = capsule_page_fire_short(page.pointer, tree, span)
    }

    private func takeTurnsAgain(at now: ContinuousClock.Instant) {
        if sharingSince != nil, takesTurns { capsule_watch_share(tree, 0) }
        sharingSince = nil
        computingSince = now
    }

    private static let computingSecondsMax: UInt64 = 10
    private static let computingMax = Duration.seconds(computingSecondsMax)
    private static let sharing = Duration.milliseconds(50)
    private static let lockWaitMilliseconds = 20

    /// What the agent takes beyond its limits; looked for now and then while it runs.
    private func excess(_ look: capsule_look) -> String? {
        if look.processes > limits.processesMax { return tooManyProcesses }
        guard ContinuousClock.now - lastCount > Self.countEvery else { return nil }
        lastCount = .now
        var census = capsule_census()
        capsule_watch_count(tree, &census)
        if census.processes > limits.processesMax { return tooManyProcesses }
        if census.memory_bytes > limits.memoryBytesMax {
            return "took more than \(limits.memoryBytesMax >> 20) MiB of memory"
        }
        return nil
    }

    private var tooManyProcesses: String {
        "started more than \(limits.processesMax) processes"
    }

    private var lastCount = ContinuousClock.now
    private static let countEvery = Duration.milliseconds(50)

    /// A call that real time ends, and in which a thread is found again and again, is none of ours.
    private func noteTimedCall(_ look: capsule_look) {
        timedLooks = look.is_timed != 0 ? timedLooks + 1 : 0
        if timedLooks == Self.timedLooksMax { findings.noteTimedCall(look.call) }
    }

    private static let timedLooksMax = 20

    /// Reads what was written; whether there was anything.
    private func drain() -> Bool {
        var found = false
        for output in outputs {
            while true {
                let got = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) {
                    buffer in
                    let count = read(output.descriptor, buffer.baseAddress, buffer.count)
                    guard count > 0 else { return count }
                    let bytes = Array(buffer[..<count])
                    show(bytes)
                    written[output.stream, default: []] += bytes
                    return count
                }
                guard got > 0 else { break }
                found = true
            }
        }
        return found
    }

    // MARK: News

    package func news() -> [WorldEvent] {
        _ = drain()
        var events: [WorldEvent] = []
        for stream in [OutputStream.standardOutput, .standardError] {
            guard let bytes = written.removeValue(forKey: stream) else { continue }
            events.append(.output(stream, bytes))
        }
        events += waitNews()
        if !mounts.isEmpty { events += questionNews() }
        if isStriking, !page.strikesProgram {
            isStriking = false
            events.append(.programDied)
        }
        events += foreign().sorted().map { .foreignConnection($0) }
        findings.noteThreads(ran: Int(last.ran), shared: hasShared)
        // Now all threads are known, also those that were born meanwhile.
        if hasShared, takesTurns { capsule_watch_share(tree, 0) }
        hasShared = false
        capsule_watch_mark(tree)
        takeTurnsAgain(at: .now)
        return events
    }

    private func waitNews() -> [WorldEvent] {
        let found = list(capsule_page_waits)
        var events: [WorldEvent] = []
        let ids = Set(found.map(\.id))
        for id in waits.keys.sorted() where !ids.contains(id) {
            waits[id] = nil
            events.append(.stopsWaiting(id))
        }
        for (id, wait) in found where waits[id]?.generation != wait.generation {
            waits[id] = wait
            let until = SimInstant(nanoseconds: Int64(clamping: wait.deadline))
            events.append(wait.isTurn ? .yields(id) : .waits(id, until: until))
        }
        return events
    }

    private func questionNews() -> [WorldEvent] {
        var events: [WorldEvent] = []
        for (id, question) in list(capsule_page_questions)
        where questions[id]?.generation != question.generation {
            questions[id] = question
            guard let upstream = mounts[question.deadline] else { continue }
            let step: OpeningStep =
                question.kind == UInt32(CAPSULE_ASKS_FOR_NAME) ? .lookUp : .connect
            events.append(.asks(.thread(id), step, upstream: upstream))
        }
        return events
    }

    private typealias Lister = (
        OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<capsule_wait>?, Int
    ) -> Int

    private func list(_ lister: Lister) -> [(id: WaiterID, wait: Wait)] {
        var found = [capsule_wait](repeating: capsule_wait(), count: room)
        var count = lister(page.pointer, tree, &found, found.count)
        while count > found.count {
            room = count * 2
            found = [capsule_wait](repeating: capsule_wait(), count: room)
            count = lister(page.pointer, tree, &found, found.count)
        }
        let named = found.prefix(count).map { (birth: Self.birth(of: $0), wait: $0) }
            .sorted { $0.birth.lexicographicallyPrecedes($1.birth) }
        return named.map { birth, wait in
            let isTurn = wait.use == UInt32(CAPSULE_THREAD) && wait.deadline == CAPSULE_TURN
            return (
                names.id(of: birth, yields: isTurn),
                Wait(
                    slot: wait.slot, kind: wait.kind, generation: wait.generation,
                    deadline: wait.deadline, isTurn: isTurn)
            )
        }
    }

    private static func birth(of wait: capsule_wait) -> [UInt16] {
        // A thread and a timer of the same process may have the same ordinals.
        var wait = wait
        let ordinals = withUnsafeBytes(of: &wait.birth) { raw in
            Array(raw.bindMemory(to: UInt16.self).prefix { $0 != 0 })
        }
        return ordinals
            + (wait.use == UInt32(CAPSULE_TIMER) ? [0, UInt16(truncatingIfNeeded: wait.kind)] : [])
    }

    // MARK: Acting

    package func execute(_ action: WorldAction) {
        switch action {
        case .setClock(let instant): page.setNow(instant)
        case .shiftWall(let shift): page.shiftWall(shift)
        case .takeConsumed: page.nextEntropyEpoch()
        case .wake(let id):
            guard let wait = waits.removeValue(forKey: id) else { return }
            if !wait.isTurn {
                page.setNow(
                    SimInstant(
                        nanoseconds: Int64(clamping: wait.deadline) + Int64(CAPSULE_LANDING_NS)))
            }
            _ = capsule_page_fire(page.pointer, tree, wait.slot)
        case .answer(.thread(let id), let result):
            guard let question = questions[id] else { return }
            _ = capsule_page_answer(
                page.pointer, tree, question.slot, question.generation, Self.code(of: result))
        case .stop(.hung): findings.noteHang(threads())
        case .answer(.tunnel, _), .send, .stop, .closeIdle, .inquiry, .kill, .start: break
        case .strikeProgram(let fate):
            page.strikeProgram(fate)
            isStriking = true
        }
    }

    private static func code(of result: OpeningResult) -> UInt64 {
        switch result {
        // What is wrong with a handshake is no matter of a thread.
        case .open, .badCertificate, .noVersion: UInt64(CAPSULE_OPEN)
        case .refused: UInt64(CAPSULE_REFUSED)
        case .silent: UInt64(CAPSULE_SILENT)
        case .noName: UInt64(CAPSULE_NO_NAME)
        case .noServer: UInt64(CAPSULE_NO_SERVER)
        }
    }

    /// The agent's threads and what each waits in, for a report.
    private func threads() -> [String] {
        var found = [capsule_thread](repeating: capsule_thread(), count: 64)
        let count = capsule_watch_threads(tree, &found, found.count)
        return found.prefix(count).map { thread in
            var name = thread.name
            let text = withUnsafeBytes(of: &name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            return "\(text) (\(thread.inner_tid)) in \(SystemCall.name(thread.call))"
        }
    }
}
