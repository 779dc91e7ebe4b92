internal import Cassette
internal import CassetteStore
internal import Determinism
internal import Gateway
internal import Judgement
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A cassette of judges that gets more answers.
///
/// A sealed cassette is never changed: the new one, which holds all of the old one, grows beside it
/// and takes its place in one step. One that was left by a process that was killed is gone on with.
/// Who makes one holds the lock of the cassette until it is finished.
final class JudgeCassette: RecordingSink {
    private struct State {
        var writer: CassetteWriter?
        var count = 0
        var upstream = ""
        /// The question that is being asked.
        var question: JudgeQuestion?
        /// Its response, as far as it came.
        var last: Interaction?
        /// Why an answer could not be kept.
        var problem: RunnerError?
    }

    private let path: String
    private let working: String
    private let address: String
    private let toolVersion: String
    private let old: [Interaction]
    private let oldManifest: Manifest?
    private let oldHash: Digest?
    private let left: [Interaction]
    private let isLeft: Bool
    private let state = Mutex(State())

    /// Reads what is there; `address` is that of the judge.
    init(_ path: String, address: String, toolVersion: String) throws(RunnerError) {
        self.path = path
        self.address = address
        self.toolVersion = toolVersion
        working = path + ".judging"
        let reader = try JudgesSource.open(path)
        old =
            try reader.map { (reader) throws(RunnerError) in
                try JudgesSource.interactions(of: reader)
            } ?? []
        (oldManifest, oldHash) = (reader?.manifest, reader?.hash)
        isLeft = JudgeCassette.isLeft(working)
        left =
            isLeft ? try JudgesSource.interactions(of: try CassetteAccess.open(working)) : []
    }

    /// Whether something was left; a file that is no longer than a header holds no answer, and goes.
    private static func isLeft(_ working: String) -> Bool {
        var status = stat()
        guard stat(working, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= headerBytes else { return true }
        for suffix in ["-wal", "-shm", "-journal", ""] { unlink(working + suffix) }
        return false
    }

    private static let headerBytes = 100

    /// The answers that are there already.
    var tape: JudgeTape { JudgeTape(old + left) }

    /// Notes what is asked next.
    func expect(_ question: JudgeQuestion) {
        state.withLock { state in
            state.question = question
            state.last = nil
        }
    }

    /// What came back to the question that was asked last.
    var last: Interaction? { state.withLock { $0.last } }

    /// Why an answer could not be kept; nothing more is to be asked then.
    var problem: RunnerError? { state.withLock { $0.problem } }

    /// Keeps what answers the question; refusals are not kept.
    func put(_ interaction: Interaction) throws {
        try state.withLock { state in
            state.last = interaction
            if let problem = state.problem { throw problem }
            guard interaction.succeeded, let body = interaction.response?.body,
                state.question?.isAnswered(by: body) == true
            else { return }
            do {
                try add(interaction, to: &state)
            } catch {
                let problem = RunnerError(
                    .cannotStart,
                    "an answer of \(address) could not be kept: \(error); what was answered before "
                        + "stands in \(working), and the same command goes on with it")
                state.problem = problem
                throw problem
            }
            state.question = nil
        }
    }

    private func add(_ interaction: Interaction, to state: inout State) throws {
        if state.writer == nil {
            let opened = try open()
            (state.writer, state.count, state.upstream) = (
                opened.writer, opened.count, opened.upstream
            )
        }
        guard let writer = state.writer else { return }
        try JudgeCassette.append(
            interaction, upstream: state.upstream, to: writer, count: &state.count)
    }

    private static func append(
        _ interaction: Interaction, upstream: String, to writer: CassetteWriter, count: inout Int
    ) throws {
        var kept = interaction
        kept.ordinal = count + 1
        kept.upstream = upstream
        try writer.put(kept)
        count += 1
    }

    /// The new cassette, which holds all of the old one, or an error: never one that lacks some.
    private func open() throws -> (writer: CassetteWriter, count: Int, upstream: String) {
        var manifest = oldManifest ?? firstManifest
        if isLeft { manifest = try CassetteAccess.open(working).manifest }
        let writer =
            isLeft
            ? try CassetteWriter.resume(working)
            : try CassetteWriter.create(working, manifest: manifest)
        do {
            var count = left.count
            let known = JudgeTape(left)
            for interaction in old where !known.holds(interaction) {
                try JudgeCassette.append(
                    interaction, upstream: interaction.upstream, to: writer, count: &count)
            }
            return (writer, count, try upstream(of: manifest, in: writer))
        } catch {
            try? writer.close()
            throw error
        }
    }

    /// What the judge is called, which may be met for the first time.
    private func upstream(of manifest: Manifest, in writer: CassetteWriter) throws -> String {
        if let same = manifest.upstreams.first(where: { $0.address == address }) {
            return same.name
        }
        let number = manifest.upstreams.count + 1
        let name = number == 1 ? "judge" : "judge-\(number)"
        let upstream = Upstream(name: name, kind: .model, address: address)
        try writer.update { $0.upstreams.append(upstream) }
        return name
    }

    private var firstManifest: Manifest {
        Manifest(
            toolVersion: toolVersion, recordedAtNanoseconds: System.wallClockNanoseconds,
            command: ["stormtape", "judge"],
            fidelity: ["identity-encoding-requested", "real-clock"])
    }

    /// Seals the new cassette and puts it in place; the hash of what is there then, nil for nothing.
    func finish(_ redactor: Redactor) throws -> Digest? {
        var writer = state.withLock { $0.writer }
        if writer == nil, isLeft { writer = try open().writer }
        guard let writer else { return oldHash }
        let hash = try writer.pack()
        let findings = redactor.scan(try CassetteText.export(try CassetteAccess.open(working)))
        guard findings.isEmpty else { throw Recorder.refuse(working, findings) }
        guard try JudgesSource.open(path)?.hash == oldHash else {
            throw RunnerError(
                .usage,
                "\(path) was changed while judges were asked; what they answered stands in "
                    + "\(working), and the same command adds it to what is there now")
        }
        guard rename(working, path) == 0 else {
            throw RunnerError(
                .usage,
                "cannot put \(working) in the place of \(path): \(System.errorText(errno))")
        }
        return hash
    }
}
