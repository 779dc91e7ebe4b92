import Cassette
import Determinism

/// What wrote a recording.
package enum ImportSource: String, Hashable, Sendable, CaseIterable {
    /// vcrpy, of Python.
    case vcrpy
    /// VCR, of Ruby.
    case rubyVCR = "ruby-vcr"
    /// go-vcr, of Go.
    case goVCR = "go-vcr"
    /// HTTP Archive 1.2, of browsers and proxies.
    case har
    /// Flows of mitmproxy.
    case mitmproxy
    /// The events of one answer, and nothing of the request.
    case eventList = "event-list"
}

/// How much of a thing the source kept.
package enum FidelityMark: String, Hashable, Sendable, CaseIterable {
    /// The source kept it.
    case recorded
    /// It follows from what the source kept.
    case reconstructed
    /// The source kept nothing of it; what is in the cassette is made up, the same each time.
    case absent
}

/// How much of an exchange the source kept.
package struct ExchangeFidelity: Hashable, Sendable {
    /// The request: method, target, header lines, body.
    package var request: FidelityMark = .recorded
    /// The response: status, header lines, body.
    package var response: FidelityMark = .recorded
    /// The boundaries of the chunks.
    package var chunks: FidelityMark = .reconstructed
    /// The instants.
    package var timing: FidelityMark = .absent
    /// The attempts that failed before.
    package var retries: FidelityMark = .recorded
}

/// What a source knows of time, counted from the moment the request was complete.
struct ImportedTiming: Hashable, Sendable {
    /// When the head arrived.
    var head: SimDuration?
    /// When the response ended.
    var end: SimDuration?
    /// When each message of a server-sent stream arrived.
    var messages: [SimDuration]?

    static let unknown = ImportedTiming()
}

/// A response as a source has it.
struct ImportedResponse: Hashable, Sendable {
    var status: Int
    var reason = ""
    var headers: HeaderFields = []
    /// The body as the source has it, which may still be compressed.
    var body: [UInt8] = []
    var trailers: HeaderFields = []
}

/// One request and what came back, as a source has it.
struct ImportedExchange: Hashable, Sendable {
    var origin: ImportOrigin
    var source: ImportSource
    var method: String
    var url: ImportedURL
    var headers: HeaderFields = []
    var body: [UInt8] = []
    /// Absent when nothing came back.
    var response: ImportedResponse?
    var ending: Ending = .complete
    /// When the request was sent, nanoseconds since 1970.
    var instant: Int64?
    var timing: ImportedTiming = .unknown
    var fidelity = ExchangeFidelity()
    /// What was mended on the way, for the manifest.
    var marks: Set<String> = []
    /// What a person should know.
    var warnings: [String] = []
}

/// What a file gave.
struct SourceReading: Sendable {
    var source: ImportSource?
    var exchanges: [ImportedExchange] = []
    var refusals: [ImportError] = []

    /// Reads the exchanges of a file one by one; one that is refused does not touch the others.
    init<Item>(
        _ source: ImportSource, _ items: [Item], file: String,
        read: (Item, ImportOrigin) throws(ImportError) -> ImportedExchange
    ) {
        self.source = source
        for (index, item) in items.enumerated() {
            let origin = ImportOrigin(file: file, index: index + 1)
            do {
                exchanges.append(try read(item, origin))
            } catch {
                refusals.append(error.at(origin))
            }
        }
    }

    init(refusing error: ImportError) {
        refusals = [error]
    }

    init(joining readings: [SourceReading]) {
        source = readings.compactMap(\.source).first
        exchanges = readings.flatMap(\.exchanges)
        refusals = readings.flatMap(\.refusals)
    }
}
