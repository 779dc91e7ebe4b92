import Determinism
import Faults
import Foundation
import Testing

@testable import Runner

@Suite("A saved failure that cannot be run")
struct SavedJobTests {
    private static let cassette = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../cassettes/support.cassette").standardizedFileURL.path

    private func executor() throws -> RunExecutor {
        try RunExecutor(
            RunConfiguration(cassette: Self.cassette, command: ["agent"]), isolation: .declined,
            confinement: Confinement(
                isContained: false, fixesAddresses: false, processor: nil, takesTurns: false,
                refusals: []))
    }

    /// A plan for another cassette: it is refused before anything is started.
    private let foreign = Plan(cassette: Digest(hashing: [1]))

    @Test("It is told in the answer, so that the storm goes on")
    func answer() throws {
        let answer = try executor().execute(
            Job(number: 0, seed: nil, plan: foreign.json, isSaved: true))
        let reason = answer[RunExecutor.refusal]?.stringValue
        #expect(reason?.contains("the plan was made for the cassette") == true, "\(reason ?? "")")
        #expect(answer["summary"] == nil)
    }

    @Test("Any other plan that cannot be run is an error")
    func error() throws {
        let executor = try executor()
        let error = #expect(throws: RunnerError.self) {
            try executor.execute(Job(number: 0, seed: nil, plan: foreign.json))
        }
        #expect(error?.code == .usage)
    }

    @Test("A worker is told which jobs are saved failures", arguments: [false, true])
    func roundTrip(isSaved: Bool) {
        let job = Job(number: 3, seed: nil, plan: foreign.json, isSaved: isSaved)
        #expect(Job(json: job.json) == job)
    }
}
