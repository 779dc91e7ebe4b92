import Mutations
import Testing

@Suite("The registry of mutations")
struct RegistryTests {
    @Test("there are the 39 mutations, in their order, each named after its first variant")
    func order() {
        #expect(
            Mutations.all.map(\.id) == [
                "typo-keyboard", "typo-transpose", "typo-ocr", "typo-common", "word-split",
                "word-drop-stopword", "synonym-wordnet", "antonym", "contract", "change-name",
                "negation", "tense", "paraphrase-template", "tone-angry", "case-upper",
                "whitespace-double", "punct-drop", "emoji-append", "unicode-nfc", "homoglyph",
                "zero-width", "bidi-reorder", "zalgo", "tag-chars", "encode-base64", "ascii-art",
                "payload-split", "truncate-prefix", "repeat-n", "distractor-similar-entity",
                "reorder-sentences", "format-wrap", "language-mix", "numeric-format",
                "date-format", "inject-direct", "crescendo-static", "special-tokens",
                "template-injection",
            ])
        #expect(Mutations.all.allSatisfy { $0.summary.hasSuffix(".") })
    }

    @Test("names and aliases are unique, and names are kebab-case")
    func unique() {
        let names = Mutations.variants.map(\.name)
        let aliases = Mutations.variants.flatMap(\.aliases)
        #expect(Set(names + aliases).count == names.count + aliases.count)
        for name in names {
            #expect(name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(name)")
        }
    }

    @Test(
        "every mutation of flakestorm has a name here",
        arguments: [
            "paraphrase", "noise", "tone_shift", "prompt_injection", "encoding_attacks",
            "context_manipulation", "length_extremes", "custom", "multi_turn_attack",
            "advanced_jailbreak", "semantic_similarity_attack", "format_poisoning",
            "language_mixing", "token_manipulation", "temporal_attack", "http_header_injection",
            "payload_size_attack", "content_type_confusion", "query_parameter_poisoning",
            "request_method_attack", "protocol_level_attack", "resource_exhaustion",
            "concurrent_request_pattern", "timeout_manipulation",
        ])
    func flakestorm(name: String) throws {
        let variant = try #require(Mutations.named(name))
        #expect(variant.aliases.contains(name))
        let template = name == "custom" ? "Now: {prompt}" : nil
        let mutated = try variant.apply(to: Samples.rich, seed: Samples.seed, template: template)
        #expect(mutated.text != Samples.rich)
    }

    @Test("a variant is found by its name, by an alias and below its mutation")
    func named() {
        #expect(Mutations.named("typo-delete")?.name == "typo-delete")
        #expect(Mutations.named("noise")?.name == "typo-keyboard")
        #expect(Mutations.named("typo-transpose:typo-delete")?.name == "typo-delete")
        #expect(Mutations.named("typo-ocr:typo-delete") == nil)
        #expect(Mutations.named("") == nil)
        #expect(Mutations.named(":") == nil)
        #expect(Mutations.mutation("encode-base64")?.variants.count == 22)
        #expect(Mutations.mutation("encode-rot13") == nil)
    }

    @Test("all classes occur, and only metamorphic variants promise to keep what is protected")
    func classes() {
        for expectation in MutationClass.allCases {
            #expect(Mutations.variants.contains { $0.expectation == expectation })
        }
        #expect(
            Mutations.variants.allSatisfy { !$0.keepsProtected || $0.expectation == .metamorphic })
    }
}
