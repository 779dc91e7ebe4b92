import Foundation
import Testing
import WireProtocols

/// The folder of recorded traffic; tests that need it are skipped where it is not given.
enum Corpus {
    static let path = ProcessInfo.processInfo.environment["STORMTAPE_CORPUS"]

    /// The folder of event lists, one JSON event a line.
    static func lists() throws -> URL {
        URL(filePath: try #require(path)).appending(path: "sse-vercel-ai")
    }

    /// The lines of an event list.
    static func lines(_ name: String) throws -> [String] {
        let data = try Data(contentsOf: lists().appending(path: name + ".chunks.txt"))
        return data.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The events of a list, as a server sends them.
    static func events(_ name: String, _ ending: SSELineEnding = .lf) throws -> [StreamEvent] {
        try lines(name).map { StreamEvent(data: $0, lineEnding: ending) }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where there is no recorded traffic.
    static var needsCorpus: Self {
        .enabled(if: Corpus.path != nil, "set STORMTAPE_CORPUS to the folder of recorded traffic")
    }
}
