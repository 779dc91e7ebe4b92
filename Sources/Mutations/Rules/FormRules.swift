/// The text inside a document of some format, and with words of other languages.
enum FormRules {
    static let mutations = [
        Mutation(
            "The text stands in a document of some format.",
            [
                wrap("format-wrap", aliases: ["format_poisoning"], escapes: true) {
                    "{\"role\":\"user\",\"content\":\(Quoting.json($0))}"
                },
                wrap("format-wrap-xml", escapes: true) {
                    "<request><text>\(Quoting.xml($0))</text></request>"
                },
                wrap("format-wrap-markdown-table", escapes: true) { text in
                    let cell = text.map { cluster -> String in
                        if cluster.isNewline { return "<br>" }
                        return cluster == "|" ? "\\|" : String(cluster)
                    }.joined()
                    return "| Field | Value |\n| --- | --- |\n| Request | \(cell) |"
                },
                wrap("format-wrap-code-fence") { "```text\n\($0)\n```" },
                wrap("format-wrap-yaml", escapes: true) { "request:\n  text: \(Quoting.json($0))" },
                wrap("format-wrap-csv", escapes: true) { "id,request\r\n1,\(Quoting.csv($0))" },
                wrap("format-wrap-email", escapes: true) { text in
                    let lines = text.split(
                        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                    return "FYI, see below.\n\nOn Monday, a customer wrote:\n"
                        + lines.map { "> \($0)" }.joined(separator: "\n")
                },
                wrap("format-wrap-log", escapes: true) {
                    "level=info component=frontend event=request text=\(Quoting.json($0))"
                },
            ]),
        Mutation(
            "A greeting and small words come from another language.",
            [
                MutationVariant(
                    "language-mix", .metamorphic, aliases: ["language_mixing"], edit: mix)
            ]),
    ]

    private static func wrap(
        _ name: String, aliases: [String] = [], escapes: Bool = false,
        _ form: @escaping @Sendable (String) -> String
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic, aliases: aliases, keepsProtected: !escapes) {
            context throws(MutationRefusal) in
            try context.demandText()
            return Edited(text: form(context.text.whole), note: "the whole text was wrapped")
        }
    }

    private static func mix(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        try context.demandText()
        guard let language = context.one(of: PhraseBanks.languages, at: 0) else {
            throw MutationRefusal("no language")
        }
        let changes = context.text.words.compactMap { word -> MutationContext.Replacement? in
            let lower = context.text.string(word).lowercased()
            guard let index = PhraseBanks.glueWords.firstIndex(of: lower),
                language.words.indices.contains(index)
            else { return nil }
            return .init(word, language.words[index])
        }
        var edited = context.applying(
            [.init(0..<0, language.greeting + " ")] + changes)
        edited.note = "mixed with \(language.name)"
        return edited
    }
}
