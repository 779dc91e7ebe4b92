import Determinism
import Mutations
import Testing

@Suite("What mutations write")
struct PhrasingTests {
    @Test(
        "one sentence is put in another voice, tense and form",
        arguments: [
            ("voice-question", "Please book a room.", "Can you book a room?"),
            ("voice-imperative", "Could you please book a room?", "Book a room."),
            ("voice-please", "I'd like you to book a room", "Please book a room."),
            ("voice-wish", "Book a room!", "I'd like you to book a room."),
            ("voice-wish", "Paris needs a room.", "I'd like you to Paris needs a room."),
            ("voice-imperative", "getUser fails", "getUser fails."),
            ("voice-imperative", "Please https://a.example fails!", "https://a.example fails."),
            ("voice-question", "Report.pdf fails.", "Can you Report.pdf fails?"),
            ("voice-please", "Could you User_id that?", "Please User_id that."),
            ("voice-wish", "Show ```\ncode.", "I'd like you to show ```\ncode.."),
            ("tense", "I am here and he is there.", "I was here and he was there."),
            ("tone-sms", "Please see you tomorrow", "Pls c u 2moro"),
            ("tone-terse", "Show me the list of orders", "Show list orders"),
            ("tone-caps", "Pay `x` now.", "PAY `x` NOW. URGENT!!!"),
            ("negation", "Please book it.", "Please do not book it."),
            ("negation", "Book it.", "Do not book it."),
            ("negation", "He can book it.", "He can not book it."),
            ("negation", "Do not book it.", "Do book it."),
            ("expand-contraction", "I can't, it’s “don’t”", "I cannot, it’s “don’t”"),
            ("contract", "Do not go", "Don't go"),
            ("paraphrase-list", "Go. Come!", "Please do the following:\n1. Go.\n2. Come!"),
        ])
    func phrasing(variant: String, text: String, wanted: String) throws {
        #expect(try written(variant, text) == wanted)
    }

    @Test(
        "surfaces change, protected spans do not",
        arguments: [
            ("case-upper", "see user_id ß", "SEE user_id SS"), ("case-title", "go on", "Go On"),
            ("case-camel", "go on 7 times", "goOn7Times"), ("case-sponge", "hello", "hElLo"),
            ("punct-drop", "Well, go: 1,000.50!", "Well go 1,000.50"),
            ("punct-repeat", "Go? See a.txt!", "Go??? See a.txt!!!"),
            ("punct-smart-quotes", "say \"don't\" isn't", "say “don't” isn’t"),
            ("punct-ascii-quotes", "say “yes” isn’t", "say \"yes\" isn't"),
            ("whitespace-crlf", "a\nb", "a\r\nb"), ("whitespace-tabs", "a b", "a\tb"),
            ("emoji-replace", "book", "📖"), ("missing-space", "Go, now", "Go,now"),
            ("unicode-nfkc", "oﬃce Ｆ", "office F"), ("homoglyph-all", "A0", "АΟ"),
        ])
    func surfaces(variant: String, text: String, wanted: String) throws {
        #expect(try written(variant, text) == wanted)
    }

    @Test(
        "numbers and dates are written otherwise",
        arguments: [
            ("numeric-format", "pay 12500 now", "pay 12,500 now"),
            ("numeric-format", "pay $12,500.75 now", "pay $12500.75 now"),
            ("numeric-european", "pay 1,250.50", "pay 1.250,50"),
            ("numeric-words", "buy 21 of 1300", "buy twenty-one of one thousand three hundred"),
            ("numeric-units", "walk 3 miles in 2 hours", "walk 4.828032 km in 120 minutes"),
            ("numeric-currency", "pay $5 or 7€", "pay 5 USD or €7"),
            ("date-format", "by 2031-04-28.", "by 04/28/2031."),
            ("date-european", "by 2031-04-28.", "by 28.04.2031."),
            ("date-long", "by 2031-04-08.", "by April 8, 2031."),
            ("date-iso", "by April 8, 2031.", "by 2031-04-08."),
            ("date-impossible", "by 2031-04-28.", "by 2031-02-30."),
            ("date-impossible", "Go.", "Go. The deadline is 30 February."),
            ("date-past", "by 2031-04-28.", "by 1970-04-28."),
        ])
    func numbers(variant: String, text: String, wanted: String) throws {
        #expect(try written(variant, text) == wanted)
    }

    @Test(
        "parts change places, whole",
        arguments: [
            ("reorder-sentences", "Go to a.txt. Come!", "Come! Go to a.txt."),
            ("move-instruction-to-end", "Go. It rains. OK?", "It rains. OK? Go."),
            ("reorder-list", "Do:\n1. a\n2. b", "Do:\n1. b\n2. a"),
            ("reorder-list", "- a\r\n- b\r\n", "- b\r\n- a\r\n"),
            ("reorder-list", "- a\n```\n- x\n- y\n```\n- b", "- b\n```\n- x\n- y\n```\n- a"),
            ("reorder-list", "- a\n- b\n- ```\n- x", "- b\n- a\n- ```\n- x"),
            ("reorder-json-keys", "see {\"a\":1,\"b\":[2]} ok", "see {\"b\":[2],\"a\":1} ok"),
            ("word-swap-adjacent", "go on", "on go"), ("word-merge", "go on", "goon"),
        ])
    func order(variant: String, text: String, wanted: String) throws {
        #expect(try written(variant, text) == wanted)
    }

    @Test("the same name gets the same other name everywhere", arguments: [UInt64](1...10))
    func names(seed: UInt64) throws {
        let variant = try #require(Mutations.named("change-name"))
        let mutated = try variant.apply(to: "Alice, Bob, Alice", seed: Seed(seed))
        let names = mutated.text.split(separator: ", ")
        #expect(names.count == 3)
        #expect(names[0] == names[2])
        #expect(names[0] != "Alice")
        #expect(names[1] != "Bob")
    }

    @Test("changed numbers keep their form, and dates stay", arguments: [UInt64](1...10))
    func changedNumbers(seed: UInt64) throws {
        let variant = try #require(Mutations.named("change-number"))
        let mutated = try variant.apply(to: "$1,250.00 on 2031-04-28: 5 and 5", seed: Seed(seed))
        let match = try #require(
            mutated.text.wholeMatch(of: /\$([1-9],\d{3}\.\d{2}) on 2031-04-28: (\d) and (\d)/))
        #expect(match.1 != "1,250.00")
        #expect(match.2 == match.3)
        #expect(match.2 != "5")
    }

    @Test(
        "what cannot be applied says why",
        arguments: [
            ("numeric-format", "no numbers", "no number of four digits"),
            ("change-name", "nobody", "no first name of the list"),
            ("case-lower", "lower", "the text already has this form"),
            ("encode-base64", " ", "the text is empty"),
            ("reorder-list", "- one", "fewer than two list items"),
            ("reorder-list", "```\n- x\n- y\n```", "fewer than two list items"),
            ("typo-keyboard", "see a.b 123", "no open word has four letters of this keyboard"),
            ("whitespace-crlf", "one line", "no line end"),
        ])
    func refusals(variant: String, text: String, reason: String) {
        #expect(throws: MutationRefusal(reason)) { _ = try written(variant, text) }
    }

    private func written(_ name: String, _ text: String) throws -> String {
        let variant = try #require(Mutations.named(name))
        return try variant.apply(to: text, seed: Samples.seed, intensity: .full).text
    }
}
