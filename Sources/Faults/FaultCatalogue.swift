/// Every kind of fault that is known, in the order of the documentation.
public enum FaultCatalogue {
    /// All kinds.
    public static let all: [FaultKind] =
        transportFaults + statusFaults + semanticFaults + streamFaults + toolFaults

    /// The kind with this identifier.
    public static func named(_ id: String) -> FaultKind? {
        all.first { $0.id == id }
    }
}
