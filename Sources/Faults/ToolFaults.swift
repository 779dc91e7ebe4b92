extension FaultCatalogue {
    static let toolFaults: [FaultKind] = []
}
