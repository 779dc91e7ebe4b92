public import Determinism

/// Why a request was not found on the tape, in words that lead to the cause.
public struct MissReport: Hashable, Sendable {
    /// The upstream that was asked.
    public var upstream: String
    /// Method and path.
    public var route: String
    /// How many recorded answers of an equal request were already given.
    public var played: Int
    /// The nearest recorded request; absent when the upstream has none on this route.
    public var nearest: Int?
    /// Where the first difference to the nearest is; a JSON path.
    public var path: String?
    /// What was asked there; absent when there was nothing.
    public var asked: JSONValue?
    /// What the tape holds there; absent when there is nothing.
    public var recorded: JSONValue?

    /// The report as lines of text, without the command to run next.
    public var lines: [String] {
        var lines = ["off-tape: \(upstream) was asked \(route), which is not on the tape"]
        if played > 0 {
            lines.append("  an equal request is recorded; already played \(played) of \(played)")
            return lines
        }
        guard let nearest else {
            lines.append("  the cassette holds no request to this route of \(upstream)")
            return lines
        }
        lines.append("  nearest: interaction \(nearest)")
        if let path { lines.append("  first difference: \(path)") }
        lines.append("    asked:    \(MissReport.show(asked))")
        lines.append("    recorded: \(MissReport.show(recorded))")
        return lines
    }

    private static func show(_ value: JSONValue?) -> String {
        guard let value else { return "(absent)" }
        let text = value.canonicalText()
        return text.count > 240 ? text.prefix(240) + "… (\(text.utf8.count) bytes)" : text
    }
}

/// Finds the recorded request that is most like one that missed.
public struct NearestFinder: Sendable {
    /// How many recorded requests of a route are looked at, the earliest first.
    public static let candidatesMax = 2_000

    private let tape: Tape

    /// Creates a finder over a tape.
    public init(_ tape: Tape) {
        self.tape = tape
    }

    /// The recorded requests of the same upstream and route, most alike first; ties go to those
    /// not yet played, then to the earliest.
    public func candidates(
        for identity: RequestIdentity, isPlayed: (Int) -> Bool
    ) throws -> [(ordinal: Int, identity: RequestIdentity, equal: Int)] {
        let route = NearestFinder.route(identity)
        let rows = tape.entries.lazy.filter {
            $0.upstream == identity.upstream && "\($0.method) \($0.path)" == route
        }
        var scored: [(ordinal: Int, identity: RequestIdentity, equal: Int)] = []
        for row in rows.prefix(NearestFinder.candidatesMax) {
            let recorded = try tape.interaction(row.ordinal).request
            let other = tape.identity(of: recorded, upstream: row.upstream)
            scored.append((row.ordinal, other, NearestFinder.equalParts(identity, other)))
        }
        return scored.sorted { left, right in
            let leftPlayed = isPlayed(left.ordinal) ? 1 : 0
            let rightPlayed = isPlayed(right.ordinal) ? 1 : 0
            return (-left.equal, leftPlayed, left.ordinal)
                < (-right.equal, rightPlayed, right.ordinal)
        }
    }

    /// The report for a request that missed.
    public func report(
        _ identity: RequestIdentity, played: Int, isPlayed: (Int) -> Bool
    ) throws -> MissReport {
        let nearest = try candidates(for: identity, isPlayed: isPlayed).first
        var report = MissReport(
            upstream: identity.upstream, route: NearestFinder.route(identity), played: played,
            nearest: nearest?.ordinal)
        guard let nearest else { return report }
        let difference = NearestFinder.firstDifference(identity, nearest.identity)
        report.path = difference?.path
        report.asked = difference?.asked
        report.recorded = difference?.recorded
        return report
    }

    /// The first component that differs, followed down to the leaf.
    static func firstDifference(
        _ asked: RequestIdentity, _ recorded: RequestIdentity
    ) -> (path: String, asked: JSONValue?, recorded: JSONValue?)? {
        let theirs = recorded.components
        for component in asked.components {
            guard let other = theirs.first(where: { $0.path == component.path }) else {
                return (component.path, component.value, nil)
            }
            if other.digest != component.digest {
                return leaf(component.path, component.value, other.value)
            }
        }
        let missing = theirs.first { other in
            !asked.components.contains { $0.path == other.path }
        }
        return missing.map { ($0.path, nil, $0.value) }
    }

    private static func leaf(
        _ path: String, _ asked: JSONValue, _ recorded: JSONValue
    ) -> (path: String, asked: JSONValue?, recorded: JSONValue?) {
        switch (asked, recorded) {
        case (.object(let mine), .object(let theirs)):
            for member in mine {
                let other = theirs.first { $0.key == member.key }?.value
                guard let other else { return ("\(path).\(member.key)", member.value, nil) }
                if other.canonical() != member.value.canonical() {
                    return leaf("\(path).\(member.key)", member.value, other)
                }
            }
            for member in theirs where !mine.contains(where: { $0.key == member.key }) {
                return ("\(path).\(member.key)", nil, member.value)
            }
        case (.array(let mine), .array(let theirs)):
            for index in 0..<max(mine.count, theirs.count) {
                let left: JSONValue? = index < mine.count ? mine[index] : nil
                let right: JSONValue? = index < theirs.count ? theirs[index] : nil
                guard let left, let right else { return ("\(path)[\(index)]", left, right) }
                if left.canonical() != right.canonical() {
                    return leaf("\(path)[\(index)]", left, right)
                }
            }
        default: break
        }
        return (path, asked, recorded)
    }

    private static func equalParts(_ left: RequestIdentity, _ right: RequestIdentity) -> Int {
        left.components.reduce(0) { count, component in
            right.components.contains {
                $0.path == component.path && $0.digest == component.digest
            } ? count + 1 : count
        }
    }

    /// Method and path of an identity.
    static func route(_ identity: RequestIdentity) -> String {
        let text = identity.components.first?.value.stringValue ?? ""
        return String(text.prefix { $0 != "?" })
    }
}
