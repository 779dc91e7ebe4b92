package import Determinism
package import Faults
package import Judgement
package import Simulation

/// What reports of many runs need of one: everything but the whole trace.
///
/// Worker processes send it to the storm as JSON; `json` and `init(json:)` round-trip exactly.
package struct RunSummary: Hashable, Sendable {
    /// How many bytes of each output stream are kept.
    static let tailBytesMax = 4_096
    /// How many scalars of a sentence are kept, which may hold text of an agent.
    static let messageMax = 4_000

    package var seed: Seed?
    /// The closed plan as a text that can be pasted.
    package var plan: String
    package var digest: Digest
    package var ruling: Ruling
    package var grade: Grade
    package var virtualTime: SimDuration
    /// The faults that were planned before the run began.
    package var planned: [PlannedFault]
    /// Those that were reached: fired, then masked, then inapplicable.
    package var met: [MetFault]
    /// Those whose anchor was never reached.
    package var unreached: [PlannedFault]
    package var invariants: [InvariantResult]
    /// The command that does it again, without a label.
    package var reproduce: String
    package var exchanges: [ExchangeSummary]
    /// How the run ended, in words that follow "the agent".
    package var ending: String
    /// Foreign addresses that the agent tried to reach.
    package var foreignAddresses: [String]
    package var standardOutputTail: [UInt8]
    package var standardErrorTail: [UInt8]
    /// What an agent that is a server was asked, and what it answered.
    package var asked: [AskedSummary] = []
    /// The prompt that the agent was given; nil for the recorded one.
    package var prompt: String?
    /// The tokens that models say they read and wrote; nil where none says so.
    package var tokens: Int?
    /// How time passed.
    package var clock: ClockMode = .virtual

    /// Whether all that the run did repeats, and not only what its digest vouches for: instants,
    /// who hung up, and what went to standard error too.
    package var repeats: Bool { grade.letter < .c && clock == .virtual }

    /// The verdict.
    package var verdict: Verdict { ruling.verdict }

    /// The faults that changed a delivery.
    package var fired: [MetFault] { met.filter { $0.fate == .fired } }

    /// The invariants that are broken.
    package var broken: [InvariantResult] { invariants.filter { !$0.passed } }
}

extension RunSummary {
    /// Keeps of a run what reports need.
    package init(_ result: RunResult) {
        let trace = result.trace
        let exchanges = trace.exchanges.sorted { $0.id < $1.id }
        self.init(
            seed: result.seed, plan: result.planBlob, digest: result.digest,
            ruling: RunSummary.bounded(result.ruling), grade: result.grade,
            virtualTime: result.virtualTime,
            planned: result.planned,
            met: RunSummary.met(exchanges),
            unreached: trace.unreached, invariants: result.invariants.map(RunSummary.bounded),
            reproduce: result.reproduce, exchanges: exchanges.map { ExchangeSummary($0) },
            ending: BoundedText.head(EndText.text(of: trace.end), RunSummary.messageMax),
            foreignAddresses: trace.foreignAddresses.map {
                BoundedText.head($0, RunSummary.messageMax)
            },
            standardOutputTail: RunSummary.tail(trace.standardOutput),
            standardErrorTail: RunSummary.tail(trace.standardError),
            asked: trace.asked.map { AskedSummary($0) }, prompt: result.plan.prompt,
            tokens: Conduct(trace).usedTokens, clock: trace.clock)
    }

    private static func bounded(_ ruling: Ruling) -> Ruling {
        Ruling(
            verdict: ruling.verdict, reason: BoundedText.head(ruling.reason, RunSummary.messageMax))
    }

    private static func bounded(_ result: InvariantResult) -> InvariantResult {
        var result = result
        result.message = BoundedText.head(result.message, messageMax)
        return result
    }

    /// Grouped by fate, then in the order of exchanges, so that the JSON form reads back equal.
    private static func met(_ exchanges: [ExchangeRecord]) -> [MetFault] {
        let all = exchanges.flatMap { exchange in
            exchange.faults.map {
                MetFault(planned: $0.planned, exchange: exchange.id, fate: $0.outcome)
            }
        }
        return all.filter { $0.fate == .fired } + all.filter(\.isMasked)
            + all.filter(\.isInapplicable)
    }

    /// The last bytes, beginning with a whole UTF-8 character.
    static func tail(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > tailBytesMax else { return bytes }
        return Array(bytes.suffix(tailBytesMax).drop { $0 & 0xC0 == 0x80 })
    }
}
