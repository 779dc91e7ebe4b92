import Determinism
import Foundation
import Judgement

@testable import History

/// A private folder that is gone after the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("history-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        try? FileManager.default.removeItem(atPath: path)
    }

    var ledger: String { path + "/" + Ledger.fileName }

    func write(_ text: String, _ name: String) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}

/// Storms made by hand.
enum Sample {
    static let first = String(repeating: "a1", count: 20)
    static let second = String(repeating: "b2", count: 20)
    static let third = String(repeating: "c3", count: 20)
    static let signature = "violated after tool-timeout: no_repeated_side_effect"

    static func digest(_ text: String) -> Digest { Digest(hashing: Array(text.utf8)) }

    static func storm(
        _ commit: String? = first, dirty: Bool? = false, agent: String = "-- ./agent",
        cassette: String = "cassette", scenario: String = "refunds", score: Int64? = nil,
        startedAt: String = "2026-01-02 03:04 UTC"
    ) -> StormRecord {
        StormRecord(
            startedAt: startedAt,
            revision: commit.map { Revision(commit: $0, isDirty: dirty) }, agent: agent,
            conditions: "virtual clock", tool: "0.1.0", cassette: digest(cassette),
            scenario: scenario, digest: digest("storm"), scoreMillionths: score)
    }

    static func run(
        _ seed: UInt64?, _ verdict: Verdict = .passed, digest name: String? = nil,
        signature: String = signature, plan: String? = nil
    ) -> RunRecord {
        let number = seed.map { "\($0)" } ?? "saved"
        let plan = plan ?? "plan \(number)"
        return RunRecord(
            seed: seed.map { Seed($0) }, plan: digest(plan),
            digest: digest(name ?? "\(plan) \(verdict.rawValue)"), verdict: verdict,
            failure: verdict.isFailure
                ? RunRecord.Failure(
                    signature: signature, blob: "stp1.\(plan)", reproduce: "stormtape replay")
                : nil)
    }

    static func replay(
        _ id: Int64, _ verdict: Verdict, reached: Bool = true
    ) -> ReplayRecord {
        ReplayRecord(ids: [id], run: run(nil, verdict), wasReached: reached)
    }
}
