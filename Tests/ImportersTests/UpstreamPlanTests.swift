import Cassette
import Testing

@testable import Importers

@Suite("Upstreams of an import") struct UpstreamPlanTests {
    private let known = [
        KnownUpstream(
            name: "openai", address: "https://api.openai.com/v1", variables: ["OPENAI_BASE_URL"])
    ]

    private func plan(_ urls: [String]) throws -> UpstreamPlan {
        UpstreamPlan(
            known: known,
            requests: try urls.map { text in
                let url = try ImportedURL(text)
                return (
                    url,
                    RecordedRequest(
                        method: "POST", target: url.target,
                        body: Array(#"{"model":"m","messages":[]}"#.utf8))
                )
            })
    }

    @Test("A known provider has its name, its base address and its variables")
    func knownProvider() throws {
        let url = try ImportedURL("https://API.openai.com:443/v1/chat/completions?a=b")
        let plan = try plan(["https://api.openai.com/v1/chat/completions"])
        #expect(plan.name(of: url) == "openai")
        #expect(plan.place(of: url).target == "/chat/completions?a=b")
        let upstream = try #require(plan.upstreams.first)
        #expect(upstream.kind == .model)
        #expect(upstream.address == "https://api.openai.com/v1")
        #expect(upstream.variables == ["OPENAI_BASE_URL"])
    }

    @Test("What is not below its base address is an upstream of its own")
    func besideKnown() throws {
        let plan = try plan([
            "https://api.openai.com/v1", "https://api.openai.com/v10/x", "https://api.openai.com/",
        ])
        #expect(plan.upstreams.map(\.name) == ["api-openai-com", "openai"])
        #expect(plan.place(of: try ImportedURL("https://api.openai.com/v1")).target == "/")
    }

    @Test("Others are named by host and port, alike in whatever order they come")
    func names() throws {
        let urls = [
            "http://localhost:8081/mcp", "https://a.example/x", "https://a-example/x",
            "http://a.example/x", "https://[::1]:90/",
        ]
        let upstreams = try plan(urls).upstreams
        #expect(
            upstreams.map(\.name)
                == ["1-90", "a-example", "a-example-2", "http-a-example", "http-localhost-8081"])
        #expect(try plan(urls.reversed()).upstreams == upstreams)
    }

    @Test(
        "Addresses are taken apart",
        arguments: [
            ("https://user:pw@A.Example:443?q", "https://a.example", "/?q"),
            ("http://a.example:80/x#y", "http://a.example", "/x"),
            ("https://r.<AWS_REGION>.aws.com/m", "https://r.aws-region.aws.com", "/m"),
            ("<API_BASE>/chat", "https://api-base.invalid", "/chat"),
        ])
    func addresses(_ text: String, _ origin: String, _ target: String) throws {
        let url = try ImportedURL(text)
        #expect(url.origin == origin)
        #expect(url.target == target)
    }

    @Test(
        "What is no address is refused", arguments: ["ws://a/", "/x", "", "http://", "https://@/"])
    func refused(_ text: String) {
        #expect(throws: ImportError.self) { try ImportedURL(text) }
    }
}
