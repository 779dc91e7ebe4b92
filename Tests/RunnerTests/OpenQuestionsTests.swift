import Cassette
import Determinism
import Foundation
import Judgement
import Simulation
import Testing

@testable import Runner

@Suite("Open questions to judges")
final class OpenQuestionsTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "stormtape-open-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var open: OpenQuestions { OpenQuestions(besides: folder + "/judges.cassette") }

    /// The questions of a run with this output, as a worker sends them.
    private static func asked(_ outputs: [String]) throws -> [JSONValue] {
        let desk = JudgeDesk(JudgeTape([]))
        let rule = try Invariant.parse([
            "judged_by_model": ["criterion": "It is polite.", "model": "m"]
        ])
        for output in outputs {
            var trace = Trace(cassette: Digest(hashing: []), clock: .virtual)
            trace.end = .exited(.code(0))
            trace.standardOutput = Array(output.utf8)
            _ = rule.evaluate(Conduct(trace, judges: desk))
        }
        return [.object(OpenQuestions.members(desk.takeOpen()))]
    }

    private func bytes() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: open.path)))
    }

    @Test("each stands there once, in an order that does not depend on who asked first")
    func order() throws {
        try open.add(Self.asked(["a", "b"]))
        try open.add(Self.asked(["c", "a", "b"]))
        let one = try bytes()
        #expect(try open.count == 3)
        #expect(try open.read() == open.read().sorted())
        try FileManager.default.removeItem(atPath: open.path)
        try open.add(Self.asked(["c"]) + Self.asked(["b", "a"]))
        #expect(try bytes() == one)
        try open.add(Self.asked(["a"]))
        #expect(try bytes() == one)
    }

    @Test("what was answered is taken out, and no question needs no file")
    func answered() throws {
        try open.add(Self.asked(["a", "b"]))
        let first = try #require(try open.read().first)
        try open.remove { $0 == first }
        #expect(try open.count == 1)
        try open.remove { _ in true }
        #expect(!FileManager.default.fileExists(atPath: open.path))
        #expect(try open.read().isEmpty)
        try open.remove { _ in true }
    }

    @Test("answers of workers without questions write nothing")
    func nothing() throws {
        try open.add([["summary": "x"]])
        #expect(!FileManager.default.fileExists(atPath: open.path))
    }

    @Test(
        "a file that is none of ours is refused, and left as it is",
        arguments: [
            "", "{}", #"{"format":2,"questions":[]}"#, #"{"format":1,"questions":[{}]}"#,
            #"{"format":1,"questions":[{"protocol":"openai-chat","body":{"model":""}}]}"#,
        ])
    func foreign(text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: open.path))
        #expect(throws: RunnerError.self) { try open.read() }
        #expect(throws: RunnerError.self) { try open.add(Self.asked(["a"])) }
        #expect(try bytes() == Array(text.utf8))
    }

    @Test("where the questions cannot be kept, the runs count all the same")
    func unwritable() throws {
        let nowhere = OpenQuestions(besides: folder + "/none/judges.cassette")
        #expect(throws: RunnerError.self) { try nowhere.add(Self.asked(["a"])) }
        nowhere.keep(try Self.asked(["a"]))
        #expect(!FileManager.default.fileExists(atPath: folder + "/none"))
        #expect(try nowhere.read().isEmpty)
    }

    @Test("many at a time lose none")
    func concurrent() async throws {
        let open = open
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                let asked = try Self.asked(["output \(number)"])
                group.addTask { try open.add(asked) }
            }
            try await group.waitForAll()
        }
        #expect(try open.count == 16)
    }
}

@Suite("What a judge answers")
struct JudgeResponseTests {
    private func response(
        _ status: Int, _ body: String = "{}", ending: Ending = .complete,
        headers: HeaderFields = []
    ) throws -> JudgeResponse {
        let json: JSONValue = ["protocol": "openai-chat", "body": ["model": "m"]]
        let question = try #require(JudgeQuestion(json: json))
        return JudgeResponse(
            Interaction(
                ordinal: 1, upstream: "judge", request: question.request,
                response: RecordedResponse(
                    status: status, headers: headers,
                    chunks: [Chunk(at: .zero, bytes: Array(body.utf8))]), ending: ending),
            question)
    }

    private static let said = #"{"choices":[{"message":{"content":"PASS Yes."}}]}"#

    @Test("an answer has words; a success without them is none")
    func answers() throws {
        guard case .answer = try response(200, Self.said) else { return failed() }
        for body in ["{}", "<html>"] {
            guard case .unreadable = try response(200, body) else { return failed() }
        }
    }

    // It speaks the protocol, so that other questions may well be answered.
    @Test("a success in the form of the protocol that says nothing refuses this question alone")
    func saysNothing() throws {
        for body in [#"{"choices":[{"message":{"content":" "}}]}"#, #"{"choices":[]}"#] {
            guard case .refusal = try response(200, body) else { return failed() }
            guard case .unreadable = try response(302, body) else { return failed() }
        }
    }

    @Test("what concerns one question, all of them, or the moment, is told apart")
    func kinds() throws {
        for status in [400, 413, 422] {
            guard case .refusal = try response(status) else { return failed() }
        }
        for status in [401, 407] {
            guard case .unauthorized = try response(status) else { return failed() }
        }
        for status in [403, 404, 451] {
            guard case .denied = try response(status) else { return failed() }
        }
        guard case .failing = try response(500) else { return failed() }
        guard case .failed = try response(200, Self.said, ending: .truncated) else {
            return failed()
        }
        let wait: HeaderFields = [HeaderField("retry-after", "86400")]
        guard case .busy(60) = try response(429, headers: wait) else { return failed() }
        guard case .busy(nil) = try response(503) else { return failed() }
    }

    private func failed(_ location: SourceLocation = #_sourceLocation) {
        Issue.record("it is taken for something else", sourceLocation: location)
    }
}
