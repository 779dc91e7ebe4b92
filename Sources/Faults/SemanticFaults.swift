extension FaultCatalogue {
    static let semanticFaults: [FaultKind] = []
}
