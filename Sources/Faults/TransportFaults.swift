extension FaultCatalogue {
    static let transportFaults: [FaultKind] = [
        .connResetAfterRequest, .connResetMidBody, .shortChunkedBody, .headersTimeout, .ttfbSpike,
        .stalledStream, .keepaliveOnlyStall, .slowDrip, .chunkMerge, .chunkSplitUTF8,
    ]
}
