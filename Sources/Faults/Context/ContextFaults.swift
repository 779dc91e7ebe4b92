extension FaultCatalogue {
    static let contextFaults: [FaultKind] = []
}
