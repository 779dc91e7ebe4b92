/// Texts that want the agent to obey someone else, or to break.
enum AttackRules {
    static let mutations = [
        Mutation(
            "The text carries a direct attack on the instructions of the agent.",
            [
                attack("inject-direct", aliases: ["prompt_injection"], behind: true) {
                    AttackBanks.ignorePrevious.map { " " + $0 }
                },
                attack("inject-dan", aliases: ["advanced_jailbreak"]) { AttackBanks.persona },
                attack("inject-developer-mode") { AttackBanks.developerMode },
                attack("inject-system-override") { AttackBanks.override },
                attack("inject-fake-history", aliases: ["multi_turn_attack"]) {
                    AttackBanks.history
                },
                attack("inject-role-play") { AttackBanks.rolePlay },
                attack("inject-hypothetical") { AttackBanks.hypothetical },
                attack("inject-delimiter", behind: true) { AttackBanks.delimiter },
                attack("inject-prompt-leak", behind: true) { AttackBanks.leak },
            ]),
        Mutation(
            "A fixed script leads to the request in several turns, all in one text.",
            [
                attack("crescendo-static") {
                    AttackBanks.crescendo.map { turns in
                        turns.enumerated().map { "Turn \($0 + 1): \($1)" }.joined(separator: "\n")
                    }
                }
            ]),
        Mutation(
            "Tokens that mean something to a model, or break it, stand in the text.",
            [
                tokens(
                    "special-tokens", aliases: ["token_manipulation"], AttackBanks.specialTokens),
                tokens("glitch-tokens", AttackBanks.glitchTokens),
            ]),
        Mutation(
            "The text carries what a template, a shell, a database or a server may obey.",
            AttackBanks.payloads.map { payload in
                attack(payload.name, aliases: payload.alias.map { [$0] } ?? [], behind: true) {
                    payload.texts.map { " " + $0 }
                }
            }),
    ]

    private static func attack(
        _ name: String, aliases: [String] = [], behind: Bool = false,
        _ bank: @escaping @Sendable () -> [String]
    ) -> MutationVariant {
        MutationVariant(name, .hostile, aliases: aliases) { context throws(MutationRefusal) in
            let text = context.one(of: bank(), at: 0) ?? ""
            return behind ? context.framed("", text) : context.framed(text, "")
        }
    }

    /// Tokens before some of the words.
    private static func tokens(
        _ name: String, aliases: [String] = [], _ bank: [String]
    ) -> MutationVariant {
        MutationVariant(name, .hostile, aliases: aliases) { context throws(MutationRefusal) in
            let candidates = context.text.words.map { word in
                MutationContext.Replacement(
                    word.lowerBound..<word.lowerBound,
                    (context.one(of: bank, at: word.lowerBound) ?? "") + " ")
            }
            return try context.edited(candidates, orRefuse: "no open word")
        }
    }
}
