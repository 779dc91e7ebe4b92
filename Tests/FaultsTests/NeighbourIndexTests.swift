import Cassette
import Determinism
import Faults
import Testing

@Suite("Neighbours of a recorded interaction")
struct NeighbourIndexTests {
    private static func chat(_ letters: String) -> Interaction {
        NeighbourFixture.chat(NeighbourFixture.messages(letters))
    }

    private static func find(_ wanted: Neighbour, of ordinal: Int, _ tape: Tape) -> Int? {
        NeighbourIndex().ordinal(wanted, of: ordinal, on: tape)
    }

    @Test("other answers are those that say something else, in recorded order, each once")
    func otherAnswers() {
        let said = ["A", "A", "B", "C", "B"]
        let tape = NeighbourFixture.tape(
            said.enumerated().map { place, text in
                NeighbourFixture.chat(
                    NeighbourFixture.messages("q"), says: text, id: "c\(place)")
            })
        let table: [(ordinal: Int, others: [Int?])] = [
            (1, [3, 4, nil]), (2, [3, 4, nil]), (3, [1, 4, nil]), (4, [1, 3, nil]),
            (5, [1, 4, nil]),
        ]
        let index = NeighbourIndex()
        for (ordinal, others) in table {
            let found = (1...3).map { index.ordinal(.otherAnswer($0), of: ordinal, on: tape) }
            #expect(found == others, "of \(ordinal)")
        }
        for number in [0, -1, Int.min, Int.max] {
            #expect(index.ordinal(.otherAnswer(number), of: 1, on: tape) == nil)
        }
    }

    @Test("errors, other requests and requests with other identifiers give no other answer")
    func noOtherAnswers() {
        let question = NeighbourFixture.messages("q")
        let first: JSONMember = JSONMember("user", "7c9e6679-7425-40de-944b-e07fc1f90ae7")
        let second: JSONMember = JSONMember("user", "0f8fad5b-d9cb-469f-a165-70867728950e")
        let pairs: [(Interaction, Interaction)] = [
            (
                NeighbourFixture.chat(question, says: "A", status: 500),
                NeighbourFixture.chat(question, says: "B")
            ),
            (
                NeighbourFixture.chat(question, says: "A"),
                NeighbourFixture.chat(NeighbourFixture.messages("r"), says: "B")
            ),
            (
                NeighbourFixture.chat(question, [first], says: "A"),
                NeighbourFixture.chat(question, [second], says: "B")
            ),
        ]
        for (left, right) in pairs {
            let tape = NeighbourFixture.tape([left, right])
            #expect(Self.find(.otherAnswer(1), of: 1, tape) == nil)
            #expect(Self.find(.otherAnswer(1), of: 2, tape) == nil)
        }
    }

    @Test(
        "a shorter history is the longest earlier beginning that lacks enough messages",
        arguments: [
            (["a", "abc", "abcde"], 1, 2), (["a", "abc", "abcde"], 2, 2),
            (["a", "abc", "abcde"], 3, 1), (["a", "abc", "abcde"], 5, nil),
            (["abc", "a", "abcd"], 2, 2), (["a", "a", "ab"], 1, 2), (["b", "ab"], 1, nil),
            (["a", "ac", "abc"], 1, 1), (["ab", "ab"], 1, nil), (["ab", "a"], 1, nil),
            (["", "a"], 1, nil), (["a", "ab"], 0, nil), (["a", "ab"], Int.min, nil),
            (["a", "ab"], Int.max, nil),
        ] as [([String], Int, Int?)])
    func histories(asked: [String], lacking: Int, expected: Int?) {
        let tape = NeighbourFixture.tape(asked.map(Self.chat))
        let found = Self.find(.shorterHistory(lacking: lacking), of: asked.count, tape)
        #expect(found == expected)
    }

