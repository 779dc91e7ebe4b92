/// How large a JSON text may be before it is refused.
public struct JSONLimits: Hashable, Sendable {
    /// The deepest nesting that can be allowed: what any thread's stack holds.
    public static let depthCeiling = 512

    /// The deepest nesting of arrays and objects that is allowed.
    public let depthMax: Int
    /// The longest text that is allowed, in bytes.
    public let bytesMax: Int

    /// Nesting of 128, which no real message comes near, and 64 MiB.
    public static let standard = JSONLimits()

    /// Limits; a `depthMax` beyond `depthCeiling` is lowered to it.
    public init(depthMax: Int = 128, bytesMax: Int = 64 << 20) {
        self.depthMax = min(depthMax, Self.depthCeiling)
        self.bytesMax = bytesMax
    }
}
