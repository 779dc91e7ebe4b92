internal import Cassette
internal import CassetteStore
internal import Determinism
internal import Gateway

/// The parts of a recording service, put together.
struct ServiceParts {
    let sessions: ServedSessions
    private let request: ServeRequest
    private let folder: ServeFolder
    private let redactor: Redactor
    private let recorder: RecordingServer
    private let health: HealthServer
    private let authority: CertificateAuthority?

    init(_ request: ServeRequest, _ folder: ServeFolder) throws {
        let environment = System.environment
        let redactor = Redactor(RedactionRules(environment: environment))
        let authority = try request.proxyPort == nil ? nil : LocalAuthority.open(environment)
        let sessions = ServedSessions(
            request, makeCassette: { folder.newPath(key: $0, number: $1) },
            manifest: { redactor.redact(Self.manifest(request, $0)) })
        var options = RecordingOptions(upstreams: request.upstreams)
        options.trustRoots = LocalAuthority.trustedByUser(environment)
        options.onRequest = { sessions.began($0, $1, at: $2) }
        options.onConclusion = { sessions.concluded($0) }
        options.proxy = authority.map { authority in
            RecordingProxy(authority: authority, port: request.proxyPort ?? 0) {
                try sessions.met($0)
            }
        }
        self.request = request
        self.folder = folder
        self.redactor = redactor
        self.sessions = sessions
        self.authority = authority
        recorder = RecordingServer(
            options: options, sink: sessions, redact: { redactor.redact($0) })
        health = HealthServer { Self.report(sessions, folder) }
    }

    func start() throws -> Serving.Addresses {
        let ports = try recorder.start()
        sessions.place(ports)
        do {
            let admin = try health.start(port: request.adminPort)
            return Serving.Addresses(
                mounts: request.upstreams.map {
                    ($0.name, "http://127.0.0.1:\(ports[$0.name] ?? 0)")
                },
                proxy: authority.map {
                    (
                        "http://127.0.0.1:\(ports[ProxyMount.name] ?? 0)",
                        $0.folder + "/authority.pem"
                    )
                },
                health: "http://127.0.0.1:\(admin)/healthz")
        } catch {
            _ = try? recorder.shutdown()
            throw error
        }
    }

    func stop() throws -> RecordingSummary {
        try recorder.drain(for: .milliseconds(request.drainMilliseconds))
        let summary = try recorder.shutdown()
        try health.shutdown()
        return summary
    }

    /// Packs sessions that are over; one that leaks is moved out of the way.
    func finish(_ finished: [ServedSessions.Session], _ tell: (String) -> Void) {
        for session in finished {
            do {
                let hash = try session.sink.pack(nil)
                let reader = try CassetteAccess.open(session.path)
                let findings = redactor.scan(try CassetteText.export(reader))
                guard findings.isEmpty else { throw Recorder.refuse(session.path, findings) }
                tell(
                    "finished \(session.path): \(reader.count) interactions "
                        + "(\(hash.hex.prefix(16)))")
            } catch {
                sessions.note("\(error)")
                tell("warning: \(session.path): \(error)")
            }
        }
    }

    /// Keeps the folder within its bound.
    func trim(_ tell: (String) -> Void) {
        guard !folder.trim(to: request.diskBytesMax, sparing: { sessions.openPaths }) else {
            return
        }
        // Nothing is left to delete: what is open must end, so that it can be.
        sessions.retireAll()
    }

    private static func manifest(_ request: ServeRequest, _ upstreams: [Upstream]) -> Manifest {
        Manifest(
            toolVersion: request.toolVersion, recordedAtNanoseconds: System.wallClockNanoseconds,
            upstreams: upstreams,
            fidelity: ["free-entropy", "identity-encoding-requested", "real-clock"])
    }

    private static func report(
        _ sessions: ServedSessions, _ folder: ServeFolder
    ) -> HealthServer.Report {
        let figures = sessions.figures
        return HealthServer.Report(
            isWell: figures.keepsUp,
            figures: .object([
                JSONMember("ok", .bool(figures.keepsUp)),
                JSONMember("requests", .int(Int64(figures.requestCount))),
                JSONMember("open_sessions", .int(Int64(figures.openSessionCount))),
                JSONMember("disk_bytes", .int(folder.byteCount)),
                JSONMember("last_problem", figures.lastProblem.map { .string($0) } ?? .null),
            ]))
    }
}
