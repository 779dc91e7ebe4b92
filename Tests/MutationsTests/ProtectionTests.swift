import Determinism
import Testing

@testable import Mutations

@Suite("What is protected in a prompt")
struct ProtectionTests {
    @Test(
        "spans are found with their kind and without the punctuation around them",
        arguments: [
            ("see https://a.example/x(y)?q={z}, ok", "url:https://a.example/x(y)?q={z"),
            ("(www.example.org).", "url:www.example.org"),
            ("to ann.lee+x@example.com!", "mail:ann.lee+x@example.com"),
            ("ask @carol or #42x.", "handle:@carol handle:#42x"),
            ("pay $1,250.00, or 20%; 5€.", "number:$1,250.00 number:20% number:5€"),
            ("at 10:30 on 2031-04-28", "number:10:30 number:2031-04-28"),
            (
                "id AB-1234 or user_id or getUser",
                "identifier:AB-1234 identifier:user_id identifier:getUser"
            ),
            ("hash deadbeefcafe and bead", "identifier:deadbeefcafe"),
            ("run `a b` and ``c ` d``", "code:`a b` code:``c ` d``"),
            ("an open ` tick", ""), ("```\nopen fence", "code:```\nopen fence"),
            ("say \"no way\" or “yes”", "quoted:\"no way\" quoted:“yes”"),
            ("don't touch 'this one' it's", "quoted:'this one'"), ("an open \" mark", ""),
            ("fill {name}, {{x}} and ${y}", "template:{name} template:{{x}} template:${y}"),
            ("in ./a/b or /etc/hosts or and/or", "path:./a/b path:/etc/hosts"),
            ("file report.pdf. End.", "path:report.pdf"), ("C:\\temp\\a", "path:C:\\temp\\a"),
            ("plain words only, really.", ""),
        ])
    func spans(text: String, wanted: String) {
        let clusters = Array(text)
        let found = ProtectedSpan.find(in: clusters)
            .map { "\($0.kind.rawValue):\(String(clusters[$0.range]))" }
        #expect(found.joined(separator: " ") == wanted)
    }

    @Test("tokens cover the whole text, in order and without gaps", arguments: Samples.all)
    func tokens(text: String) {
        var place = 0
        let prompt = PromptText(text)
        for token in prompt.tokens {
            #expect(token.range.lowerBound == place)
            #expect(!token.range.isEmpty)
            place = token.range.upperBound
        }
        #expect(place == prompt.clusters.count)
        #expect(Array(prompt.whole.utf8) == Array(text.utf8))
    }

    @Test(
        "protected spans survive every metamorphic variant that promises it",
        arguments: Samples.protected)
    func survive(text: String) throws {
        let clusters = Array(text)
        let spans = ProtectedSpan.find(in: clusters).map { String(clusters[$0.range]) }
        #expect(spans.count >= 2)
        var applied = 0
        for variant in Mutations.variants where variant.keepsProtected {
            for seed in UInt64(1)...5 {
                for intensity in [MutationIntensity.default, .full] {
                    let mutated = try? variant.apply(
                        to: text, seed: Seed(seed), intensity: intensity, template: "Do {prompt}")
                    guard let mutated else { continue }
                    applied += 1
                    for span in spans {
                        #expect(
                            mutated.text.contains(span),
                            "seed \(seed), \(variant.name) lost \(span): \(mutated.text)")
                    }
                }
            }
        }
        #expect(applied > 300)
    }

    @Test("the metamorphic variants that rewrite protected text are known by name")
    func exempt() {
        let names = Mutations.variants
            .filter { $0.expectation == .metamorphic && !$0.keepsProtected }.map(\.name)
        #expect(
            names == [
                "punct-smart-quotes", "punct-ascii-quotes", "reorder-json-keys", "format-wrap",
                "format-wrap-xml", "format-wrap-markdown-table", "format-wrap-yaml",
                "format-wrap-csv", "format-wrap-email", "format-wrap-log", "numeric-format",
                "numeric-european", "numeric-exponent", "numeric-words", "numeric-units",
                "numeric-currency", "date-format", "date-european", "date-long", "date-iso",
            ])
    }

    @Test("grapheme clusters are never cut", arguments: Samples.clusters)
    func clusters(text: String) {
        let whole = Array(text).filter { $0.unicodeScalars.count > 1 && !$0.isLetter }
        for variant in Mutations.variants where variant.expectation == .metamorphic {
            for seed in UInt64(1)...4 {
                let mutated = try? variant.apply(
                    to: text, seed: Seed(seed), intensity: .full, template: "Do {prompt}")
                guard let mutated else { continue }
                let left = Array(mutated.text)
                for cluster in whole {
                    #expect(
                        left.contains(cluster), "seed \(seed), \(variant.name): \(mutated.text)")
                }
            }
        }
    }

    @Test("a slip inside a word moves letters with their marks", arguments: [UInt64](1...20))
    func marks(seed: UInt64) throws {
        let letters = "e\u{301}a\u{30A}o\u{308}u\u{308}"
        let variant = try #require(Mutations.named("typo-transpose"))
        let mutated = try variant.apply(to: letters, seed: Seed(seed))
        #expect(Array(mutated.text) == ["e\u{301}", "o\u{308}", "a\u{30A}", "u\u{308}"])
    }
}

extension Samples {
    static let all = [rich] + protected + clusters + hostile
}
