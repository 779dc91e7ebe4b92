extension FaultCatalogue {
    static let statusFaults: [FaultKind] = []
}