    @Test("a history is one of the same route, model and instructions, and was answered")
    func otherHistories() {
        let (short, long) = (NeighbourFixture.messages("a"), NeighbourFixture.messages("ab"))
        let system = { (text: String) in [JSONMember("system", .string(text))] }
        let after = { (id: String) in [JSONMember("previous_response_id", .string(id))] }
        let of = { (id: String) in [JSONMember("conversation", ["id": .string(id)])] }
        let table: [(Interaction, Interaction, Int?)] = [
            (
                NeighbourFixture.chat(short, system("s")), NeighbourFixture.chat(long, system("s")),
                1
            ),
            (
                NeighbourFixture.chat(short, system("s")), NeighbourFixture.chat(long, system("t")),
                nil
            ),
            (
                NeighbourFixture.chat(short, [JSONMember("top_p", 1)]),
                NeighbourFixture.chat(long, [JSONMember("top_p", 0)]), 1
            ),
            (NeighbourFixture.chat(short, after("a")), NeighbourFixture.chat(long, after("a")), 1),
            (
                NeighbourFixture.chat(short, after("a")), NeighbourFixture.chat(long, after("b")),
                nil
            ),
            (NeighbourFixture.chat(short), NeighbourFixture.chat(long, after("b")), nil),
            (NeighbourFixture.chat(short, of("a")), NeighbourFixture.chat(long, of("a")), 1),
            (NeighbourFixture.chat(short, of("a")), NeighbourFixture.chat(long, of("b")), nil),
            (NeighbourFixture.chat(short, status: 500), NeighbourFixture.chat(long), nil),
            (
                NeighbourFixture.chat(short, path: "/v2/chat/completions"),
                NeighbourFixture.chat(long), nil
            ),
        ]
        for (place, (left, right, expected)) in table.enumerated() {
            let tape = NeighbourFixture.tape([left, right])
            let found = Self.find(.shorterHistory(lacking: 1), of: 2, tape)
            #expect(found == expected, "case \(place)")
        }
    }

    @Test("marks of caches, which move on with each call, make no other history")
    func cacheMarks() {
        let marked: JSONValue = [
            "role": "user",
            "content": [["type": "text", "text": "a", "cache_control": ["type": "ephemeral"]]],
        ]
        let bedrock: JSONValue = [
            "role": "user", "content": [["text": "a"], ["cachePoint": ["type": "default"]]],
        ]
        let plain: JSONValue = ["role": "user", "content": [["text": "a"]]]
        let next = NeighbourFixture.messages("b")
        for (before, after) in [(marked, NeighbourFixture.messages("a")), (bedrock, [plain])] {
            let tape = NeighbourFixture.tape([
                NeighbourFixture.chat([before]), NeighbourFixture.chat(after + next),
            ])
            #expect(Self.find(.shorterHistory(lacking: 1), of: 2, tape) == 1)
        }
    }

    @Test(
        "calls that were made together are paired",
        arguments: [
            ("xy", [2, 1]), ("xmy", [nil, nil]), ("xyz", [2, 1, 2]), ("xyzv", [2, 1, 4, 3]),
            ("xx", [nil, nil]), ("xxy", [nil, 3, 2]), ("xyy", [2, 1, nil]), ("x", [nil]),
            ("xymzv", [2, 1, 5, 4]), ("xly", [3, nil, 1]),
        ] as [(String, [Int?])])
    func companions(letters: String, expected: [Int?]) {
        let tape = NeighbourFixture.tape(
            letters.enumerated().map { place, letter in
                let at = Int64(place) * 100
                return switch letter {
                case "m": Self.chat("q")
                case "l": NeighbourFixture.call("l", at: at, method: "tools/list")
                default: NeighbourFixture.call(String(letter), at: at)
                }
            })
        let index = NeighbourIndex()
        let calls = tape.entries.filter { $0.upstream == "shop" }
        let found = calls.map { index.ordinal(.companion, of: $0.ordinal, on: tape) }
        #expect(found == expected)
    }

    @Test("calls that overlapped were made together; those of two servers never are")
    func overlap() {
        let slow = NeighbourFixture.call("x", took: 500)
        let model = Self.chat("q")
        let late = NeighbourFixture.call("y", at: 400)
        let other = NeighbourFixture.call("y", at: 1, path: "/other")
        #expect(Self.find(.companion, of: 1, NeighbourFixture.tape([slow, model, late])) == 3)
        #expect(Self.find(.companion, of: 1, NeighbourFixture.tape([slow, other])) == nil)
    }
}
