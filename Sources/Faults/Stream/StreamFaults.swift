extension FaultCatalogue {
    static let streamFaults: [FaultKind] = [
        .streamTruncatedNoTerminator, .doneWithoutFinishReason, .finishThenMore,
        .errorEventFirst, .errorEventMid, .chunkSplitJSON,
        .newlineCRLF, .sseBOM, .sseNoSpace, .sseMultilineData,
        .sseCommentKeepalive, .sseCommentBlankAfterID, .sseDataKeepalive, .sseUnknownEvent,
        .u2028InJSON, .loneSurrogateEscape, .garbageBytes, .invalidJSONChunk,
        .duplicateChunk, .repeatedToolIDPerChunk, .reorderChunks, .dropChunk,
        .dropUsage, .indexGap, .deltaNull,
        .wrongContentType, .nonstreamToStreamFallback, .repeatedTokenLoop, .eventstreamCRC,
    ]
}
