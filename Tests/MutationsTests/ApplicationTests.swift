import Determinism
import Mutations
import Testing

@Suite("Applying mutations")
struct ApplicationTests {
    @Test("the same seed gives the same bytes")
    func repeats() {
        for text in Samples.protected + Samples.clusters {
            let first = Samples.applied(to: text, seed: Seed(3))
            let second = Samples.applied(to: text, seed: Seed(3))
            #expect(first.map { Array($0.text.utf8) } == second.map { Array($0.text.utf8) })
            #expect(first.count > 100)
        }
    }

    @Test("an edit at the end of a text leaves those at its start as they were")
    func independence() throws {
        let variant = try #require(Mutations.named("typo-keyboard"))
        let short = try variant.apply(to: "cancel everything", seed: Samples.seed, intensity: .full)
        let long = try variant.apply(
            to: "cancel everything tomorrow morning", seed: Samples.seed, intensity: .full)
        #expect(long.text.hasPrefix(short.text))
    }

    @Test(
        "the intensity is the share of the words that are edited",
        arguments: [(1, 1), (10, 2), (50, 10), (100, 20)])
    func intensity(percent: Int, edits: Int) throws {
        let text = Array(repeating: "window", count: 20).joined(separator: " ")
        let intensity = try #require(MutationIntensity(percent: percent))
        let variant = try #require(Mutations.named("typo-delete"))
        let mutated = try variant.apply(to: text, seed: Samples.seed, intensity: intensity)
        #expect(mutated.changes.count == edits)
    }

    @Test("an intensity lies between 1 and 100", arguments: [-1, 0, 101, .max])
    func noIntensity(percent: Int) {
        #expect(MutationIntensity(percent: percent) == nil)
    }

    @Test("the changes lead from the original to the new text")
    func changes() {
        let clusters = Array(Samples.rich)
        for mutated in Samples.applied(to: Samples.rich, seed: Samples.seed)
        where mutated.note.isEmpty {
            var (text, place) = ("", 0)
            for change in mutated.changes {
                text += String(clusters[place..<change.offset]) + change.replacement
                place = change.offset + change.original.count
            }
            text += String(clusters[place...])
            #expect(text == mutated.text, "\(mutated.variant)")
            #expect(!mutated.changes.isEmpty)
        }
    }

    @Test(
        "no text traps, and what comes back is other than what went in", arguments: Samples.hostile)
    func hostile(text: String) {
        for intensity in [MutationIntensity.default, .full] {
            for mutated in Samples.applied(to: text, seed: Seed(.max), intensity: intensity) {
                #expect(Array(mutated.text.utf8) != Array(text.utf8))
                #expect(mutated.text.utf8.count < 40_000 + 100 * text.utf8.count)
            }
        }
    }

    @Test(
        "large texts come through every variant",
        arguments: ["word and so on, ", "{", "\"", "`'", "🇩🇪", "a\u{301}", "- x\n", "1 ", "a://"])
    func large(piece: String) {
        let text = String(repeating: piece, count: 1_200 / piece.utf8.count)
        #expect(Samples.applied(to: text, seed: Samples.seed, intensity: .full).count > 30)
    }

    @Test("a text beyond the limit is refused with the limit")
    func tooLarge() {
        let text = String(repeating: "a", count: MutationVariant.textBytesMax + 1)
        for variant in Mutations.variants {
            #expect(throws: MutationRefusal("the text is longer than 262144 bytes")) {
                try variant.apply(to: text, seed: Samples.seed)
            }
        }
    }

    @Test("a template without the prompt is refused, one with it is filled in")
    func template() throws {
        let variant = try #require(Mutations.named("custom"))
        #expect(throws: MutationRefusal.self) { try variant.apply(to: "x", seed: Samples.seed) }
        #expect(throws: MutationRefusal.self) {
            try variant.apply(to: "x", seed: Samples.seed, template: "{promp}")
        }
        let twice = try variant.apply(to: "x", seed: Samples.seed, template: "{prompt}, {prompt}!")
        #expect(twice.text == "x, x!")
    }
}
