extension FaultCatalogue {
    static let transportFaults: [FaultKind] = [
        .dnsFailure, .connectRefused, .connectTimeout,
        .connResetAfterRequest, .connResetMidBody, .shortChunkedBody, .headersTimeout, .ttfbSpike,
        .stalledStream, .keepaliveOnlyStall, .slowDrip, .chunkMerge, .chunkSplitUTF8,
    ]
}
