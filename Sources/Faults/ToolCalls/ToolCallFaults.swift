extension FaultCatalogue {
    static let toolCallFaults: [FaultKind] = []
}
