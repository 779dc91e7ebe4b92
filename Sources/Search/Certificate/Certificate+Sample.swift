public import Determinism
public import Judgement

/// What a run that was made again says against a certificate.
public struct CertificateDifference: Hashable, Sendable {
    /// The row.
    public var row: CertificateRow
    /// The verdict of the run that was made again.
    public var verdict: Verdict
    /// The digest of that run.
    public var digest: Digest

    /// Both sides in one line.
    public var text: String {
        let told = row.digest.map { Certificate.hex16($0) } ?? "no digest"
        return "\(row.name): the certificate says \(row.verdict?.rawValue ?? "not run") (\(told)), "
            + "the run was \(verdict.rawValue) (\(digest.hex.prefix(16)))"
    }
}

extension Certificate {
    /// Rows to run again: so many of those that were run, drawn by key, and beside them those that
    /// failed, up to a bound, the first ones.
    ///
    /// They stand in the order of the certificate. A row is drawn by its place and the seed alone,
    /// so a larger sample holds the smaller one.
    public func sample(_ count: Int, seed: Seed, failuresMax: Int = 100) -> [CertificateRow] {
        var drawn: [(key: UInt64, index: Int)] = []
        var taken: Set<Int> = []
        for (index, row) in rows.enumerated() where row.verdict != nil {
            if row.failure != nil, taken.count < failuresMax {
                taken.insert(index)
            } else {
                drawn.append((Certificate.key(row, seed), index))
            }
        }
        drawn.sort { ($0.key, $0.index) < ($1.key, $1.index) }
        taken.formUnion(drawn.prefix(max(0, count)).map(\.index))
        return taken.sorted().map { rows[$0] }
    }

    /// Compares runs that were made again with the certificate, in the order of the rows.
    public func verification(
        _ rows: [CertificateRow], _ observations: [Observation]
    ) -> [CertificateDifference] {
        precondition(rows.count == observations.count, "each row was run again")
        return zip(rows, observations).compactMap { row, seen in
            guard row.verdict != seen.verdict || row.digest != seen.digest.prefix64 else {
                return nil
            }
            return CertificateDifference(row: row, verdict: seen.verdict, digest: seen.digest)
        }
    }

    private static func key(_ row: CertificateRow, _ seed: Seed) -> UInt64 {
        var digest = RollingDigest()
        digest.append(row.phase.rawValue)
        digest.append(String(row.number))
        return KeyedRandom(seed: seed, callID: digest.value.prefix64, take: 0, attempt: 0)
            .word(.order)
    }
}
