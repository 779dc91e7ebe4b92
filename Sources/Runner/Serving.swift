internal import Cassette
internal import CassetteStore
internal import Gateway

/// The recorder as a service beside an agent that is at work: the incident is already on tape.
package enum Serving {
    /// Where a service can be reached.
    package struct Addresses: Sendable {
        /// The mounts by upstream, in order.
        package var mounts: [(name: String, address: String)]
        /// The proxy, and the file of the authority that agents behind it have to trust.
        package var proxy: (address: String, authority: String)?
        /// The health endpoint.
        package var health: String
    }

    /// Serves until SIGTERM or SIGINT comes, and ends with every cassette packed.
    ///
    /// `announce` is called once everything listens, `tell` for what happens on the way.
    package static func run(
        _ request: ServeRequest, announce: (Addresses) -> Void, tell: (String) -> Void
    ) throws {
        // Before any thread is started: all of them are to block the signals.
        let signals = StopSignals()
        let folder = try ServeFolder(request.directory)
        defer { folder.leave() }
        let service = try ServiceParts(request, folder)
        do {
            announce(try service.start())
        } catch let error as RecordingError {
            throw RunnerError(.usage, error.message)
        } catch let error as GatewayError {
            throw RunnerError(.usage, error.message)
        }
        while !signals.wait(milliseconds: 250) {
            service.finish(service.sessions.takeFinished(), tell)
            service.trim(tell)
        }
        tell("ending: waiting for answers that are under way")
        let summary = try service.stop()
        service.finish(service.sessions.takeFinished(all: true), tell)
        service.trim(tell)
        for problem in summary.problems.suffix(20) { tell("warning: \(problem.message)") }
        guard summary.isComplete else {
            throw RunnerError(
                .usage, "\(summary.lossCount) interactions were not kept; see the warnings")
        }
    }
}
