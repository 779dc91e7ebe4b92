extension FaultCatalogue {
    static let hostileFaults: [FaultKind] = []
}
