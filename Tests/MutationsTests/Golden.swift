import Determinism
import Mutations

/// What a variant does to the rich sample, small enough to be read and exact by its digest.
struct Golden: Equatable {
    let name: String
    /// The head of the first change, the note, or the reason for a refusal.
    let says: String
    /// The first twelve digits of the digest of the new text; empty for a refusal.
    let digest: String

    init(_ name: String, _ says: String, _ digest: String) {
        self.name = name
        self.says = says
        self.digest = digest
    }

    init(of variant: MutationVariant) {
        do {
            let mutated = try variant.apply(
                to: Samples.rich, seed: Samples.seed, template: "Now: {prompt}")
            let first = mutated.changes.first.map {
                "\($0.offset): \($0.original) > \($0.replacement)"
            }
            let says = mutated.note.isEmpty ? first ?? "" : mutated.note
            let digest = Digest(hashing: Array(mutated.text.utf8)).description
            self.init(variant.name, Golden.readable(says), String(digest.prefix(12)))
        } catch {
            self.init(variant.name, Golden.readable(error.message), "")
        }
    }

    /// The line of the table.
    var line: String { "\(name) | \(says) | \(digest.isEmpty ? "-" : digest)" }

    /// The variants that give the same text for each of many seeds.
    static var constantNow: [String] {
        Mutations.variants.filter { variant in
            let texts = (UInt64(1)...24).compactMap { seed in
                try? variant.apply(to: Samples.rich, seed: Seed(seed)).text
            }
            return texts.count == 24 && Set(texts).count == 1
        }.map(\.name)
    }

    /// Printable ASCII, at most 40 signs.
    private static func readable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isPlain = (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\"
            result += isPlain ? String(Character(scalar)) : "<\(String(scalar.value, radix: 16))>"
            if result.utf8.count > 40 { return String(result.prefix(40)) }
        }
        return result
    }
}
