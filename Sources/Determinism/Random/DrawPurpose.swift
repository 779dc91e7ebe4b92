/// The version of how draws are keyed; it goes up when any draw of any plan would change.
public let drawSchemaVersion = 1

/// What a draw decides: one word of its key, so that no decision can shift another.
///
/// This registry is append-only: a number, once used, keeps its meaning for as long as
/// `drawSchemaVersion` stands.
public struct DrawPurpose: RawRepresentable, Hashable, Sendable {
    /// The number that goes into the key.
    public let rawValue: UInt16

    /// The purpose with this number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Whether a fault fires.
    public static let fires = DrawPurpose(rawValue: 1)
    /// A parameter of a fault, such as how long a delay is.
    public static let parameter = DrawPurpose(rawValue: 2)
    /// Where in a delivery a fault applies.
    public static let position = DrawPurpose(rawValue: 3)
    /// Which of several waiting requests or chunks goes first.
    public static let order = DrawPurpose(rawValue: 4)
    /// Which faults a run of a swarm has at all.
    public static let swarm = DrawPurpose(rawValue: 5)
    /// The bytes that a fault makes up.
    public static let content = DrawPurpose(rawValue: 6)
}
