extension FaultCatalogue {
    static let statusFaults: [FaultKind] = [
        .rateLimit429, .rateLimitNoHeader, .rateLimitLong, .rateLimitLying, .rateLimitBodyHint,
        .quotaExhausted429, .payment402,
        .serverError, .overloaded529, .overloaded503, .cdnHTMLError,
        .html200, .emptyBody200, .errorBody200, .shouldRetryFalse500, .shouldRetryTrue400,
        .invalidAPIKeyMidRun, .permission403, .modelNotFound404,
        .requestTooLarge413, .conflict409, .contextLength400, .contentPolicy400,
        .unsupportedParam400, .historyInvalid400, .thinkingSignature400, .prevResponseNotFound,
    ]
}
