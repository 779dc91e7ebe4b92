import Cassette
import WireProtocols

/// What an import gave, in counts.
package struct ImportReport: Sendable {
    /// How much one kind of source under one argument kept.
    package struct FidelityRow: Hashable, Sendable {
        /// The argument.
        package let group: String
        /// What wrote the files.
        package let source: ImportSource
        /// How many files.
        package internal(set) var files = 0
        /// How many exchanges.
        package internal(set) var exchanges = 0
        /// How many exchanges have each mark, by column.
        package internal(set) var columns = [[Int]](
            repeating: [0, 0, 0], count: FidelityColumn.allCases.count)

        /// How many exchanges have a mark in a column.
        package func count(_ column: FidelityColumn, _ mark: FidelityMark) -> Int {
            columns[column.index][mark.index]
        }

        mutating func add(_ fidelity: ExchangeFidelity) {
            exchanges += 1
            for column in FidelityColumn.allCases {
                columns[column.index][column.mark(of: fidelity).index] += 1
            }
        }
    }

    /// What one provider answered in one protocol.
    package struct ProviderRow: Hashable, Sendable {
        /// The name of the upstream.
        package let provider: String
        /// The identifier of the protocol; `http` where it is none of a model.
        package let wire: String
        /// How many interactions.
        package internal(set) var interactions = 0
        /// How many answers are streams of events.
        package internal(set) var streamed = 0
        /// How many events they have.
        package internal(set) var events = 0
        /// How many events are cut or damaged, as they were recorded.
        package internal(set) var brokenEvents = 0
        /// How many streams did not give the same bytes when their events were put together.
        package internal(set) var changedStreams = 0
    }

    /// Something a person should know of an exchange that is imported.
    package struct Warning: Hashable, Sendable, CustomStringConvertible {
        /// Where it is.
        package let origin: ImportOrigin
        /// What it is.
        package let message: String

        /// Place and message in one line.
        package var description: String { "\(origin): \(message)" }
    }

    /// How much was kept, by argument and source.
    package internal(set) var fidelity: [FidelityRow] = []
    /// What is in the cassette, by provider and protocol.
    package internal(set) var providers: [ProviderRow] = []
    /// What is not imported, and why.
    package internal(set) var refusals: [ImportError] = []
    /// What a person should know of what is imported.
    package internal(set) var warnings: [Warning] = []
    /// How many files were read.
    package internal(set) var files = 0
    /// How many of them gave no exchange, and a reason.
    package internal(set) var refusedFiles = 0

    /// Begins to count.
    init() {}

    /// Says why files are refused as a whole.
    init(refusing files: [ImportFile], _ error: ImportError) {
        self.files = files.count
        refusedFiles = files.count
        refusals = [error]
    }

    /// How many exchanges are imported.
    package var exchanges: Int { providers.reduce(0) { $0 + $1.interactions } }

    mutating func add(file: ImportFile, source: ImportSource) {
        let index = fidelityIndex(file.group, source)
        fidelity[index].files += 1
    }

    mutating func add(_ built: BuiltExchange, group: String) {
        fidelity[fidelityIndex(group, built.exchange.source)].add(built.exchange.fidelity)
        let origin = built.exchange.origin
        warnings += built.exchange.warnings.map { Warning(origin: origin, message: $0) }
        let wire = built.facts.wire ?? "http"
        let provider = built.interaction.upstream
        let index =
            providers.firstIndex { $0.provider == provider && $0.wire == wire }
            ?? providers.endIndex
        if index == providers.endIndex {
            providers.append(ProviderRow(provider: provider, wire: wire))
        }
        providers[index].interactions += 1
        guard built.facts.framing != nil else { return }
        providers[index].streamed += 1
        providers[index].events += built.facts.events
        providers[index].brokenEvents += built.facts.brokenEvents
        if !built.facts.returnsSameBytes { providers[index].changedStreams += 1 }
    }

    mutating func sort() {
        fidelity.sort { ($0.group, $0.source.rawValue) < ($1.group, $1.source.rawValue) }
        providers.sort { ($0.provider, $0.wire) < ($1.provider, $1.wire) }
    }

    private mutating func fidelityIndex(_ group: String, _ source: ImportSource) -> Int {
        if let known = fidelity.firstIndex(where: { $0.group == group && $0.source == source }) {
            return known
        }
        fidelity.append(FidelityRow(group: group, source: source))
        return fidelity.count - 1
    }
}

/// What a recording may have kept.
package enum FidelityColumn: String, Hashable, Sendable, CaseIterable {
    /// The request.
    case request
    /// The response.
    case response
    /// The boundaries of chunks.
    case chunks
    /// The instants.
    case timing
    /// The attempts that failed before.
    case retries

    var index: Int {
        switch self {
        case .request: 0
        case .response: 1
        case .chunks: 2
        case .timing: 3
        case .retries: 4
        }
    }

    func mark(of fidelity: ExchangeFidelity) -> FidelityMark {
        switch self {
        case .request: fidelity.request
        case .response: fidelity.response
        case .chunks: fidelity.chunks
        case .timing: fidelity.timing
        case .retries: fidelity.retries
        }
    }
}

extension FidelityMark: Comparable {
    /// Whether less was lost.
    package static func < (left: FidelityMark, right: FidelityMark) -> Bool {
        left.index < right.index
    }

    var index: Int {
        switch self {
        case .recorded: 0
        case .reconstructed: 1
        case .absent: 2
        }
    }
}
