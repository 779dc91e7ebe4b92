extension FaultCatalogue {
    static let mcpFaults: [FaultKind] = []
}
