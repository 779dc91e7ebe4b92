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
final class JudgeCassette: RecordingSink {
    private struct State {
        var writer: CassetteWriter?
        var count = 0
        var upstream = ""
        /// The question that is being asked.
        var question: JudgeQuestion?
        /// Its response, as far as it came.
        var last: Interaction?
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
        isLeft = System.exists(working)
        left =
            isLeft ? try JudgesSource.interactions(of: try CassetteAccess.open(working)) : []
    }

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

    /// Keeps what answers the question; refusals are not kept.
    func put(_ interaction: Interaction) throws {
        try state.withLock { state in
            state.last = interaction
            guard interaction.succeeded, let body = interaction.response?.body,
                state.question?.isAnswered(by: body) == true
            else { return }
            try add(interaction, to: &state)
            state.question = nil
        }
    }

    private func add(_ interaction: Interaction, to state: inout State) throws {
        if state.writer == nil { try open(&state) }
        try append(interaction, upstream: state.upstream, to: &state)
    }

    private func append(
        _ interaction: Interaction, upstream: String, to state: inout State
    ) throws {
        var kept = interaction
        state.count += 1
        kept.ordinal = state.count
        kept.upstream = upstream
        try state.writer?.put(kept)
    }

    private func open(_ state: inout State) throws {
        let writer: CassetteWriter
        var manifest = oldManifest ?? firstManifest
        if isLeft {
            manifest = try CassetteAccess.open(working).manifest
            writer = try CassetteWriter.resume(working)
            state.count = left.count
        } else {
            writer = try CassetteWriter.create(working, manifest: manifest)
        }
        state.writer = writer
        let known = JudgeTape(left)
        for interaction in old where !known.holds(interaction) {
            try append(interaction, upstream: interaction.upstream, to: &state)
        }
        if let same = manifest.upstreams.first(where: { $0.address == address }) {
            state.upstream = same.name
            return
        }
        let number = manifest.upstreams.count + 1
        let name = number == 1 ? "judge" : "judge-\(number)"
        state.upstream = name
        let upstream = Upstream(name: name, kind: .model, address: address)
        try writer.update { $0.upstreams.append(upstream) }
    }

    private var firstManifest: Manifest {
        Manifest(
            toolVersion: toolVersion, recordedAtNanoseconds: System.wallClockNanoseconds,
            command: ["stormtape", "judge"],
            fidelity: ["identity-encoding-requested", "real-clock"])
    }

    /// Seals the new cassette and puts it in place; the hash of what is there then, nil for nothing.
    func finish(_ redactor: Redactor) throws -> Digest? {
        let writer = try state.withLock { state in
            if state.writer == nil, isLeft { try open(&state) }
            return state.writer
        }
        guard let writer else { return oldHash }
        let hash = try writer.pack()
        let findings = redactor.scan(try CassetteText.export(try CassetteAccess.open(working)))
        guard findings.isEmpty else { throw Recorder.refuse(working, findings) }
        guard rename(working, path) == 0 else {
            throw RunnerError(
                .usage,
                "cannot put \(working) in the place of \(path): \(System.errorText(errno))")
        }
        return hash
    }
}
