import Determinism
import Mutations

/// Texts of the forms that prompts have, written by hand.
enum Samples {
    static let seed = Seed(7)

    /// A text to which nearly every variant applies.
    static let rich = """
        Please cancel order AB-1234 for Alice in Paris, and don't refund $1,250.00 before \
        2031-04-28. It is 12 miles away; we are not sure. The café wants the oﬃce files “now” \
        with 1500 items. Met on April 28, 2031?
        - first thing
        - second thing
        {"a": 1, "b": 2}
        """

    static let protected = [
        "Open https://example.org/a(b)?x=1&y=[2] and write to ann.lee@example.com, please!",
        "Run `rm -rf build` then check user_id 4711 in ./logs/today.txt for getUser errors.",
        "Replace {name} with ${value} and \"the exact quote\" on 2031-04-28 at 10:30 for 20%.",
        "Order 550e8400-e29b-41d4-a716-446655440000 (deadbeef) costs $1,250.00 today, @carol says.",
        "Bitte 'nicht ändern' und «auch das nicht», danke; siehe C:\\temp\\a.txt sofort.",
        "getUser fails for user_id since Monday, please look into it now and tell me why.",
        "Please https://example.org/a needs a look, and report.pdf too, before the next meeting.",
        "Please Report.pdf is the file to send to ann.lee@example.com before the next meeting.",
        "- clean the cache of user_id\n- sort the files\n```\n- a_b\n- cD\n```\n- call the office\n",
    ]

    static let clusters = [
        "Send 👨‍👩‍👧‍👦 and 🇩🇪🇯🇵 to the café, please; añadir 👏🏽 and 🏳️‍🌈 quickly!",
        "नमस्ते दुनिया, please check कृपया this हिन्दी text and reply quickly.",
        "ก็ ที่ นี่ please read e\u{301}te\u{301} and a\u{30A}ngstro\u{308}m again, friend.",
    ]

    static let hostile = [
        "", " ", "\n", "\u{301}", "\u{200D}", "🇩", "🇩🇪🇯", "\0\0", "\u{FEFF}", "\"", "'", "`", "```",
        "{", "}", "{{{{", "${", "a", "é", "A1", "-", "1", ".", "...", "\u{202E}abc", "e\u{301}",
        "\r\n\r\n", "- \n- \n", "{\"a\":{\"b\":", "ab\u{301}\u{302}\u{303}cd efgh",
        "ßßßß İİİİ ǅǅǅǅ",
        "\u{E0041}\u{FE0F}\u{E0100}", "99999999999999999999 miles", "$", "%", "@", "@@", "#", "1.",
        ",1",
        "not", "please", "Please.", "can you?", "0000-00-00", "2031-02-30", "AAAA",
        "\u{1F468}\u{200D}", "a\u{200D}b\u{200D}c\u{200D}d",
    ]

    /// All applications of all variants that succeed.
    static func applied(
        to text: String, seed: Seed, intensity: MutationIntensity = .default
    ) -> [MutatedText] {
        Mutations.variants.compactMap { variant in
            try? variant.apply(
                to: text, seed: seed, intensity: intensity, template: "Now: {prompt}")
        }
    }
}
