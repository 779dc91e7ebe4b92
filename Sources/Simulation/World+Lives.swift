internal import Cassette
public import Determinism
internal import Faults

/// Where an agent that was killed begins its next life.
public struct Rebirth: Hashable, Sendable {
    /// The number of the life; the first was 1.
    public var life: Int
    /// The instant of the run.
    public var at: SimInstant
    /// How far the wall clock of its machine was set meanwhile.
    public var wallShift: SimDuration

    /// Creates the beginning of a life.
    public init(life: Int, at: SimInstant, wallShift: SimDuration = .zero) {
        self.life = life
        self.at = at
        self.wallShift = wallShift
    }
}

/// The agent is killed and started again, which a fault does.
///
/// The run goes on: the trace is one, what was consumed stays so, the machine and its clock are the
/// same. Only what was in the agent's memory is gone.
extension World {
    /// A crash that strikes as soon as the agent has made of an answer what it can by itself.
    struct DueCrash: Sendable {
        var exchange: ExchangeID
        var crash: Crash
    }

    /// How many lives an agent has in a run, so that one which dies each time comes to an end.
    public static let livesMax = 8

    /// Why the agent cannot be killed and started again; nil where it can.
    var restartRefusal: String? {
        if !isClockVirtual {
            return "the agent's clock is real: there is no instant at which it is killed each time"
        }
        if inquiry != nil { return "the agent is asked as a server, and is not started again" }
        if !options.canRestart { return "the agent is no program that could be killed" }
        return life < World.livesMax
            ? nil : "the agent had \(World.livesMax) lives, which is the most"
    }

    mutating func noteCrash(_ crash: Crash, at id: ExchangeID) {
        crashDue = crashDue ?? DueCrash(exchange: id, crash: crash)
    }

    /// Kills the agent where a crash is due and it has taken the answer; false where not.
    ///
    /// A head may announce the length of a body: then the agent goes on before its end is sent.
    mutating func strikeIfDue(_ actions: inout ActionBuffer) -> Bool {
        guard let due = crashDue,
            flights[due.exchange] == nil || !pending.isEmpty || !asking.isEmpty
        else { return false }
        strike(due.crash, &actions)
        return true
    }

    /// Kills the agent, and with it all that it has under way.
    mutating func strike(_ crash: Crash, _ actions: inout ActionBuffer) {
        crashDue = nil
        spareProgram()
        dying = crash
        lastSign = now
        let sent = pending
        pending = []
        asking = []
        if crash.carriesOut { for item in order.ordered(sent) { open(item) } }
        let lost = flights.keys.sorted { (places[$0] ?? 0) < (places[$1] ?? 0) }
        for id in lost { agentClosed(id, &actions) }
        for waiter in timers.keys.sorted() { stopWaiting(waiter) }
        trace.append(.killed(unsent: crash.carriesOut ? 0 : sent.count), at: now)
        actions.append(.kill)
    }

    /// Notes that a crash which was to strike after this answer does not: nothing came of the fault.
    ///
    /// Where less was sent than without it, something did.
    mutating func withdrawCrash(at id: ExchangeID, _ reason: String) {
        guard let place = places[id], trace.exchanges[place].ending != .killed else { return }
        withdraw(FaultKind.restarting, at: place, reason)
    }

    /// Notes that faults which had struck an answer came to nothing.
    mutating func withdraw(_ kinds: [String], at place: Int, _ reason: String) {
        for index in trace.exchanges[place].faults.indices {
            let record = trace.exchanges[place].faults[index]
            guard record.outcome == .fired, kinds.contains(record.planned.fault) else { continue }
            trace.exchanges[place].faults[index].outcome = .inapplicable(reason)
        }
    }

    /// Begins the agent's next life, when nothing is left of the one before.
    mutating func begin(after crash: Crash, _ actions: inout ActionBuffer) {
        dying = nil
        now = now.advanced(by: crash.down)
        lastSign = now
        life += 1
        matcher.beginAgain()
        trace.append(.started(life: life), at: now)
        actions.append(.start(Rebirth(life: life, at: now, wallShift: wallShift)))
    }
}
