import Determinism
import Faults
import Testing

@Suite("The catalogue of faults")
struct CatalogueTests {
    @Test("every fault has the layer, target, signature and weight of the documentation")
    func table() {
        let rows = FaultCatalogue.all.map {
            "\($0.id) \($0.layer) \($0.target) \($0.signature) \($0.weight) \($0.replaces)"
        }
        #expect(
            rows == [
                "dns-failure connection any loud 1 true",
                "connect-refused connection any loud 1 true",
                "connect-timeout connection any loud 1 true",
                "conn-reset-after-request connection any ambiguous 4 true",
                "conn-reset-mid-body framing any loud 3 false",
                "short-chunked-body framing any loud 3 false",
                "headers-timeout connection any loud 3 true",
                "ttfb-spike timing any loud 2 false",
                "stalled-stream timing any loud 3 false",
                "keepalive-only-stall timing model ambiguous 4 false",
                "slow-drip timing any loud 2 false",
                "chunk-merge framing any loud 1 false",
                "chunk-split-utf8 framing any quiet 3 false",
                "rate-limit-429 status any loud 1 true",
                "server-error status any loud 1 true",
                "overloaded-529 status model loud 1 true",
                "finish-length semantic model quiet 4 false",
                "empty-content semantic model quiet 4 false",
                "tool-args-truncated-valid-prefix semantic model quiet 5 false",
                "stream-truncated-no-terminator stream model quiet 5 false",
                "error-event-mid stream model loud 3 false",
                "duplicate-chunk stream model quiet 4 false",
                "reorder-chunks stream model quiet 4 false",
                "drop-chunk stream model quiet 5 false",
                "tool-error status tool loud 1 true",
                "tool-timeout connection tool loud 2 true",
                "tool-stale semantic tool quiet 5 true",
                "tool-corrupt semantic tool ambiguous 3 false",
                "lost-response-after-commit connection tool ambiguous 5 true",
            ])
    }

    @Test("an identifier names one fault", arguments: FaultCatalogue.all.map(\.id))
    func identifiers(id: String) {
        #expect(FaultCatalogue.all.count { $0.id == id } == 1)
        #expect(FaultCatalogue.named(id)?.id == id)
    }

    @Test("an unknown identifier names none")
    func unknown() {
        #expect(FaultCatalogue.named("no-such-fault") == nil)
    }

    @Test("fixed defaults lie in their domains", arguments: FaultCatalogue.all.map(\.id))
    func defaults(id: String) throws {
        let kind = try #require(FaultCatalogue.named(id))
        for spec in kind.parameters {
            #expect(spec.name.utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) })
            #expect(spec.summary.hasSuffix("."))
            guard case .fixed(let value) = spec.defaultValue else { continue }
            switch spec.domain {
            case .integer(let range): #expect(value.intValue.map(range.contains) == true)
            case .choice(let words): #expect(value.stringValue.map(words.contains) == true)
            case .text: #expect(value.stringValue != nil)
            }
        }
        #expect(kind.summary.hasSuffix("."))
    }
}
