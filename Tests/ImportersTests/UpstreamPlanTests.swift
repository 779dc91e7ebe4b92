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

    @Test("What leaves nothing of its host has a name all the same, and numbers go on")
    func namesOfNothing() throws {
        let urls = [
            "https://[::]/", "http://[::]/", "https://-/", "https://[::]:9/", "https://--/",
        ]
        #expect(
            try plan(urls).upstreams.map(\.name) == ["9", "host", "host-2", "host-3", "http-host"])
        // The host that comes first has the name that the second of the others would have got.
        let taken = ["https://-a-2/", "https://a/", "https://a.", "https://.a"]
        #expect(try plan(taken).upstreams.map(\.name) == ["a", "a-2", "a-3", "a-4"])
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
