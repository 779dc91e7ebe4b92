/// What must hold for any input.
struct Law: Sendable {
    /// The word by which the target is chosen.
    let name: String
    /// Throws where it does not hold.
    let check: @Sendable (FuzzInput) throws(LawBroken) -> Void
    /// Inputs to begin with, made from one recorded answer.
    let seeds: @Sendable (RecordedAnswer) -> [[UInt8]]

    /// All of them.
    static let all = [framing, protocols, writing, json, faults]

    /// The law with this name.
    static func named(_ name: String) -> Law? { all.first { $0.name == name } }
}

/// What did not hold.
struct LawBroken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Goes on only where something holds.
func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws(LawBroken) {
    if !holds { throw LawBroken(what()) }
}
