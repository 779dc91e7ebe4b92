import Cassette
import Determinism

/// How a program ends that an agent starts, before it does anything.
public enum ProgramFate: Hashable, Sendable {
    /// With this status.
    case exits(Int)
    /// By this signal.
    case signal(Int)
}

extension FaultKind {
    /// The identifier of the fault of a program that the agent starts.
    public static let strikingPrograms = toolCrashProcess.id

    static let toolCrashProcess = FaultKind(
        id: "tool-crash-process",
        summary: "The program that the agent runs as a tool dies before it does anything.",
        layer: .timing, target: .model, signature: .loud, weight: 2, replaces: false,
        parameters: [
            .variant(
                ["exit-status", "signal"], "It ends with a status; it is killed by a signal."),
            ParameterSpec("status", .integer(1...255), default: .fixed(1), "The status."),
            ParameterSpec(
                "signal", .integer(1...31), default: .fixed(9),
                "The number of the signal, as 9 for SIGKILL, which is also how a machine without "
                    + "memory ends programs; inapplicable for one that ends none."),
        ],
        documentation: FaultDocumentation(
            wireForm: "Nothing on the wire. The next program that any process of the agent starts "
                + "after this answer of a model, which calls a tool, ends in place of beginning. "
                + "Inapplicable on a real clock, and where no program is started. What a tool "
                + "inside of the agent raises is out of reach: nobody outside sees it being "
                + "called. Aim tool-error at what such a tool asks.",
            clients: "subprocess.run gives a return code, negative for a signal, which is no "
                + "exception without check=True; Node's close event has the code or the signal.",
            robustAgent: "Gives the model an error as the tool's result; does not take empty "
                + "output for an answer.",
            evidence: ["langgraph, default_retry_on"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            if let reason = context.programRefusal { throw Inapplicable(reason) }
            guard callsTool(delivery, context) else {
                throw Inapplicable("the answer calls no tool")
            }
            guard delivery.programFate == nil else {
                throw Inapplicable("the next program is to die already")
            }
            guard parameters.text("variant") == "signal" else {
                delivery.programFate = .exits(Int(parameters.integer("status")))
                return
            }
            let signal = Int(parameters.integer("signal"))
            guard !signalsThatEndNothing.contains(signal) else {
                throw Inapplicable("signal \(signal) ends no program")
            }
            delivery.programFate = .signal(signal)
        })

    /// Those that Linux ignores, or stops and continues programs by.
    private static let signalsThatEndNothing: Set<Int> = [17, 18, 19, 20, 21, 22, 23, 28]
}
