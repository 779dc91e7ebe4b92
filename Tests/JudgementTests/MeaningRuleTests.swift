import Cassette
import Determinism
import Judgement
import Simulation
import Testing

@Suite("Invariants over the meaning of the output")
struct MeaningRuleTests {
    static let rule =
        #"{"similar_in_meaning":{"to":"Your money is back.","min_percent":80,"model":"e"}}"#

    @Test(
        "the cosine of two recorded vectors, to the nearest tenth of a percent",
        arguments: [
            // The length of a vector does not count.
            ("[0.1,0.2,-0.3]", "[12.5,25,-37.5]", "100 %", true),
            ("[1e-3,2E-3]", "[1.0e+2,200]", "100 %", true),
            // 3/5 and 4/5.
            ("[1,0]", "[0.8,0.6]", "80 %", true),
            ("[1,0]", "[0.6,0.8]", "60 %", false),
            ("[1,1]", "[1,0]", "70.7 %", false),
            ("[10000,0]", "[7994,6008]", "79.9 %", false),
            ("[1,0]", "[-1,0]", "0 %", false),
            // Too small to count beside the largest.
            ("[1,0]", "[1,1e-300]", "100 %", true),
            (
                "[123456789012345678901234567890,0]", "[0.00000000000000000000000001,0]", "100 %",
                true
            ),
        ])
    func cosines(left: String, right: String, percent: String, passes: Bool) throws {
        let result = try Self.result(left, right)
        #expect(result.isJudged)
        #expect(result.passed == passes)
        #expect(
            result.message == "the output means \(percent) the same as the text, by e")
        #expect(result.position == (passes ? nil : .end))
        #expect(result.witnesses == [ExchangeID(1)])
    }

    @Test("vectors of thousands of numbers: as exact as their decimals")
    func large() throws {
        // Two halves: the one agrees, the other is turned round, so that the cosine is 1/3.
        let left = (0..<3_072).map { _ in "0.018042195912175804" }
        let right = (0..<3_072).map {
            $0 % 3 == 0 ? "-0.018042195912175804" : "0.018042195912175804"
        }
        let result = try Self.result(Self.list(left), Self.list(right))
        #expect(result.message.hasPrefix("the output means 33.3 % "))
    }

    @Test(
        "what is no vector is not judged",
        arguments: [
            ("[]", "holds no embedding"), ("[0,0.0,-0e5]", "holds no embedding"),
            ("[1,\"x\"]", "holds no embedding"), ("[1,null]", "holds no embedding"),
            ("{}", "holds no embedding"), ("[1e99999999999999999999]", "holds no embedding"),
            ("[1,2,3]", "gave vectors of 3 and 2 numbers"),
        ])
    func hostile(vector: String, words: String) throws {
        let result = try Self.result("[1,0]", vector)
        #expect(!result.isJudged)
        #expect(result.message.contains(words), "\(result.message)")
    }

    @Test("too many numbers are no vector")
    func tooMany() throws {
        let result = try Self.result("[1,0]", Self.list(Array(repeating: "1", count: 32_769)))
        #expect(!result.isJudged)
    }

    @Test("both texts are asked at once, and an output without words has no meaning")
    func open() throws {
        let desk = JudgeDesk(JudgeTape([]))
        #expect(try !Judged(Self.rule).result(desk).isJudged)
        #expect(desk.open.map(\.wire) == [.openAIEmbeddings, .openAIEmbeddings])
        #expect(desk.open.map(\.request.target) == ["/embeddings", "/embeddings"])
        let inputs = try desk.open.map { try JSONValue.parse($0.request.body)["input"] }
        #expect(inputs == ["Your money is back.", "Order 7 is refunded."])
        let silent = try Judged(Self.rule, output: " \n").result(JudgeDesk(JudgeTape([])))
        #expect(!silent.passed)
    }

    @Test("an output that is too long is not compared by a part of it")
    func long() throws {
        let output = String(repeating: "word ", count: 10_000)
        let result = try Judged(Self.rule, output: output).result(JudgeDesk(JudgeTape([])))
        #expect(!result.isJudged)
        #expect(result.message.contains("50000 bytes"))
    }

    private static func list(_ numbers: [String]) -> String {
        "[" + numbers.joined(separator: ",") + "]"
    }

    private static func result(_ left: String, _ right: String) throws -> InvariantResult {
        let judged = Judged(rule)
        return try judged.result(judged.desk([left, right].map(Judged.vector)))
    }
}
