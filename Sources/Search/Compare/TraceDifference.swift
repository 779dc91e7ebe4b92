public import Determinism
internal import Simulation

/// Two runs side by side: where they part, and what differs from there.
public struct TraceDifference: Hashable, Sendable {
    /// How two events of a row relate.
    public enum Relation: String, Hashable, Sendable, CaseIterable {
        /// They are equal.
        case same
        /// They are equal but for when.
        case timing
        /// They are of one kind, and their content differs.
        case changed
        /// Only the first run has it.
        case first
        /// Only the second run has it.
        case second
    }

    /// One event of either run, or of both.
    public struct Row: Hashable, Sendable {
        /// How they relate.
        public var relation: Relation
        /// The first run's event in words; nil for none.
        public var first: String?
        /// The second run's event in words; nil for none.
        public var second: String?
        /// The members in which the two differ.
        public var members: [Member]
    }

    /// A member in which two events differ, as `exchange.status`.
    public struct Member: Hashable, Sendable {
        /// Its path.
        public var name: String
        /// The first run's value; nil for none.
        public var first: JSONValue?
        /// The second run's value; nil for none.
        public var second: JSONValue?
    }

    /// All rows in order.
    public let rows: [Row]
    /// The place of the row in which the runs part; nil when they are equal.
    ///
    /// Instants alone count only when nothing else differs.
    public let parting: Int?
    /// The place of the first event that is not equal byte by byte, as `verify` counts; nil when the
    /// digests of the runs are equal.
    public let divergence: Int?

    /// Compares the events that the digests of two runs cover.
    public init(_ first: [JSONValue], _ second: [JSONValue], editsMax: Int = 1_000) {
        rows = TraceAlignment.rows(
            EventReading(first).entries, EventReading(second).entries, editsMax)
        parting =
            rows.firstIndex { $0.relation != .same && $0.relation != .timing }
            ?? rows.firstIndex { $0.relation == .timing }
        divergence = Divergence.first(first, second)?.index
    }

    /// Whether the runs are the same.
    public var isEmpty: Bool { divergence == nil }

    /// The JSON form, with the rows that differ.
    public var json: JSONValue {
        let differing = rows.enumerated().filter { $0.element.relation != .same }
        return .object([
            JSONMember("equal", .bool(isEmpty)),
            JSONMember("parting", parting.map { .int(Int64($0)) } ?? .null),
            JSONMember("words", .array(words.map { .string($0) })),
            JSONMember("divergence", divergence.map { .int(Int64($0)) } ?? .null),
            JSONMember("rows", .array(differing.map { TraceDifference.json($1, at: $0) })),
        ])
    }

    private static func json(_ row: Row, at place: Int) -> JSONValue {
        .object([
            JSONMember("row", .int(Int64(place))),
            JSONMember("relation", .string(row.relation.rawValue)),
            JSONMember("first", row.first.map { .string($0) } ?? .null),
            JSONMember("second", row.second.map { .string($0) } ?? .null),
            JSONMember(
                "members",
                .array(
                    row.members.map { member in
                        .object([
                            JSONMember("member", .string(member.name)),
                            JSONMember("first", member.first ?? .null),
                            JSONMember("second", member.second ?? .null),
                        ])
                    })),
        ])
    }
}
