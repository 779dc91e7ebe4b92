extension FaultCatalogue {
    static let transportFaults: [FaultKind] = [
        .connResetAfterRequest, .connResetMidBody, .shortChunkedBody, .ttfbSpike, .stalledStream,
        .slowDrip, .chunkMerge, .chunkSplitUTF8,
    ]
}
