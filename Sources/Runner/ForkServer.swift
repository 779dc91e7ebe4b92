internal import Determinism
internal import Faults
internal import Judgement
internal import Reports
internal import Simulation

/// Decides which runs of a worker go on from a template of the agent, and proves that this changes
/// nothing: runs from the template are compared with runs from the start.
///
/// The first run is made from the start. With the next one the template is made, and the first is
/// repeated from it. After that one run in `proofEvery` is made both ways. A difference ends it, and
/// the run from the start counts. Where nobody chose, there is no template for a few runs, nor for an
/// agent that is done in no time: it would not pay.
final class ForkServer {
    /// The environment variable that chooses a mode.
    static let variable = "STORMTAPE_FORK_SERVER"

    /// What the variable can say.
    enum Mode: String, CaseIterable {
        /// Used where it can be; each worker says on standard error what became of it.
        case on
        /// The same for every run, each of which is made from the start as well; a difference is
        /// an error.
        case prove
        case off
    }

    private enum State {
        /// So many runs are still to be made from the start.
        case begun(Int)
        /// The last run from the start, to be repeated.
        case known(FirstRun)
        case serving(AgentTemplate)
        case off
    }

    /// A run that was made from the start, and how long that took.
    private struct FirstRun {
        var plan: Plan
        var outcome: AgentRun.Outcome
        var start: AgentProcess.Start
        var milliseconds: Int64
    }

    private var state: State
    private var copies = 0
    /// Nil where nobody chose: then it is used where it pays, and says nothing of it.
    private let mode: Mode?
    private var proofEvery: Int { mode == .prove ? 1 : 128 }
    /// Of a shorter run the start is not what takes the time.
    private var shortestRun: Int64 { mode == nil ? 400 : 0 }

    /// Nil where no run can go on from a template.
    init?(
        _ configuration: RunConfiguration, _ isolation: NetworkIsolation,
        _ confinement: Confinement, expectedRuns: Int?
    ) throws(RunnerError) {
        mode = try Self.chosenMode()
        state = .begun(mode == nil && expectedRuns == nil ? Self.fewRuns : 1)
        guard mode != .off, isolation.isolated, confinement.isContained,
            confinement.fixesAddresses, confinement.capsuleRefusal == nil,
            configuration.usesVirtualClock, !configuration.sleepsForReal, configuration.ask == nil,
            mode != nil || (expectedRuns ?? .max) > Self.fewRuns
        else { return nil }
    }

    /// For so many runs a template does not pay: to make one takes about as long as two.
    private static let fewRuns = 4

    private static func chosenMode() throws(RunnerError) -> Mode? {
        guard let word = System.environment.last(where: { $0.name == variable })?.value,
            !word.isEmpty
        else { return nil }
        if let mode = Mode(rawValue: word) { return mode }
        let known = Mode.allCases.map(\.rawValue).joined(separator: ", ")
        throw RunnerError(
            .usage, "\(variable)=\(word): there is no such mode; take one of \(known), or unset it")
    }

    /// Runs a plan, from the template where that is proven.
    func run(_ plan: Plan, by run: AgentRun) throws -> AgentRun.Outcome {
        // A copy has no command that could be started again.
        guard !plan.restartsAgent else { return try run.execute(plan, from: nil) }
        switch state {
        case .off: return try run.execute(plan, from: nil)
        case .begun(let left): return try runFromStart(plan, run, left - 1)
        case .known(let last):
            try makeTemplate(run, after: last)
            return try self.run(plan, by: run)
        case .serving(let template): return try runLater(plan, run, template)
        }
    }

    private func runFromStart(
        _ plan: Plan, _ run: AgentRun, _ left: Int
    ) throws -> AgentRun.Outcome {
        let began = System.monotonicNanoseconds
        let outcome = try run.execute(plan, from: nil)
        if !outcome.wasEntered {
            // It could not be followed: it would be run once more than asked for.
            end("the agent does not load the capsule (a static or set-uid program)")
        } else if left > 0 {
            state = .begun(left)
        } else if let start = outcome.start {
            let milliseconds = (System.monotonicNanoseconds - began) / 1_000_000
            guard milliseconds >= shortestRun else {
                end("the agent's runs are too short to gain by it")
                return outcome
            }
            state = .known(
                FirstRun(plan: plan, outcome: outcome, start: start, milliseconds: milliseconds))
        } else {
            end("the agent was recorded through a proxy")
        }
        return outcome
    }

    /// Makes the template, and repeats the last run from it.
    private func makeTemplate(_ run: AgentRun, after last: FirstRun) throws {
        // To follow it takes longer than to run it, though never without end.
        let timeout = min(60_000, 10_000 + 10 * last.milliseconds)
        let template: AgentTemplate
        let again: AgentRun.Outcome
        do {
            template = try AgentTemplate(
                last.start, run.confinement, run.wish, timeoutMilliseconds: Int32(timeout))
            again = try run.execute(last.plan, from: template)
        } catch {
            return end("\(error)")
        }
        guard again.isCopy else {
            return end(template.failure ?? "the agent starts differently each time")
        }
        if try prove(last.outcome, again) {
            state = .serving(template)
            tell("runs go on from a template of the agent")
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
        guard copies.isMultiple(of: proofEvery) else { return outcome }
        let cold = try run.execute(plan, from: nil)
        _ = try prove(cold, outcome)
        return cold
    }

    /// Whether both are the same run; else no further one goes on from a template.
    private func prove(
        _ cold: AgentRun.Outcome, _ copied: AgentRun.Outcome
    ) throws(RunnerError) -> Bool {
        if cold.trace.digest == copied.trace.digest, cold.grade == copied.grade { return true }
        if mode == .prove { throw difference(cold, copied) }
        end("a run from the template differs from one from the start")
        // What repeats in no way says nothing of the template.
        if cold.grade.letter == .a {
            say(
                "warning: a run from a template of the agent differed from one from the start; "
                    + "all runs are made from the start now, and the \(copies) before were not; "
                    + "\(Self.variable)=off makes all of them so")
        }
        return false
    }

    /// Both runs, and the first event in which they differ.
    private func difference(
        _ cold: AgentRun.Outcome, _ copied: AgentRun.Outcome
    ) -> RunnerError {
        func text(_ outcome: AgentRun.Outcome, _ event: JSONValue?) -> String {
            let event = event.map { String(decoding: $0.canonical(), as: UTF8.self) }
            return "  \(outcome.trace.digest.hex), grade \(outcome.grade.letter), "
                + (event ?? "no such event")
        }
        let first = Divergence.first(cold.trace, copied.trace)
        return RunnerError(
            .internalError,
            """
            a run from a template of the agent is not the run from the start, \
            from event \(first?.index ?? 0):
              from the start: \(text(cold, first?.first))
              from the template: \(text(copied, first?.second))
            """)
    }

    private func end(_ reason: String) {
        state = .off
        tell("off: \(reason)")
    }

    private func tell(_ text: String) {
        if mode == .on { say("fork server: \(text)") }
    }

    private func say(_ text: String) {
        System.write(Array((text + "\n").utf8), to: 2)
    }
}
