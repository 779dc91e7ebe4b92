internal import Cassette
internal import Gateway
internal import Simulation
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The agent's run while it is recorded: a program that ends by itself, or a server that is asked.
struct RecordedRun {
    /// How the agent ended; a server that ended well when it was told to ended with 0.
    let status: ExitStatus
    /// What a server owed.
    let warnings: [String]

    /// Runs the agent to its end.
    init(_ start: AgentProcess.Start, ask: AskSource?, listeningPort: Int?) throws {
        guard let ask else {
            status = try AgentProcess(start).waitForExit()
            warnings = []
            return
        }
        let agent = try AgentProcess(start)
        let send = agent.signaller
        let live = LiveInquiry(
            ask.questions, listeningPort: listeningPort, onDismiss: { send(SIGTERM) },
            onGiveUp: { send(SIGKILL) })
        live.start()
        let ended = agent.waitForExit()
        let inquiry = try live.end()
        status = inquiry.isEndedWell(ended) ? .code(0) : ended
        warnings = Self.warnings(inquiry)
    }

    private static func warnings(_ inquiry: Inquiry) -> [String] {
        let failed = inquiry.records.filter { $0.ending == .complete && !$0.isFine }
        return failed.map {
            "\($0.request.method) \($0.request.path) was answered with \($0.status ?? 0)"
        } + (inquiry.unmet.map { [$0] } ?? [])
    }
}
