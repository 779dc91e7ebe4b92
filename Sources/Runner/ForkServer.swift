internal import Capsule
internal import Faults
internal import Simulation

/// Decides which runs of a worker go on from a template of the agent, and proves that this changes
/// nothing: runs from the template are compared with runs from the start.
///
/// The first runs are made from the start: for so few a template does not pay. With the next one
/// the template is made, and the last one is repeated from it. After that one run in `proofEvery`
/// is made both ways. A difference ends it, and the run from the start counts.
final class ForkServer {
    /// The environment variable that asks for it by `on`.
    ///
    /// It is off unless asked for: it is not yet proved over the whole suite.
    static let variable = "STORMTAPE_FORK_SERVER"

    private enum State {
        /// So many runs were made.
        case begun(Int)
        /// The last run from the start, to be repeated.
        case known(Plan, AgentRun.Outcome, AgentProcess.Start)
        case serving(AgentTemplate)
        case off
    }

    private var state = State.begun(0)
    private var copies = 0
    private static let runsBefore = 2
    private static let proofEvery = 64

    /// Nil where no run can go on from a template.
    init?(
        _ configuration: RunConfiguration, _ isolation: NetworkIsolation,
        _ confinement: Confinement
    ) {
        let wanted = System.environment.last { $0.name == Self.variable }?.value
        guard wanted == "on", isolation.isolated, confinement.isContained,
            confinement.fixesAddresses, confinement.capsuleRefusal == nil,
            configuration.usesVirtualClock, !configuration.sleepsForReal, configuration.ask == nil
        else { return nil }
    }

    /// Runs a plan, from the template where that is proven.
    func run(_ plan: Plan, by run: AgentRun) throws -> AgentRun.Outcome {
        switch state {
        case .off: return try run.execute(plan, from: nil)
        case .begun(let count): return try runFromStart(plan, run, after: count)
        case .known(let last, let outcome, let start):
            try makeTemplate(run, after: (last, outcome, start))
            return try self.run(plan, by: run)
        case .serving(let template): return try runLater(plan, run, template)
        }
    }

    private func runFromStart(
        _ plan: Plan, _ run: AgentRun, after count: Int
    ) throws -> AgentRun.Outcome {
        let outcome = try run.execute(plan, from: nil)
        if !outcome.wasEntered {
            // It could not be followed: it would be run once more than asked for.
            end("the agent does not load the capsule (a static or set-uid program)")
        } else if count + 1 < Self.runsBefore {
            state = .begun(count + 1)
        } else if let start = outcome.start {
            state = .known(plan, outcome, start)
        } else {
            end("the agent was recorded through a proxy")
        }
        return outcome
    }

    /// Makes the template, and repeats the last run from it.
    private func makeTemplate(
        _ run: AgentRun,
        after last: (plan: Plan, outcome: AgentRun.Outcome, start: AgentProcess.Start)
    ) throws {
        do {
            let template = try AgentTemplate(last.start, run.confinement, run.wish)
            let again = try run.execute(last.plan, from: template)
            guard again.isCopy else {
                throw CapsuleError(template.failure ?? "the agent starts differently each time")
            }
            if prove(last.outcome, again) {
                state = .serving(template)
                tell("runs go on from a template of the agent")
            }
        } catch {
            end("\(error)")
        }
    }

    private func runLater(
        _ plan: Plan, _ run: AgentRun, _ template: AgentTemplate
    ) throws -> AgentRun.Outcome {
        let outcome = try run.execute(plan, from: template)
        guard outcome.isCopy else {
            if let failure = template.failure { end(failure) }
            return outcome
        }
        copies += 1
        guard copies.isMultiple(of: Self.proofEvery) else { return outcome }
        let cold = try run.execute(plan, from: nil)
        _ = prove(cold, outcome)
        return cold
    }

    /// Whether both are the same run; else no further one goes on from a template.
    private func prove(_ cold: AgentRun.Outcome, _ copied: AgentRun.Outcome) -> Bool {
        if cold.trace.digest == copied.trace.digest, cold.grade == copied.grade { return true }
        end("a run from the template differs from one from the start")
        say(
            "warning: a run from a template of the agent differed from one from the start; all "
                + "runs are made from the start now")
        return false
    }

    private func end(_ reason: String) {
        state = .off
        tell("off: \(reason)")
    }

    private func tell(_ text: String) {
        say("fork server: \(text)")
    }

    private func say(_ text: String) {
        System.write(Array((text + "\n").utf8), to: 2)
    }
}
