/// The counter-based generator Philox4x32-10.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011); the
/// published vectors of Random123 are tests.
public enum Philox4x32 {
    /// The four random words that belong to a counter and a key: a pure function, ten rounds.
    public static func block(
        counter: SIMD4<UInt32>, key: (UInt32, UInt32)
    ) -> SIMD4<UInt32> {
        var (x0, x1, x2, x3) = (counter.x, counter.y, counter.z, counter.w)
        var (key0, key1) = key
        for _ in 0..<10 {
            let product0 = UInt64(x0) &* 0xD251_1F53
            let product1 = UInt64(x2) &* 0xCD9E_8D57
            x0 = UInt32(truncatingIfNeeded: product1 &>> 32) ^ x1 ^ key0
            x1 = UInt32(truncatingIfNeeded: product1)
            x2 = UInt32(truncatingIfNeeded: product0 &>> 32) ^ x3 ^ key1
            x3 = UInt32(truncatingIfNeeded: product0)
            key0 &+= 0x9E37_79B9
            key1 &+= 0xBB67_AE85
        }
        return SIMD4(x0, x1, x2, x3)
    }
}
