internal import Cassette
internal import Determinism
internal import Faults
public import Simulation
internal import WireProtocols

/// What an agent did in one run, read from its trace once for all invariants.
///
/// A class: what one rule had read serves the others, and nothing is read that no rule asks for.
public final class Conduct {
    let trace: Trace
    /// The run of the same agent without a fault; nil where there is none.
    let undisturbed: Trace?
    /// Where judges are asked; nil where nobody can be.
    let judges: JudgeDesk?

    /// Reads a run that ended; `undisturbed` is the run without a fault that rules may compare
    /// it to.
    public init(_ trace: Trace, undisturbed: Trace? = nil) {
        self.trace = trace
        self.undisturbed = undisturbed
        judges = nil
    }

    /// Reads a run whose rules may ask judges too.
    package init(_ trace: Trace, undisturbed: Trace? = nil, judges: JudgeDesk) {
        self.trace = trace
        self.undisturbed = undisturbed
        self.judges = judges
    }

    /// The exchanges in the order in which the agent asked.
    private(set) lazy var exchanges: [ExchangeRecord] = trace.exchanges.sorted { $0.id < $1.id }

    /// A fault that changed what the agent got.
    struct Fired {
        let exchange: ExchangeID
        let kind: UpstreamKind
        let fault: PlannedFault
    }

    /// The faults that fired, in the order in which the agent asked.
    private(set) lazy var fired: [Fired] = exchanges.flatMap { exchange in
        exchange.fired.map { Fired(exchange: exchange.id, kind: exchange.kind, fault: $0) }
    }

    /// What the agent says: its output, or, when it is a server, each of its answers.
    private(set) lazy var outputs: [[UInt8]] =
        trace.asked.isEmpty ? [trace.standardOutput] : trace.awaited.map(\.body)

    /// The same as texts.
    private(set) lazy var outputTexts: [String] = outputs.map {
        String(decoding: $0, as: UTF8.self)
    }

    /// The identifiers in what the agent was given, which are the same in each such run.
    private(set) lazy var givenIdentifiers: Set<String> = {
        var given: Set<String> = []
        for exchange in exchanges {
            given.formUnion(VolatileIdentifiers.all(in: Array(exchange.sentBody)))
        }
        // In a stream they are cut into pieces.
        for turn in turns {
            given.formUnion(turn.answer.map { VolatileIdentifiers.all(in: $0.text) } ?? [])
        }
        return given
    }()

    /// The requests to models, in the order in which the agent asked.
    private(set) lazy var turns: [ModelTurn] = exchanges.compactMap(ModelTurn.init)

    /// For each request to a model, the number of the conversation, by what its user said first.
    private lazy var conversations: [ExchangeID: Int] = {
        var numbers: [[UInt8]: Int] = [:]
        var conversations: [ExchangeID: Int] = [:]
        for turn in turns {
            let first = Array((turn.firstUserText ?? "").utf8)
            let number = numbers[first] ?? numbers.count
            numbers[first] = number
            conversations[turn.id] = number
        }
        return conversations
    }()

    /// By what a conversation is told from others: a number that is the same where the user
    /// said the same first.
    func beginning(of turn: ModelTurn) -> Int { conversations[turn.id] ?? 0 }

    /// What happened, as temporal formulas see it.
    private(set) lazy var moments: [Moment] = MomentReader.read(self)

    /// The tools that were used, in the order in which it was seen.
    private(set) lazy var toolUses: [ToolUse] = ToolUse.all(self)

    /// The moment at which the run had taken longer than this.
    func moment(beyond limit: SimDuration) -> WitnessPosition {
        switch trace.clock {
        case .real:
            var sum = SimDuration.zero
            for exchange in trace.exchanges {
                sum += exchange.duration
                if sum > limit { return .delivery(exchange.id) }
            }
            return .end
        case .virtual:
            var position = WitnessPosition.beginning
            for entry in trace.log {
                if SimInstant.zero.duration(to: entry.at) > limit { break }
                if case .request(let id) = entry.event { position = .delivery(id) }
            }
            return position
        }
    }
}
