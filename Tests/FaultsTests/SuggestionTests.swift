import Faults
import Testing

@Suite("Suggestion")
struct SuggestionTests {
    static let words = ["upstream", "kind", "tool", "probability", "rate-limit-429", "tool-error"]

    @Test(
        "the closest word is found, and none for what is far",
        arguments: [
            ("probabilty", "probability"), ("upstraem", "upstream"), ("Kind", "kind"),
            ("rate_limit_429", "rate-limit-429"), ("ratelimit429", "rate-limit-429"),
            ("toool", "tool"), ("tol", "tool"), ("tool-eror", "tool-error"), ("xyz", nil),
            ("rate", "rate-limit-429"),
            ("", nil), ("call", nil),
        ])
    func closest(_ word: String, _ expected: String?) {
        #expect(Suggestion.closest(to: word, in: Self.words) == expected)
    }
}

@Suite("The catalogue's parameters")
struct CatalogueParameterTests {
    @Test("every fixed default is a value of its domain")
    func defaults() {
        for kind in FaultCatalogue.all {
            for spec in kind.parameters {
                if case .fixed(let value) = spec.defaultValue {
                    #expect(spec.domain.normalised(value) == value, "\(kind.id).\(spec.name)")
                }
            }
        }
    }

    @Test("identifiers are unique, and the parameters of each fault are")
    func names() {
        let ids = FaultCatalogue.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        for kind in FaultCatalogue.all {
            let names = kind.parameters.map(\.name) + ["fault", "on"]
            #expect(Set(names).count == names.count, "\(kind.id)")
        }
    }
}
