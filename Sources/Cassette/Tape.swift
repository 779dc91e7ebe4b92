public import Determinism

/// Where the interactions of a cassette come from: memory, or a file that is read as needed.
public protocol InteractionStore: Sendable {
    /// What the cassette says of itself.
    var manifest: Manifest { get }

    /// SHA-256 over the canonical text form.
    var hash: Digest { get }

    /// The identifiers that a response introduced; see `TapeIndexer`.
    var knownIdentifiers: Set<String> { get }

    /// One row an interaction, in ordinal order.
    func entries() throws -> [TapeEntry]

    /// The interaction with this ordinal.
    func interaction(_ ordinal: Int) throws -> Interaction
}

/// What selection and matching need to know of one interaction without reading it whole.
public struct TapeEntry: Hashable, Sendable {
    /// The position in the cassette, from 1.
    public var ordinal: Int
    /// The name of the upstream.
    public var upstream: String
    /// The method.
    public var method: String
    /// Path and query.
    public var target: String
    /// The model that the request names.
    public var model: String?
    /// Whether the request asks for a stream.
    public var stream: Bool
    /// Whether the agent got an answer it could work with.
    public var succeeded: Bool
    /// When the request was complete, from the start of the recording.
    public var startedAt: SimInstant
    /// The fingerprint.
    public var fingerprint: Fingerprint
    /// The fingerprint with every identifier as it is.
    public var exact: Fingerprint
    /// Which recorded answer of its fingerprint it is, from 1.
    public var take: Int
    /// Which recorded call of its upstream it belongs to, from 1; a retry has its call's number.
    public var call: Int

    /// Creates a row.
    public init(
        ordinal: Int, upstream: String, method: String, target: String, model: String?,
        stream: Bool, succeeded: Bool, startedAt: SimInstant, fingerprint: Fingerprint,
        exact: Fingerprint, take: Int = 1, call: Int = 1
    ) {
        self.ordinal = ordinal
        self.upstream = upstream
        self.method = method
        self.target = target
        self.model = model
        self.stream = stream
        self.succeeded = succeeded
        self.startedAt = startedAt
        self.fingerprint = fingerprint
        self.exact = exact
        self.take = take
        self.call = call
    }

    /// The target without its query.
    public var path: String {
        String(target.prefix { $0 != "?" })
    }
}

/// Derives from recorded interactions what matching needs.
public enum TapeIndexer {
    /// The rows for interactions in ordinal order.
    public static func entries(
        of interactions: some Sequence<Interaction>, rules: IdentityRules
    ) -> [TapeEntry] {
        numbered(interactions.map { entry(of: $0, rules: rules) })
    }

    /// The row of one interaction, without its take and call numbers.
    public static func entry(of interaction: Interaction, rules: IdentityRules) -> TapeEntry {
        let request = interaction.request
        let identity = RequestIdentity(request, upstream: interaction.upstream, rules: rules)
        let facts = RequestFacts(request)
        return TapeEntry(
            ordinal: interaction.ordinal, upstream: interaction.upstream,
            method: request.method, target: request.target,
            model: facts.model, stream: facts.isStreaming,
            succeeded: interaction.succeeded, startedAt: interaction.startedAt,
            fingerprint: identity.fingerprint, exact: identity.exact)
    }

    /// Numbers takes and calls.
    ///
    /// A take whose predecessor failed is a retry of the same call.
    public static func numbered(_ rows: [TapeEntry]) -> [TapeEntry] {
        var last: [Fingerprint: TapeEntry] = [:]
        var calls: [String: Int] = [:]
        return rows.map { row in
            var row = row
            if let before = last[row.fingerprint] {
                row.take = before.take + 1
                if !before.succeeded {
                    row.call = before.call
                    last[row.fingerprint] = row
                    return row
                }
            }
            calls[row.upstream, default: 0] += 1
            row.call = calls[row.upstream, default: 1]
            last[row.fingerprint] = row
            return row
        }
    }

