import Cassette

extension HeaderFields {
    /// Adds `retry-after-ms` and `retry-after`, whose whole seconds are rounded up.
    ///
    /// Both SDKs read the first before the second, so a run need not wait for a second.
    mutating func appendRetry(afterMilliseconds milliseconds: Int64?) {
        guard let milliseconds else { return }
        append("retry-after-ms", String(max(0, milliseconds)))
        append("retry-after", String(Self.wholeSeconds(milliseconds)))
    }

    /// Milliseconds in whole seconds, rounded up.
    static func wholeSeconds(_ milliseconds: Int64) -> Int64 {
        let milliseconds = max(0, milliseconds)
        return milliseconds / 1000 + (milliseconds % 1000 == 0 ? 0 : 1)
    }
}
