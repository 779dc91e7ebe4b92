internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation

/// When an invariant is judged, by the faults that really fired.
struct InvariantGate: Hashable, Sendable {
    enum Condition: Hashable, Sendable {
        case always
        case noFault
        case anyFault
        /// A fault changed an answer of an upstream of this kind.
        case kind(UpstreamKind)
        case fault(String)
        case family(String)
    }

    /// The word in the scenario.
    let word: String
    let condition: Condition

    static let always = InvariantGate(word: "always", condition: .always)

    /// The words besides `fault:ID` and `family:NAME`; those of flakestorm are among them.
    private static let words: [(word: String, condition: Condition)] = [
        ("always", .always), ("no_fault", .noFault), ("any_fault", .anyFault),
        ("model_fault", .kind(.model)), ("tool_fault", .kind(.tool)),
        ("no_chaos", .noFault), ("any_chaos_active", .anyFault),
        ("llm_faults_active", .kind(.model)), ("tool_faults_active", .kind(.tool)),
    ]

    init(word: String, condition: Condition) {
        self.word = word
        self.condition = condition
    }

    init(parsing arguments: InvariantArguments) throws(InvariantError) {
        let word = try arguments.text()
        self.word = word
        let pieces = word.split(separator: ":", maxSplits: 1).map(String.init)
        if pieces.count == 2, pieces[0] == "fault" {
            guard FaultCatalogue.named(pieces[1]) != nil else {
                throw InvariantError(
                    .wrongValue, at: arguments.path,
                    "no fault is named `\(pieces[1])`; `stormtape faults` lists them")
            }
            condition = .fault(pieces[1])
        } else if pieces.count == 2, pieces[0] == "family" {
            let families = FaultCatalogue.families.map(\.name)
            guard families.contains(pieces[1]) else {
                throw InvariantError(
                    .wrongValue, at: arguments.path,
                    unknownMessage("family", pieces[1], allowed: families))
            }
            condition = .family(pieces[1])
        } else if let known = Self.words.first(where: { $0.word == word }) {
            condition = known.condition
        } else {
            throw InvariantError(
                .wrongValue, at: arguments.path,
                unknownMessage(
                    "moment", word,
                    allowed: Self.words.map(\.word) + ["fault:ID", "family:NAME"]))
        }
    }

    /// Whether the invariant is judged on this run.
    func applies(to conduct: Conduct) -> Bool {
        let fired = conduct.fired
        switch condition {
        case .always: return true
        case .noFault: return fired.isEmpty
        case .anyFault: return !fired.isEmpty
        case .kind(let kind): return fired.contains { $0.kind == kind }
        case .fault(let id): return fired.contains { $0.fault.fault == id }
        case .family(let family):
            return fired.contains { fired in
                FaultCatalogue.named(fired.fault.fault).flatMap(FaultCatalogue.family)?.name
                    == family
            }
        }
    }
}
