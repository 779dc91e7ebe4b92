public import Determinism

/// How a fault ends the agent in the middle of its work: all of its processes are killed, and after
/// some time the same command is started once more.
public struct Crash: Hashable, Sendable {
    /// How long nothing of the agent runs.
    public var down: SimDuration
    /// Whether the requests that it sent when it had the answer are carried out; nobody hears what
    /// came of them.
    public var carriesOut: Bool

    /// Creates a crash.
    public init(down: SimDuration, carriesOut: Bool = false) {
        self.down = down
        self.carriesOut = carriesOut
    }
}

extension Plan {
    /// Whether a fault of it may kill the agent and start it again.
    public var restartsAgent: Bool {
        faults.contains { FaultKind.restarting.contains($0.fault) }
    }
}

extension FaultKind {
    /// The identifiers of the faults that kill the agent and start it again.
    public static let restarting = [checkpointRestore.id, orphanToolResult.id]
}

extension Delivery {
    /// Has the agent killed when this delivery is over.
    ///
    /// A delivery that never ends is over with its last byte.
    mutating func setCrash(
        _ parameters: FaultParameters, carriesOut: Bool = false, _ context: FaultContext
    ) throws(Inapplicable) {
        if let reason = context.restartRefusal { throw Inapplicable(reason) }
        guard crash == nil else { throw Inapplicable("the agent is killed there already") }
        crash = Crash(
            down: .milliseconds(parameters.integer("down_ms")), carriesOut: carriesOut)
    }
}
