extension FaultCatalogue {
    static let transportFaults: [FaultKind] = []
}
