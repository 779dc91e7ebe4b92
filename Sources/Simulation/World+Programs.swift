internal import Determinism
internal import Faults

/// Programs that the agent starts, of which a fault has the next one die.
extension World {
    /// Why no program can be made to die; nil where one can.
    var programRefusal: String? {
        if !isClockVirtual {
            return "the agent's clock is real: which program is the next differs from run to run"
        }
        return options.canRestart ? nil : "the agent is no program, and starts none"
    }

    /// Has the next program die that is started when this answer is there.
    mutating func strikeProgram(
        _ fate: ProgramFate, at exchange: Int, _ actions: inout ActionBuffer
    ) {
        guard strikesProgramFor == nil else {
            return withdrawProgramFault(at: exchange, "another program was to die first")
        }
        strikesProgramFor = exchange
        actions.append(.strikeProgram(fate))
    }

    /// A program died so.
    mutating func programDied() {
        guard strikesProgramFor != nil else { return }
        strikesProgramFor = nil
        lastSign = now
        trace.append(.programDied, at: now)
    }

    /// None was started since the fault struck, and none will be.
    mutating func spareProgram() {
        guard let exchange = strikesProgramFor else { return }
        strikesProgramFor = nil
        withdrawProgramFault(at: exchange, "the agent started no program after the answer")
    }

    private mutating func withdrawProgramFault(at exchange: Int, _ reason: String) {
        withdraw([FaultKind.strikingPrograms], at: exchange, reason)
    }
}
