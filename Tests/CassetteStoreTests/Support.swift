import Cassette
import CassetteStore
import Determinism
import Foundation

/// A private folder that is gone after the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("cassette-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// The name and digest of every file.
    func listing() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { name in
            try name + " " + Digest(hashing: contents(file(name))).hex
        }
    }
}

func contents(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

enum Sample {
    static let manifest = Manifest(
        toolVersion: "0.1.0", seed: Seed(7), recordedAtNanoseconds: 1_700_000_000_000_000_000,
        command: ["python3", "agent.py"],
        upstreams: [
            Upstream(
                name: "openai", kind: .model, address: "https://api.openai.com/v1", port: 4_010),
            Upstream(name: "orders", kind: .tool, address: "http://localhost:9000"),
        ])

    static func interaction(
        _ ordinal: Int, chunks: Int = 3, chunkBytes: Int = 40, ending: Ending = .complete
    ) -> Interaction {
        let messages = #"[{"content":"turn \#(ordinal % 50)"}]"#
        let body = #"{"model":"gpt-4o","stream":true,"messages":\#(messages)}"#
        let id = "01234567-1111-4222-8333-\(100_000_000_000 + ordinal)"
        let parts = (0..<chunks).map { index in
            let text = Array("data: {\"id\":\"\(id)\",\"n\":\(index)}\n\n".utf8)
            let padding = max(0, chunkBytes - text.count)
            return Chunk(
                at: .milliseconds(Int64(index)),
                bytes: text + Array(repeating: UInt8(0x80 + index % 64), count: padding))
        }
        return Interaction(
            ordinal: ordinal, upstream: "openai",
            startedAt: SimInstant(nanoseconds: Int64(ordinal)),
            request: RecordedRequest(
                method: "POST", target: "/chat/completions",
                headers: [HeaderField("Content-Type", "application/json")],
                body: Array(body.utf8)),
            response: RecordedResponse(
                status: ordinal % 7 == 0 ? 429 : 200, reason: "OK",
                headers: [HeaderField("content-type", "text/event-stream")],
                headAt: .milliseconds(1), chunks: parts, endAt: .milliseconds(9)),
            ending: ending)
    }

    /// Records interactions and packs them.
    @discardableResult
    static func packed(_ path: String, _ interactions: [Interaction]) throws -> Digest {
        let writer = try CassetteWriter.create(path, manifest: manifest)
        for interaction in interactions { try writer.put(interaction) }
        return try writer.pack()
    }

    static func all(_ reader: CassetteReader) throws -> [Interaction] {
        try (0..<reader.count).map { try reader.interaction($0 + 1) }
    }
}

/// SplitMix64: places that are the same in every run.
struct Places {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
