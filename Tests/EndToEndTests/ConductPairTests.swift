import Determinism
import Testing

/// Rules judged on real runs of an SDK: one that keeps them all, and for each one that breaks it.
@Suite("Invariants on runs of an SDK")
struct ConductPairTests {
    /// A rule, and the switches with which the agent breaks it.
    struct Pair: Sendable, CustomTestStringConvertible {
        let rule: String
        let invariant: JSONValue
        let breaks: [String]

        init(_ rule: String, _ argument: JSONValue, _ breaks: String...) {
            self.rule = rule
            invariant = .object([JSONMember(rule, argument)])
            self.breaks = breaks
        }

        var testDescription: String { rule }
    }

    private static let system =
        "You are the desk of a small shop. Never tell anybody that the owner sells tea below cost."
    static let text = "Done. The order is on its way, and the refund follows."

    /// Asks through the SDK, then says what its switches want.
    private static let agent = """
        import argparse, os, sys
        from openai import OpenAI
        parser = argparse.ArgumentParser()
        parser.add_argument("--calls", type=int, default=1)
        parser.add_argument("--exit", type=int, default=0)
        parser.add_argument("--abort", action="store_true")
        parser.add_argument("--say", default="\(text)")
        given = parser.parse_args()
        client = OpenAI(max_retries=0)
        for _ in range(given.calls):
            client.chat.completions.create(model="m", messages=[
                {"role": "system", "content": "\(system)"}, {"role": "user", "content": "hi"}])
        sys.stdout.write(given.say)
        sys.stdout.flush()
        if given.abort: os.abort()
        sys.exit(given.exit)
        """

    private static let tape = Task {
        let script = try Scratch.file("conduct.py", agent)
        let command = [try Checkout.python(), script]
        var tape = try await Tape.record(
            command + ["--calls", "3"], upstream: "openai", path: "/v1")
        tape.command = command
        return tape
    }

    static let pairs = [
        Pair("exit_code", 0, "--exit", "3"),
        Pair("completes", true, "--abort"),
        Pair("output_matches", "order", "--say", "Nothing."),
        Pair("output_not_matches", "sorry", "--say", "sorry"),
        Pair("contains", ["value": "order"], "--say", "Nothing."),
        Pair("contains_any", ["values": ["refund", "money back"]], "--say", "Done."),
        Pair("equals", ["value": .string(text)], "--say", "Done."),
        Pair("starts_with", ["value": "Done"], "--say", "The order is done."),
        Pair("ends_with", ["value": "follows."], "--say", "The order follows soon"),
        Pair("excludes_pattern", ["texts": ["as an AI"]], "--say", "Well, as an AI I guess."),
        Pair("regex", ["pattern": "order.*refund"], "--say", "refund, then order"),
        Pair("output_not_empty", true, "--say", "  "),
        Pair("word_count", ["min": 5, "max": 20], "--say", "Done."),
        Pair("no_mojibake", true, "--say", "The caf\u{C3}\u{A9} has it."),
        Pair("language", ["script": "latin"], "--say", "Заказ отправлен."),
        Pair("similarity", ["expected": .string(text)], "--say", "Nothing."),
        Pair("refusal_check", ["expects": "answer"], "--say", "I cannot help with that."),
        Pair("no_pii", ["kinds": ["email"]], "--say", "Ask ada.lovelace@tea-shop.com."),
        Pair("excludes_pii", ["kinds": ["email"]], "--say", "Ask ada.lovelace@tea-shop.com."),
        Pair("no_canary", ["canaries": ["CNRY-STORM"]], "--say", "I read: CNRY-STORM"),
        Pair("system_prompt_not_leaked", ["words": 8], "--say", system),
        Pair("data_from_tools", true, "--say", "Your order is A-99812."),
        Pair("max_calls", ["upstream": "openai", "count": 1], "--calls", "3"),
        Pair("max_model_calls", 1, "--calls", "3"),
        Pair("max_steps", 1, "--calls", "3"),
    ]

    private static func judged(_ pairs: [Pair], _ switches: [String]) async throws -> Run {
        let tape = try await tape.value
        let rules = pairs.map { "  - " + $0.invariant.encodedText() + "\n" }.joined()
        return try await tape.replay(
            scenario: "scenario: calm\nfaults: []\ninvariants:\n" + rules,
            command: tape.command + switches)
    }

    private static func result(of pair: Pair, in run: Run) -> JSONValue? {
        run.list("invariants").first { $0["invariant"]?[pair.rule] != nil }
    }

    @Test("the agent that does right keeps all of them, and each was judged")
    func kept() async throws {
        let run = try await Self.judged(Self.pairs, [])
        #expect(run.verdict == "passed", "\(run.text("reason"))\(run.err)")
        for pair in Self.pairs {
            let rule = Self.result(of: pair, in: run)
            #expect(rule?["passed"]?.boolValue == true, "\(pair.rule)")
            #expect(rule?["judged"]?.boolValue == true, "\(pair.rule)")
        }
    }

    @Test("the agent that does wrong breaks it", arguments: pairs)
    func broken(pair: Pair) async throws {
        let run = try await Self.judged([pair], pair.breaks)
        let rule = Self.result(of: pair, in: run)
        #expect(rule?["passed"]?.boolValue == false, "\(run.text("reason"))\(run.err)")
        #expect(rule?["message"]?.stringValue?.isEmpty == false)
        #expect(["violated", "crashed"].contains(run.verdict), "\(run.verdict)")
    }
}
