extension FaultCatalogue {
    static let streamFaults: [FaultKind] = []
}
