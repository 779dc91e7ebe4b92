import Determinism
import Faults
import Testing

/// The faults of the first version.
private let firstFaults: [String] = [
    "dns-failure", "connect-refused", "connect-timeout", "conn-reset-after-request",
    "conn-reset-mid-body", "short-chunked-body", "headers-timeout", "ttfb-spike",
    "stalled-stream", "keepalive-only-stall", "slow-drip", "chunk-merge", "chunk-split-utf8",
    "rate-limit-429", "server-error", "overloaded-529", "finish-length", "empty-content",
    "tool-args-truncated-valid-prefix", "stream-truncated-no-terminator", "error-event-mid",
    "duplicate-chunk", "reorder-chunks", "drop-chunk", "tool-error", "tool-timeout",
    "tool-stale", "tool-corrupt", "lost-response-after-commit",
]

@Suite("The catalogue of faults")
struct CatalogueTests {
    /// What plans, cassettes and scenarios of users name must not go away.
    @Test("a fault that was once there is still there", arguments: firstFaults)
    func released(id: String) {
        #expect(FaultCatalogue.named(id)?.id == id)
    }

    @Test("every fault says what is on the wire, what clients do and what survives it")
    func documentation() {
        for kind in FaultCatalogue.all {
            let page = kind.documentation
            for text in [page.wireForm, page.clients, page.robustAgent, kind.summary] {
                #expect(!text.isEmpty && text.hasSuffix("."), "\(kind.id): \(text)")
            }
            #expect((1...5).contains(kind.weight))
            #expect(page.evidence.allSatisfy { !$0.isEmpty && !$0.hasSuffix(".") })
        }
    }

    @Test("identifiers are in kebab-case, and no family is empty")
    func form() {
        let allowed: (UInt8) -> Bool = { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        for id in FaultCatalogue.all.map(\.id) {
            let words = id.split(separator: "-", omittingEmptySubsequences: false)
            #expect(words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(allowed) }, "\(id)")
        }
        #expect(FaultCatalogue.families.allSatisfy { !$0.kinds.isEmpty })
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
