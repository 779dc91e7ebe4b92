extension FaultCatalogue {
    static let clockFaults: [FaultKind] = []
}
