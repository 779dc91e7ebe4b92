internal import Determinism
internal import Judgement

extension Certificate {
    /// The certificate of the whole work from those of all its shards, in any order: byte for byte
    /// the one that would have been made without shards, save for the grade where machines differ in
    /// it; the worst one stands.
    public static func merge(_ parts: [Certificate]) throws(CertificateError) -> Certificate {
        let parts = try shards(parts)
        guard var merged = parts.first else {
            throw CertificateError(.wrongShards, at: "$", "there is nothing to merge")
        }
        guard parts.count > 1 || merged.identity.shard != nil else { return merged }
        merged.identity.shard = nil
        merged.failures = []
        merged.grade = parts.compactMap(\.grade).max()
        var places: [FailureSignature: Int] = [:]
        for index in merged.rows.indices {
            let (row, owner) = try sameRow(parts, at: index)
            merged.rows[index] = row
            guard let failure = row.failure.map({ owner.failures[$0] }) else { continue }
            if let known = places[failure.signature] {
                merged.failures[known].count += 1
                merged.rows[index].failure = known
            } else {
                // The first row that shows it is the first of its own shard too.
                places[failure.signature] = merged.failures.count
                merged.rows[index].failure = merged.failures.count
                var first = failure
                first.count = 1
                merged.failures.append(first)
            }
        }
        return merged
    }

    /// So many shards that are missing are named.
    private static let namedMax = 5

    /// Checks that these are all shards of one work, and puts them in order.
    private static func shards(_ parts: [Certificate]) throws(CertificateError) -> [Certificate] {
        if parts.count == 1, parts[0].identity.shard == nil { return parts }
        var byIndex: [Int: Certificate] = [:]
        guard let first = parts.first else { return [] }
        for part in parts {
            guard let shard = part.identity.shard else {
                throw CertificateError(
                    .wrongShards, at: "$.identity.shard",
                    "one certificate is of the whole work, not of a shard; merge shards only")
            }
            try checkIdentity(part, first)
            guard byIndex.updateValue(part, forKey: shard.index) == nil else {
                throw CertificateError(
                    .wrongShards, at: "$.identity.shard.index",
                    "shard \(shard.index) of \(shard.count) is there twice; give each once")
            }
            guard !part.wasCutOff else {
                throw CertificateError(
                    .incompleteShard, at: "$.cut_off",
                    "shard \(shard.index) of \(shard.count) was cut off before its work was done; "
                        + "run it again, it goes on where it stopped")
            }
        }
        let count = first.identity.shard?.count ?? 1
        guard byIndex.count == count else {
            let missing = Array((1...count).lazy.filter { byIndex[$0] == nil }.prefix(namedMax))
            let more = count - byIndex.count - missing.count
            throw CertificateError(
                .wrongShards, at: "$.identity.shard",
                "of \(count) shards \(missing.map(String.init).joined(separator: ", "))"
                    + (more > 0 ? " and \(more) more" : "")
                    + (count - byIndex.count == 1 ? " is missing" : " are missing"))
        }
        return (1...count).compactMap { byIndex[$0] }
    }

    private static func checkIdentity(
        _ part: Certificate, _ first: Certificate
    ) throws(CertificateError) {
        let (mine, theirs) = (part.identity, first.identity)
        for name in CertificateIdentity.members where name != "shard" {
            let (one, other) = (theirs.json[name], mine.json[name])
            guard one != other else { continue }
            throw CertificateError(
                .differentIdentity, at: "$.identity.\(name)",
                "is \(one?.encodedText() ?? "absent") in one shard and "
                    + "\(other?.encodedText() ?? "absent") in another; merge shards of one work")
        }
        guard mine.shard?.count == theirs.shard?.count else {
            throw CertificateError(
                .differentIdentity, at: "$.identity.shard.count",
                "is \(theirs.shard?.count ?? 0) in one shard and \(mine.shard?.count ?? 0) in "
                    + "another; merge shards of one division")
        }
        // Both follow from what all shards ran, so that a difference is one of what was seen.
        guard part.base == first.base, part.calls == first.calls, part.sites == first.sites,
            part.firstSites == first.firstSites, part.inapplicable == first.inapplicable,
            part.plans == first.plans, part.notBegun == first.notBegun,
            part.rows.count == first.rows.count
        else {
            throw CertificateError(
                .nondeterministic, at: "$.places",
                "two shards came to other plans though they are about the same thing: the agent "
                    + "is nondeterministic; run `stormtape verify`")
        }
    }

    /// What the shards say of one row, and one that ran it.
    private static func sameRow(
        _ parts: [Certificate], at index: Int
    ) throws(CertificateError) -> (CertificateRow, Certificate) {
        var found: (row: CertificateRow, owner: Certificate)?
        for part in parts {
            let row = part.rows[index]
            guard let known = found else {
                found = (row, part)
                continue
            }
            guard
                (row.phase, row.number, row.sites) == (
                    known.row.phase, known.row.number, known.row.sites
                ), row.plan == known.row.plan
            else { throw disagreement(known.row, "is another plan in another shard") }
            if row.standing == .left { continue }
            if known.row.standing == .left {
                found = (row, part)
                continue
            }
            let signatures = (
                row.failure.map { part.failures[$0].signature },
                known.row.failure.map { known.owner.failures[$0].signature }
            )
            guard row.standing == known.row.standing, row.verdict == known.row.verdict,
                row.digest == known.row.digest, row.reason == known.row.reason,
                row.waiting == known.row.waiting,
                signatures.0 == signatures.1
            else {
                throw disagreement(
                    known.row,
                    "ended as \(text(known.row)) in one shard and as \(text(row)) "
                        + "in another: the agent is nondeterministic; run `stormtape verify`")
            }
        }
        guard let found else {
            throw CertificateError(.wrongShards, at: "$", "there is nothing to merge")
        }
        guard found.row.standing != .left else {
            throw CertificateError(
                .incompleteShard, at: "$.phases",
                "no shard ran \(found.row.name); make the shards anew")
        }
        return found
    }

    private static func disagreement(_ row: CertificateRow, _ what: String) -> CertificateError {
        CertificateError(.nondeterministic, at: "$.phases", "\(row.name) \(what)")
    }

    private static func text(_ row: CertificateRow) -> String {
        let digest = row.digest.map { " \(hex16($0))" } ?? ""
        return (row.verdict?.rawValue ?? row.standing.rawValue) + digest
    }
}
