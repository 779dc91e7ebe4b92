internal import Capsule
internal import Simulation
internal import Synchronization

/// A started agent, and how it was started.
struct Launch {
    let agent: AgentProcess
    let start: AgentProcess.Start
    /// What it wrote as a template, before it was copied; nil when it is no copy.
    let written: AgentTemplate.Written?

    init(
        _ start: AgentProcess.Start, _ place: RunPlace, from template: AgentTemplate?
    ) throws(RunnerError) {
        self.start = start
        if let template, let page = place.page, template.serves(start),
            let copy = template.copy(in: place)
        {
            agent = try AgentProcess(copy: copy, page: page)
            written = template.written
        } else {
            agent = try AgentProcess(start)
            written = nil
        }
    }
}

/// The lives of an agent in one run: one, unless a fault kills it.
struct AgentLives {
    private(set) var launch: Launch
    private(set) var place: RunPlace
    /// What the library noticed in the lives before.
    private var marksBefore: CapsuleMarks = []
    private var wasEnteredBefore = true
    private var leftSurvivorsBefore = false

    /// Starts the agent.
    init(
        _ start: AgentProcess.Start, _ place: RunPlace, from template: AgentTemplate?
    ) throws(RunnerError) {
        launch = try Launch(start, place, from: template)
        self.place = place
    }

    /// Starts it once more, with the files, the input and the arguments of the first time.
    mutating func begin(
        _ birth: Rebirth, _ wish: RunPlace.Wish, prepare: (CapsulePage?) throws -> Void
    ) throws {
        (marksBefore, wasEnteredBefore, leftSurvivorsBefore) = (marks, wasEntered, leftSurvivors)
        try place.renew(for: birth, wish)
        try prepare(place.page)
        var start = launch.start
        start.environment = place.renewed(start.environment)
        launch = try Launch(start, place, from: nil)
    }

    /// What the library noticed that lowers the grade.
    var marks: CapsuleMarks { marksBefore.union(place.page?.marks ?? []) }

    /// Whether a program was started with the library in each life.
    var wasEntered: Bool { wasEnteredBefore && (place.page?.wasEntered ?? false) }

    /// Whether a program outlived the agent in any life.
    var leftSurvivors: Bool { leftSurvivorsBefore || launch.agent.leftSurvivors }
}

/// Hands the world's wishes to the agent's loop, that to stop whichever of them is there first.
final class StopBox: Sendable {
    private struct State {
        var reason: StopReason?
        var wake: (@Sendable () -> Void)?
        var birth: Rebirth?
    }

    private let state: Mutex<State> = Mutex(State())

    var reason: StopReason? { state.withLock { $0.reason } }

    func stop(_ reason: StopReason) {
        let wake = state.withLock { state in
            state.reason = state.reason ?? reason
            return state.wake
        }
        wake?()
    }

    /// Has the agent killed, which stops no run.
    func kill() { state.withLock { $0.wake }?() }

    /// Has the agent started again once it has ended.
    func start(_ birth: Rebirth) { state.withLock { $0.birth = birth } }

    /// Where the next life begins, given once; nil when there is none.
    func takeBirth() -> Rebirth? {
        state.withLock { state in
            defer { state.birth = nil }
            return state.birth
        }
    }

    func onStop(_ wake: @escaping @Sendable () -> Void) {
        let stopped = state.withLock { state in
            state.wake = wake
            return state.reason != nil
        }
        if stopped { wake() }
    }
}
