/// The same request in other words around it: tense, voice, frame and tone.
enum PhrasingRules {
    static let mutations = [
        Mutation(
            "The request is put in the past, as a question, an order or a wish.",
            [
                MutationVariant("tense", .metamorphic, edit: tense),
                voice("voice-question") { "Can you \($0.core)?" },
                voice("voice-imperative") { "\($0.capitalized)." },
                voice("voice-please") { "Please \($0.core)." },
                voice("voice-wish") { "I'd like you to \($0.core)." },
            ]),
        Mutation(
            "The request, word for word, stands in a frame of other words.",
            [
                frame("paraphrase-template", aliases: ["paraphrase"], PhraseBanks.polite),
                frame("paraphrase-indirect", PhraseBanks.indirect),
                frame("paraphrase-third-person", PhraseBanks.thirdPerson),
                frame("paraphrase-conditional", PhraseBanks.conditional),
                MutationVariant("paraphrase-list", .metamorphic, edit: list),
                MutationVariant(
                    "custom-template", .metamorphic, aliases: ["custom"], edit: custom),
            ]),
        Mutation(
            "The request is angry, terse, formal, a text message or shouted.",
            [
                frame("tone-angry", aliases: ["tone_shift"], PhraseBanks.angry),
                MutationVariant("tone-terse", .metamorphic, edit: terse),
                frame("tone-formal", PhraseBanks.formal),
                MutationVariant("tone-sms", .metamorphic, edit: textMessage),
                MutationVariant("tone-caps", .metamorphic, edit: shout),
            ]),
    ]

    private static func tense(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = context.words(in: .pastTense)
        guard !candidates.isEmpty else { throw MutationRefusal("no auxiliary verb in the present") }
        return context.applying(candidates)
    }

    private static func voice(
        _ name: String, _ form: @escaping @Sendable (Phrasing) -> String
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic) { context throws(MutationRefusal) in
            try context.demandText()
            guard Sentences.ranges(of: context.text).count == 1 else {
                throw MutationRefusal("the text has more than one sentence")
            }
            let phrasing = Phrasing(context.text)
            guard !phrasing.core.isEmpty else { throw MutationRefusal("the text is no sentence") }
            return Edited(text: form(phrasing), note: "the sentence was put in another voice")
        }
    }

    private static func frame(
        _ name: String, aliases: [String] = [], _ bank: [(String, String)]
    ) -> MutationVariant {
        MutationVariant(name, .metamorphic, aliases: aliases) {
            context throws(MutationRefusal) in
            try context.demandText()
            let frame = context.one(of: bank, at: 0) ?? ("", "")
            return context.framed(frame.0, frame.1)
        }
    }

    private static func list(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        try context.demandText()
        let lines = Sentences.ranges(of: context.text).enumerated().map { index, range in
            "\(index + 1). \(context.text.string(range))"
        }
        return Edited(
            text: "Please do the following:\n" + lines.joined(separator: "\n"),
            note: "the sentences were numbered")
    }

    private static func custom(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let hole = "{prompt}"
        guard let template = context.template else {
            throw MutationRefusal("it needs a template that holds {prompt}")
        }
        guard template.contains(hole) else {
            throw MutationRefusal("the template does not hold {prompt}")
        }
        return Edited(
            text: template.replacing(hole, with: context.text.whole),
            note: "the template was filled in")
    }

    /// Without stop words, whatever the intensity.
    private static func terse(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let candidates = WordRules.stopWords(context)
        guard !candidates.isEmpty else { throw MutationRefusal("no stop word") }
        return context.applying(candidates)
    }

    private static func textMessage(
        _ context: MutationContext
    ) throws(MutationRefusal) -> Edited {
        let candidates = context.words(in: .textMessage)
        guard !candidates.isEmpty else { throw MutationRefusal("no word with a short form") }
        return context.applying(candidates)
    }

    private static func shout(_ context: MutationContext) throws(MutationRefusal) -> Edited {
        let words = context.text.words
        guard !words.isEmpty else { throw MutationRefusal("no open word") }
        var edited = context.applying(
            words.map { .init($0, context.text.string($0).uppercased()) })
        edited.text += " URGENT!!!"
        edited.changes.append(
            MutationChange(
                offset: context.text.clusters.count, original: "", replacement: " URGENT!!!"))
        return edited
    }
}
