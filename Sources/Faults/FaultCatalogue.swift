/// A group of faults, a section of the catalogue.
public struct FaultFamily: Sendable {
    /// The word by which it is named.
    public let name: String
    /// What its faults have in common, as the title of its section.
    public let title: String
    /// Its kinds, in the order of the documentation.
    public let kinds: [FaultKind]
}

/// Every kind of fault that is known, in the order of the documentation.
public enum FaultCatalogue {
    /// The families.
    public static let families: [FaultFamily] = [
        FaultFamily(
            name: "transport", title: "Connections, bytes and time", kinds: transportFaults),
        FaultFamily(name: "status", title: "Error answers over HTTP", kinds: statusFaults),
        FaultFamily(name: "stream", title: "Events and frames of a stream", kinds: streamFaults),
        FaultFamily(
            name: "semantic", title: "Well-formed answers that mislead", kinds: semanticFaults),
        FaultFamily(
            name: "tool-call", title: "Tool calls that the model writes", kinds: toolCallFaults),
        FaultFamily(name: "tool-result", title: "Tools and their results", kinds: toolFaults),
        FaultFamily(name: "mcp", title: "The Model Context Protocol", kinds: mcpFaults),
        FaultFamily(
            name: "context", title: "Context, memory and conversation", kinds: contextFaults),
        FaultFamily(name: "hostile", title: "Hostile content", kinds: hostileFaults),
        FaultFamily(name: "clock", title: "Clock, identity and randomness", kinds: clockFaults),
    ]

    /// All kinds.
    public static let all: [FaultKind] = families.flatMap(\.kinds)

    /// The kind with this identifier.
    public static func named(_ id: String) -> FaultKind? {
        byIdentifier[id]
    }

    /// The family of a kind.
    public static func family(of kind: FaultKind) -> FaultFamily? {
        families.first { $0.kinds.contains { $0.id == kind.id } }
    }

    private static let byIdentifier = Dictionary(
        all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}
