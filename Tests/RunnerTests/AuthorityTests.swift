import Cassette
import Determinism
import Runner
import Testing

@Suite("The local authority and the variables that lead to it")
struct AuthorityTests {
    static let folders: [(variables: [String: String], folder: String)] = [
        (["HOME": "/users/a"], "/users/a/.local/share/stormtape/authority"),
        (["HOME": "/users/a", "XDG_DATA_HOME": "/data"], "/data/stormtape/authority"),
        (["HOME": "/users/a", "XDG_DATA_HOME": ""], "/users/a/.local/share/stormtape/authority"),
        (["HOME": "/users/a", "STORMTAPE_AUTHORITY": "/named"], "/named"),
    ]

    @Test("It lies where this user's programs keep data, or where it is named", arguments: folders)
    func folder(variables: [String: String], folder: String) throws {
        let environment = variables.map { (name: $0.key, value: $0.value) }
        #expect(try LocalAuthority.folder(environment) == folder)
    }

    @Test("Without a home it has to be named, and the error says how")
    func noHome() {
        let failure = #expect(throws: RunnerError.self) { try LocalAuthority.folder([]) }
        #expect(failure?.message.contains("STORMTAPE_AUTHORITY") == true)
    }

    private func environment(hasMounts: Bool) -> AgentEnvironment {
        var environment = AgentEnvironment(inherited: [
            ("NO_PROXY", "internal.example"), ("ALL_PROXY", "socks5://127.0.0.1:1"),
            ("https_proxy", "http://proxy.example"), ("REQUESTS_CA_BUNDLE", "/own.pem"),
        ])
        environment.prepareRecording([], ports: [:], seed: Seed(1))
        environment.enterProxy(port: 4711, bundle: "/trust.pem", hasMounts: hasMounts)
        return environment
    }

    @Test("Both spellings lead to the proxy, and nothing leads around it")
    func proxies() {
        let environment = environment(hasMounts: false)
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
            #expect(environment[name] == "http://127.0.0.1:4711")
        }
        for name in ["ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
            #expect(environment[name] == nil, "\(name)")
        }
    }

    @Test("Every variable by which programs learn of authorities names the bundle")
    func trust() {
        let environment = environment(hasMounts: false)
        for name in LocalAuthority.trustVariables {
            #expect(environment[name] == "/trust.pem", "\(name)")
        }
    }

    @Test("An agent that has mounts too goes to them directly, but not to other local servers")
    func mounts() {
        let direct = environment(hasMounts: true)["NO_PROXY"] ?? ""
        #expect(direct.split(separator: ",") == ["127.0.0.1", ".stormtape.test"])
    }
}
