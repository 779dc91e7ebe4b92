import Cassette
import Determinism
import Runner
import Testing

@Suite("The agent's environment")
struct AgentEnvironmentTests {
    private let upstreams = [
        Upstream(
            name: "openai", kind: .model, address: "https://api.openai.com/v1",
            variables: ["OPENAI_BASE_URL"])
    ]

    @Test("In replay no secret and no proxy reaches the agent, and every mount does")
    func replay() {
        var environment = AgentEnvironment(inherited: [
            ("PATH", "/bin"), ("OPENAI_API_KEY", "sk-real-and-long-enough"),
            ("SHOP_TOKEN", "another-secret-value"), ("HTTPS_PROXY", "http://proxy.example"),
        ])
        environment.prepareReplay(
            upstreams, hosts: ["openai": "127.0.0.1:4711"], seed: Seed(5),
            temporaryFolder: "/private")
        #expect(environment["PATH"] == "/bin")
        #expect(environment["OPENAI_BASE_URL"] == "http://127.0.0.1:4711")
        #expect(environment["HTTPS_PROXY"] == nil)
        #expect(environment["TMPDIR"] == "/private")
        #expect(environment["PYTHONHASHSEED"] == "5")
        let text = environment.lines.joined(separator: "\n")
        #expect(!text.contains("sk-real") && !text.contains("another-secret"))
        // SDKs refuse to start without a key.
        #expect(environment["OPENAI_API_KEY"]?.isEmpty == false)
    }

    @Test("While recording real keys stay")
    func recording() {
        var environment = AgentEnvironment(inherited: [("OPENAI_API_KEY", "sk-real")])
        environment.prepareRecording(upstreams, ports: ["openai": 1], seed: Seed(1))
        #expect(environment["OPENAI_API_KEY"] == "sk-real")
    }

    @Test(
        "Words are quoted where a shell would take them apart",
        arguments: [
            ("python", "python"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"),
            ("--plan=x", "--plan=x"), ("$HOME", "'$HOME'"),
        ])
    func quoting(word: String, quoted: String) {
        #expect(CommandLineText.quoted(word) == quoted)
    }

    @Test("Each mount has a name of its own, whatever its upstream is called")
    func hostNames() {
        let long = String(repeating: "x", count: 80)
        let upstreams = [
            "my_shop", "my-shop", "My.Shop", "my-shop-2", "openai", long, long + "y",
        ]
        let names = AgentEnvironment.hostNames(of: upstreams)
        #expect(names["my_shop"] == "my-shop.stormtape.test")
        #expect(names["my-shop"] == "my-shop-2.stormtape.test")
        #expect(names["My.Shop"] == "my-shop-3.stormtape.test")
        #expect(names["openai"] == "openai.stormtape.test")
        #expect(Set(names.values).count == upstreams.count)
        #expect(names.values.allSatisfy { $0.split(separator: ".")[0].count <= 63 })
    }

    @Test(
        "The variable of a bridge has letters and digits of ASCII, in capitals, and no others",
        arguments: [
            ("shop", "SHOP"), ("a-b", "A_B"), ("a_B2", "A_B2"), ("stra\u{DF}e", "STRA_E"),
            ("\u{E9}", "_"), ("", ""),
        ])
    func bridges(name: String, letters: String) {
        #expect(MCPBridgePlace.variable(name) == "STORMTAPE_MCP_" + letters)
    }
}
