internal import Determinism

/// Finds the recorded request that is most like one that missed.
public struct NearestFinder: Sendable {
    /// How many recorded requests of a route are looked at, the earliest first.
    public static let candidatesMax = 2_000

    private let tape: Tape

    /// Creates a finder over a tape.
    public init(_ tape: Tape) {
        self.tape = tape
    }

    /// A recorded request and how many of its components equal those of the one that missed.
    public struct Candidate: Sendable {
        /// The position in the cassette.
        public let ordinal: Int
        /// The identity of the recorded request.
        public let identity: RequestIdentity
        /// How many components are equal.
        public let equal: Int
    }

    /// The recorded requests of the same upstream and route, most alike first; ties go to those
    /// not yet played, then to the earliest.
    public func candidates(
        for identity: RequestIdentity, isPlayed: (Int) -> Bool
    ) throws -> [Candidate] {
        let rows = tape.routes.ordinals(on: NearestFinder.route(identity), identity.upstream, tape)
        let parts = Set(identity.components)
        // Those not yet played come first, so that the limit never hides what is still due.
        let unplayed = rows.filter { !isPlayed($0) }.prefix(NearestFinder.candidatesMax)
        let played = rows.filter { isPlayed($0) }
            .prefix(NearestFinder.candidatesMax - unplayed.count)
        var scored: [(key: (Int, Int, Int), candidate: Candidate)] = []
        for (place, ordinal) in (unplayed + played).enumerated() {
            let other = try tape.routes.identity(ordinal, tape)
            let equal = other.components.reduce(0) { parts.contains($1) ? $0 + 1 : $0 }
            let candidate = Candidate(ordinal: ordinal, identity: other, equal: equal)
            scored.append(((-equal, place < unplayed.count ? 0 : 1, ordinal), candidate))
        }
        return scored.sorted { $0.key < $1.key }.map(\.candidate)
    }

    /// The report for a request that missed, from its candidates.
    public func report(
        _ identity: RequestIdentity, played: Int, nearest: Candidate?
    ) -> MissReport {
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
                guard let other else {
                    return (path + RequestIdentity.step(to: member.key), member.value, nil)
                }
                if other.canonical() != member.value.canonical() {
                    return leaf(path + RequestIdentity.step(to: member.key), member.value, other)
                }
            }
            for member in theirs where !mine.contains(where: { $0.key == member.key }) {
                return (path + RequestIdentity.step(to: member.key), nil, member.value)
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

    /// Method and path of an identity.
    static func route(_ identity: RequestIdentity) -> String {
        let text = identity.components.first?.value.stringValue ?? ""
        return String(text.prefix { $0 != "?" })
    }
}
