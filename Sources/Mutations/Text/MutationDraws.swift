internal import Determinism

/// The draws of one variant over one text: keyed by seed, variant and place, without state.
///
/// The text is no part of the key: an edit at its end does not shift those at its start.
struct MutationDraws: Sendable {
    private let seed: Seed
    private let callID: UInt64

    init(seed: Seed, purpose: String) {
        self.seed = seed
        let digest = Digest(hashing: Array("mutation:\(purpose)".utf8))
        callID = digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// 64 random bits for a place.
    func word(_ purpose: DrawPurpose, at place: Int) -> UInt64 {
        random(at: place).word(purpose, lane: lane(of: place))
    }

    /// A number below a bound for a place; 0 when the bound leaves no choice.
    func below(_ bound: Int, _ purpose: DrawPurpose, at place: Int) -> Int {
        guard bound > 1 else { return 0 }
        return Int(random(at: place).below(UInt64(bound), purpose, lane: lane(of: place)))
    }

    // A text may have more places than there are lanes: the rest of the place is the take.
    private func random(at place: Int) -> KeyedRandom {
        KeyedRandom(seed: seed, callID: callID, take: (place >> 12) & 0xFFFF, attempt: 0)
    }

    private func lane(of place: Int) -> UInt16 { UInt16(place & 0xFFF) }
}
