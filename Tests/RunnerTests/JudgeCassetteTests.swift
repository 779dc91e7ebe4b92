import Cassette
import CassetteStore
import Determinism
import Foundation
import Judgement
import Testing

@testable import Runner

@Suite("Cassettes of judges")
final class JudgeCassetteTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "stormtape-judges-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var path: String { folder + "/judges.cassette" }
    private var working: String { path + ".judging" }

    private func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func question(_ number: Int) throws -> JudgeQuestion {
        let body: JSONValue = ["model": "m", "number": .int(Int64(number))]
        return try #require(JudgeQuestion(json: ["protocol": "openai-chat", "body": body]))
    }

    private func cassette() throws -> JudgeCassette {
        try JudgeCassette(path, address: "https://judge.example", toolVersion: "1.0.0")
    }

    private func answer(
        _ numbers: ClosedRange<Int>, into cassette: JudgeCassette, request: RecordedRequest? = nil
    ) throws {
        for number in numbers {
            let question = try Self.question(number)
            cassette.expect(question)
            let body = #"{"choices":[{"message":{"content":"PASS \#(number)"}}]}"#
            try cassette.put(
                Interaction(
                    ordinal: 1, upstream: "judge", request: request ?? question.request,
                    response: RecordedResponse(
                        status: 200, chunks: [Chunk(at: .zero, bytes: Array(body.utf8))])))
        }
    }

    private func held() throws -> [Int] {
        let reader = try #require(try JudgesSource.open(path))
        let tape = JudgeTape(try JudgesSource.interactions(of: reader))
        return try (1...9).filter { tape.holds(try Self.question($0)) }
    }

    @discardableResult
    private func made(_ numbers: ClosedRange<Int>) throws -> Digest? {
        let cassette = try cassette()
        try answer(numbers, into: cassette)
        return try cassette.finish(Redactor())
    }

    @Test("what is added stands behind all that was there")
    func grows() throws {
        try made(1...2)
        try made(3...4)
        #expect(try held() == [1, 2, 3, 4])
        #expect(!has(working))
    }

    @Test("a second `judge` is refused while one asks, and finds the lock free afterwards")
    func overlapping() throws {
        try made(1...2)
        let request = JudgingRequest(
            judges: path, address: "http://127.0.0.1:1", patience: .milliseconds(100),
            toolVersion: "1.0.0")
        let first = try JudgeLock(path)
        let running = try cassette()
        try answer(3...3, into: running)
        let error = #expect(throws: RunnerError.self) {
            try Judging.judge(request) { _, _ in }
        }
        #expect(error?.code == .usage)
        #expect(error?.message.contains("another `stormtape judge` is asking") == true)
        try answer(4...4, into: running)
        _ = try running.finish(Redactor())
        first.release()
        #expect(try held() == [1, 2, 3, 4])
        let result = try Judging.judge(request) { _, _ in }
        #expect(result.answered == 0 && result.open == 0)
        #expect(try held() == [1, 2, 3, 4])
        #expect(!has(JudgeLock.path(besides: path)))
    }

    @Test("a cassette that was put there meanwhile is not replaced, and nothing is lost")
    func changed() throws {
        try made(1...2)
        let other = try Data(contentsOf: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: path)
        try made(3...3)
        let running = try cassette()
        try answer(4...5, into: running)
        try other.write(to: URL(fileURLWithPath: path))
        #expect(throws: RunnerError.self) { try running.finish(Redactor()) }
        #expect(try held() == [1, 2])
        // The next one finds what was left, and adds the cassette that is there now.
        let next = try cassette()
        #expect(try next.tape.holds(Self.question(4)))
        _ = try next.finish(Redactor())
        #expect(try held() == [1, 2, 3, 4, 5])
    }

    @Test(
        "what was left without a whole header holds no answer, and goes", arguments: [0, 16, 100])
    func shortHeader(count: Int) throws {
        try made(1...2)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try bytes.prefix(count).write(to: URL(fileURLWithPath: working))
        try made(3...3)
        #expect(try held() == [1, 2, 3])
        #expect(!has(working))
    }

    @Test("an answer that cannot be kept is told, and no more is asked or kept")
    func problem() throws {
        try made(1...2)
        let running = try cassette()
        // Somebody else's file is in the way.
        try Data(count: 4_096).write(to: URL(fileURLWithPath: working))
        #expect(throws: RunnerError.self) { try answer(3...3, into: running) }
        let problem = try #require(running.problem)
        #expect(problem.code == .cannotStart)
        #expect(problem.message.contains("could not be kept"), "\(problem)")
        try FileManager.default.removeItem(atPath: working)
        #expect(throws: RunnerError.self) { try answer(4...4, into: running) }
        #expect(!has(working))
        #expect(try held() == [1, 2])
    }

    @Test("a cassette that could not be copied whole never takes the place of the old one")
    func partialCopy() throws {
        try made(1...3)
        let reader = try #require(try JudgesSource.open(path))
        let interactions = try JudgesSource.interactions(of: reader)
        let running = try cassette()
        let left = try CassetteWriter.create(working, manifest: reader.manifest)
        try left.put(interactions[0])
        try left.close()
        // It was not there when the command began: the copy cannot be made.
        #expect(throws: RunnerError.self) { try answer(4...4, into: running) }
        #expect(try running.finish(Redactor()) == reader.hash)
        #expect(try held() == [1, 2, 3])
        // The next one goes on with what is there.
        try made(4...4)
        #expect(try held() == [1, 2, 3, 4])
    }

    @Test("a command keeps the answers it began with, though more are recorded meanwhile")
    func prefix() throws {
        let none = try JudgesSource(path, read: path)
        try made(1...2)
        let some = try JudgesSource(path, read: path)
        try made(3...4)
        #expect(try !none.tape().holds(Self.question(1)))
        let tape = try some.tape()
        #expect(try tape.holds(Self.question(2)) && !tape.holds(Self.question(3)))
        let sent = try #require(JudgesSource(json: some.json))
        #expect(sent == some)
        #expect(try sent.tape().digest == tape.digest)
        // Another cassette in its place is not what it began with.
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: RunnerError.self) { try some.tape() }
        try made(2...3)
        #expect(throws: RunnerError.self) { try some.tape() }
    }
}
