extension FaultCatalogue {
    static let transportFaults: [FaultKind] = [
        .dnsFailure, .connectRefused, .connectTimeout, .tlsHandshakeFail,
        .proxy407, .connResetBeforeRequest, .connResetAfterRequest, .headersTimeout, .ttfbSpike,
        .stalledStream, .keepaliveOnlyStall, .slowDrip, .connResetMidBody, .shortChunkedBody,
        .gracefulEarlyClose, .contentLengthTooLong, .contentLengthTooShort, .gzipCorrupt,
        .encodingHeaderLie, .h2GoAway, .redirect30x, .captivePortal, .networkPartitionFlap,
        .chunkMerge,
        .chunkSplitUTF8,
    ]
}
