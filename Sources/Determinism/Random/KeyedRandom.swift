/// The draws that belong to one call, take and attempt: pure functions of their key, without state.
///
/// The key is the seed. The counter's words are `callID` (low, high), `take << 16 | attempt` and
/// `purpose << 16 | retry << 12 | lane`. A draw therefore never depends on which other draws were
/// made. Draw once from a purpose and lane: the same key gives the same bits again.
public struct KeyedRandom: Sendable {
    /// One more than the highest lane.
    public static let laneCount: UInt16 = 1 << 12

    private let key: (UInt32, UInt32)
    private let call: (UInt32, UInt32)
    private let takeAndAttempt: UInt32

    /// The draws of one anchor; take and attempt lie in 0...65535.
    public init(seed: Seed, callID: UInt64, take: Int, attempt: Int) {
        precondition((0...0xFFFF).contains(take), "take must lie in 0...65535, was \(take)")
        precondition(
            (0...0xFFFF).contains(attempt), "attempt must lie in 0...65535, was \(attempt)")
        key = Self.halves(seed.rawValue)
        call = Self.halves(callID)
        takeAndAttempt = UInt32(take) << 16 | UInt32(attempt)
    }

    /// 64 random bits; lanes 0..<4096 tell draws for the same purpose apart.
    public func word(_ purpose: DrawPurpose, lane: UInt16 = 0) -> UInt64 {
        Self.words(block(purpose, lane: lane, retry: 0)).0
    }

    /// A number in `0..<bound`, each equally likely; the bound is at least 1.
    ///
    /// Lemire's multiply and shift with rejection. A rejected word is replaced by the next of the
    /// 32 words of this purpose and lane (16 blocks, which no other lane uses). The last is taken
    /// as it is, so that a draw always ends: that comes up less than once in 2^31 draws for bounds
    /// near 2^63, and less than once in 2^990 for bounds below 2^32.
    public func below(_ bound: UInt64, _ purpose: DrawPurpose, lane: UInt16 = 0) -> UInt64 {
        precondition(bound > 0, "bound must be at least 1")
        let rejectedBelow = (0 &- bound) % bound
        var result: UInt64 = 0
        for retry in UInt16(0)..<16 {
            let words = Self.words(block(purpose, lane: lane, retry: retry))
            let first = words.0.multipliedFullWidth(by: bound)
            if first.low >= rejectedBelow { return first.high }
            let second = words.1.multipliedFullWidth(by: bound)
            if second.low >= rejectedBelow { return second.high }
            result = second.high
        }
        return result
    }

    /// Whether a chance comes, exactly as often as the ratio says.
    public func chance(_ ratio: Ratio, _ purpose: DrawPurpose, lane: UInt16 = 0) -> Bool {
        below(UInt64(ratio.denominator), purpose, lane: lane) < UInt64(ratio.numerator)
    }

    /// A number in a closed range, each equally likely.
    public func pick(
        in range: ClosedRange<Int64>, _ purpose: DrawPurpose, lane: UInt16 = 0
    ) -> Int64 {
        let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        let offset =
            width == .max
            ? word(purpose, lane: lane) : below(width + 1, purpose, lane: lane)
        return range.lowerBound &+ Int64(bitPattern: offset)
    }

    private func block(_ purpose: DrawPurpose, lane: UInt16, retry: UInt16) -> SIMD4<UInt32> {
        precondition(lane < Self.laneCount, "lane must lie in 0..<4096, was \(lane)")
        let draw = UInt32(purpose.rawValue) << 16 | UInt32(retry << 12 | lane)
        return Philox4x32.block(counter: SIMD4(call.0, call.1, takeAndAttempt, draw), key: key)
    }

    private static func words(_ block: SIMD4<UInt32>) -> (UInt64, UInt64) {
        (UInt64(block.y) << 32 | UInt64(block.x), UInt64(block.w) << 32 | UInt64(block.z))
    }

    private static func halves(_ value: UInt64) -> (UInt32, UInt32) {
        (UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32))
    }
}