    /// The identifiers that were seen in a response before any request used them.
    public static func knownIdentifiers(in interactions: some Sequence<Interaction>) -> Set<String>
    {
        var fromRequests: Set<String> = []
        var known: Set<String> = []
        for interaction in interactions {
            let asked =
                VolatileIdentifiers.ranges(in: interaction.request.body).map {
                    String(decoding: interaction.request.body[$0], as: UTF8.self)
                } + VolatileIdentifiers.all(in: interaction.request.target)
            for identifier in asked where !known.contains(identifier) {
                fromRequests.insert(identifier)
            }
            guard let response = interaction.response else { continue }
            let body = response.body
            let told =
                VolatileIdentifiers.ranges(in: body).map {
                    String(decoding: body[$0], as: UTF8.self)
                } + response.headers.fields.flatMap { VolatileIdentifiers.all(in: $0.value) }
            for identifier in told where !fromRequests.contains(identifier) {
                known.insert(identifier)
            }
        }
        return known
    }
}

/// A cassette made ready for replay: its rows, indexed by fingerprint.
public struct Tape: Sendable {
    /// What the cassette says of itself.
    public let manifest: Manifest
    /// SHA-256 over the canonical text form.
    public let hash: Digest
    /// The rows in ordinal order; the row of ordinal n is at n - 1.
    public let entries: [TapeEntry]
    /// The rules by which requests are identified.
    public let rules: IdentityRules
    let byExact: [Fingerprint: [Int]]
    let byFingerprint: [Fingerprint: [Int]]
    let routes = RouteIndex()
    private let identities = IdentityCache()
    private let store: any InteractionStore

    /// Reads the rows of a store; with normalisers every fingerprint is derived anew.
    public init(_ store: any InteractionStore, normalisers: [Normaliser] = []) throws {
        let rules = IdentityRules(
            normalisers: normalisers, knownIdentifiers: store.knownIdentifiers)
        var rows = try store.entries()
        if !normalisers.isEmpty {
            rows = TapeIndexer.numbered(
                try rows.map {
                    TapeIndexer.entry(of: try store.interaction($0.ordinal), rules: rules)
                })
        }
        self.store = store
        self.rules = rules
        manifest = store.manifest
        hash = store.hash
        entries = rows
        var exact: [Fingerprint: [Int]] = [:]
        var loose: [Fingerprint: [Int]] = [:]
        for row in rows {
            exact[row.exact, default: []].append(row.ordinal)
            loose[row.fingerprint, default: []].append(row.ordinal)
        }
        byExact = exact
        byFingerprint = loose
    }

    /// The row with this ordinal.
    public func entry(_ ordinal: Int) -> TapeEntry {
        entries[ordinal - 1]
    }

    /// The ordinal of a take of a fingerprint.
    public func ordinal(of fingerprint: Fingerprint, take: Int) -> Int? {
        guard let group = byFingerprint[fingerprint], take >= 1, take <= group.count else {
            return nil
        }
        return group[take - 1]
    }

    /// How many takes a fingerprint has.
    public func takeCount(_ fingerprint: Fingerprint) -> Int {
        byFingerprint[fingerprint]?.count ?? 0
    }

    /// The interaction with this ordinal.
    public func interaction(_ ordinal: Int) throws -> Interaction {
        try store.interaction(ordinal)
    }

    /// The identity of a request under the rules of this tape.
    public func identity(of request: RecordedRequest, upstream: String) -> RequestIdentity {
        identities.identity(of: request, upstream: upstream, rules: rules)
    }
}

/// A cassette held in memory.
public struct MemoryStore: InteractionStore {
    /// What the cassette says of itself.
    public let manifest: Manifest
    /// SHA-256 over the canonical text form.
    public let hash: Digest
    /// The identifiers that a response introduced.
    public let knownIdentifiers: Set<String>
    private let interactions: [Interaction]
    private let rows: [TapeEntry]

    /// Takes interactions in ordinal order, numbered from 1.
    public init(manifest: Manifest, interactions: [Interaction]) {
        precondition(
            interactions.enumerated().allSatisfy { $1.ordinal == $0 + 1 },
            "interactions must be numbered from 1 in order")
        self.manifest = manifest
        self.interactions = interactions
        hash = CanonicalText.cassetteHash(manifest: manifest, interactions: interactions)
        knownIdentifiers = TapeIndexer.knownIdentifiers(in: interactions)
        rows = TapeIndexer.entries(
            of: interactions, rules: IdentityRules(knownIdentifiers: knownIdentifiers))
    }

    /// One row an interaction, in ordinal order.
    public func entries() -> [TapeEntry] { rows }

    /// The interaction with this ordinal.
    public func interaction(_ ordinal: Int) -> Interaction { interactions[ordinal - 1] }
}
