import Determinism
import Scenarios
import Testing

@Suite("Seeds and the words of a command")
struct SeedAndWordTests {
    @Test(
        "seeds are in order, each once",
        arguments: [
            ("7", [7]), ("1..3", [1, 2, 3]), ("9, 1..2,2", [1, 2, 9]), ("0x10", [16]),
            ("5..5", [5]),
        ] as [(String, [UInt64])])
    func seeds(_ text: String, _ expected: [UInt64]) throws {
        #expect(try SeedList.parse(text).map(\.rawValue) == expected)
    }

    @Test(
        "what names no seeds is refused",
        arguments: [
            "", ",", "1,", "a", "3..1", "1..", "..2", "-1", "0..18446744073709551615",
            "1..1000001", "1..600000,700001..1100001",
        ])
    func noSeeds(_ text: String) {
        #expect(throws: SeedList.Failure.self) { try SeedList.parse(text) }
    }

    @Test("as many seeds as are allowed may come in parts")
    func mostSeeds() throws {
        #expect(try SeedList.parse("1..600000,700001..1100000").count == 1_000_000)
        // What stands there twice counts once.
        #expect(try SeedList.parse("1..1000000,1,5..9").count == 1_000_000)
    }

    @Test(
        "words are split as a shell does, and nothing is expanded",
        arguments: [
            ("python agent.py", ["python", "agent.py"]), ("  a\t b\n", ["a", "b"]),
            ("a 'b c' \"d e\"", ["a", "b c", "d e"]), ("a\\ b", ["a b"]), ("''", [""]),
            ("\"a\\\"b\\n\"", ["a\"b\\n"]), ("$HOME {prompt}", ["$HOME", "{prompt}"]), ("", []),
        ] as [(String, [String])])
    func words(_ text: String, _ expected: [String]) {
        #expect(ShellWords.split(text) == expected)
    }

    @Test("what is not closed is no command", arguments: ["'a", "\"a", "a\\"])
    func open(_ text: String) {
        #expect(ShellWords.split(text) == nil)
    }
}
