internal import Capsule
internal import Gateway
internal import Judgement
internal import Reports
internal import Simulation

/// How much of a run was under control, from what was seen of it.
struct RunControl {
    var clock: ClockMode
    var exactPacing: Bool
    var isolation: NetworkIsolation
    var confinement: Confinement
    var findings: CapsuleFindings
    var marks: CapsuleMarks
    var entropy: EntropySource
    /// Whether any of the agent's programs loaded the capsule.
    var wasEntered: Bool
    /// Whether a program outlived the agent.
    var leftSurvivors: Bool
    var trace: Trace

    /// The grade with all reasons that keep it from a better one.
    var grade: Grade {
        let found =
            realTime.map { (Grade.Letter.d, $0) } + realClock.map { (.c, $0) }
            + freedom.map { (.b, $0) }
        let letter = found.map(\.0).max() ?? .a
        return Grade(letter, reasons: found.map(\.1))
    }

    /// What was outside: D.
    private var realTime: [String] {
        var reasons: [String] = []
        if !isolation.isolated, marks.contains(.foreign) {
            reasons.append("the agent connected to another machine")
        }
        guard clock == .virtual else { return reasons }
        reasons += findings.timedCalls.map { "\($0) waited in real time, out of reach" }
        if !wasEntered {
            reasons.append("the agent does not load the capsule (a static or set-uid program)")
        }
        if marks.contains(.staticChild) { reasons.append("a static program took part") }
        if marks.contains(.noFilter) { reasons.append("the kernel refused the capsule's filter") }
        if marks.contains(.slotsFull) { reasons.append("there were more threads than slots") }
        if marks.contains(.uncovered) {
            reasons.append("a timed call was made that the capsule does not translate")
        }
        return reasons
    }

    /// What leaves the agent's clock real: C.
    private var realClock: [String] {
        guard clock == .real else { return [] }
        let refusal = confinement.capsuleRefusal.map { "the capsule is refused: \($0)" }
        return ["the agent's clock is real"] + [refusal].compactMap { $0 }
    }

    /// What left room for the kernel: B.
    private var freedom: [String] {
        var reasons: [String] = []
        if !exactPacing { reasons.append("chunk boundaries are approximate on this system") }
        if let reason = isolation.reason {
            reasons.append("the network is not isolated: \(reason)")
        }
        if entropy == .hook { reasons.append("only Python and Node draw from the seed, by hooks") }
        guard clock == .virtual else { return reasons }
        reasons += confinement.refusals
        if leftSurvivors {
            reasons.append("a program outlived the agent, until it was ended")
        }
        if findings.sharedOverlaps > 0 {
            reasons.append("a thread computed for long while others wanted their turn")
        }
        if !confinement.takesTurns, findings.overlaps > 0 {
            reasons.append("threads ran together, \(findings.overlaps) times")
        }
        if marks.contains(.spin) { reasons.append("a thread spun on the clock") }
        return reasons
    }
}
