internal import Synchronization

/// What misses need to know of a tape: which requests share a route, and their identities.
///
/// Found once and shared by all runs of a tape; a tape on which nothing misses pays nothing.
final class RouteIndex: Sendable {
    private struct Key: Hashable {
        let upstream: String
        let route: String
    }

    private struct State: Sendable {
        var ordinals: [Key: [Int]]?
        var identities: [Int: RequestIdentity] = [:]
    }

    private let state = Mutex(State())

    /// The ordinals of an upstream's requests with this method and path, in order.
    ///
    /// Volatile identifiers in the path are named, as in the route of an identity.
    func ordinals(on route: String, _ upstream: String, _ tape: Tape) -> [Int] {
        state.withLock { state in
            let ordinals = state.ordinals ?? RouteIndex.ordinals(of: tape)
            state.ordinals = ordinals
            return ordinals[Key(upstream: upstream, route: route)] ?? []
        }
    }

    /// The identity of a recorded request; the first few that are asked for are kept.
    func identity(_ ordinal: Int, _ tape: Tape) throws -> RequestIdentity {
        if let known = state.withLock({ $0.identities[ordinal] }) { return known }
        let interaction = try tape.interaction(ordinal)
        let identity = tape.identity(of: interaction.request, upstream: interaction.upstream)
        state.withLock { state in
            if state.identities.count < NearestFinder.candidatesMax {
                state.identities[ordinal] = identity
            }
        }
        return identity
    }

    private static func ordinals(of tape: Tape) -> [Key: [Int]] {
        var ordinals: [Key: [Int]] = [:]
        for row in tape.entries {
            var renamer = IdentifierRenamer(known: tape.rules.knownIdentifiers)
            let route = renamer.rename("\(row.method) \(row.path)")
            ordinals[Key(upstream: row.upstream, route: route), default: []].append(row.ordinal)
        }
        return ordinals
    }
}
