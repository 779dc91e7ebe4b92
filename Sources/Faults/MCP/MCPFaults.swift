extension FaultCatalogue {
    static let mcpFaults: [FaultKind] = [
        .mcpRPCError, .mcpIsErrorResult, .mcpErrorNullID, .mcpUnknownIDResponse,
        .mcpDuplicateResponse, .mcpSwappedResponses, .mcpNoResponse202, .mcpSSEClosedNoResponse,
        .mcpSSEResume,
        .mcpModernStreamLoss, .mcpSession404, .mcpSessionLostOtherStatus,
        .mcpInitializeVersionMismatch, .mcpInitializeHang, .mcpServerCrashMidCall,
        .mcpStdoutNoise, .mcpStdoutInvalidUTF8, .mcpStdoutOversizeLine, .mcpStderrFlood,
        .mcpProgressForever, .mcpProgressRegress, .mcpListChanged, .mcpListChangedStorm,
        .mcpToolRename, .mcpRugPull, .mcpToolShadowing, .mcpAnnotationLie,
        .mcpOutputSchemaViolation, .mcpContentTypeUnknown, .mcpBadInputSchema,
        .mcpHeaderMismatch, .mcpMissingCapability, .mcpInputRequired, .mcpRequestStateTamper,
        .mcpServerRequestFlood, .mcpAuth401Challenge, .mcpOrigin403, .mcpCacheStale,
        .mcpCancelRace,
    ]
}
