package import Cassette
package import Determinism
internal import Gateway
internal import Simulation

/// The environment of an agent: what it inherits, with the mounts in place of the world.
package struct AgentEnvironment {
    /// What an SDK is given for a key in replay, since it refuses to start without one.
    static let placeholderKey = "sk-stormtape-replay-placeholder"

    /// Proxies would lead around the mounts.
    static let proxyVariables = [
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy",
    ]

    /// Where the mounts are.
    static let loopback = "127.0.0.1"

    /// The names of the mounts, for agents whose look-ups of names are part of a run.
    ///
    /// Upstreams whose names differ only in what no host name can hold are numbered.
    package static func hostNames(of upstreams: [String]) -> [String: String] {
        var names: [String: String] = [:]
        var taken: Set<String> = []
        for upstream in upstreams where names[upstream] == nil {
            let characters = upstream.lowercased().map { character in
                character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
            }
            let stem = String(characters.prefix(56))
            var label = stem
            var number = 2
            while !taken.insert(label).inserted {
                label = "\(stem)-\(number)"
                number += 1
            }
            names[upstream] = "\(label).\(MountPoint.domain)"
        }
        return names
    }

    private var variables: [(name: String, value: String)]

    /// Starts from inherited variables.
    package init(inherited: [(name: String, value: String)]) {
        variables = inherited.filter { !AgentEnvironment.proxyVariables.contains($0.name) }
    }

    /// The environment for a recording: real keys stay, missing ones get a placeholder.
    package mutating func prepareRecording(
        _ upstreams: [Upstream], ports: [String: Int], seed: Seed
    ) {
        let hosts = ports.mapValues { "\(Self.loopback):\($0)" }
        prepare(upstreams, hosts: hosts, seed: seed, mode: "record")
        for name in UpstreamPreset.keyVariables where self[name] == nil {
            self[name] = AgentEnvironment.placeholderKey
        }
    }

    /// The environment for a replay: no secret of the machine reaches the agent.
    ///
    /// `hosts` are the host and port of each mount, by upstream.
    package mutating func prepareReplay(
        _ upstreams: [Upstream], hosts: [String: String], seed: Seed, temporaryFolder: String
    ) {
        for variable in variables
        where RedactionRules.isSecretVariable(variable.name, value: variable.value) {
            self[variable.name] = AgentEnvironment.placeholderKey
        }
        for name in UpstreamPreset.keyVariables { self[name] = AgentEnvironment.placeholderKey }
        prepare(upstreams, hosts: hosts, seed: seed, mode: "replay")
        self["TMPDIR"] = temporaryFolder
    }

    private mutating func prepare(
        _ upstreams: [Upstream], hosts: [String: String], seed: Seed, mode: String
    ) {
        for upstream in upstreams {
            guard let host = hosts[upstream.name] else { continue }
            for variable in upstream.variables { self[variable] = "http://\(host)" }
        }
        let direct = "\(Self.loopback),localhost,.\(MountPoint.domain)"
        self["NO_PROXY"] = direct
        self["no_proxy"] = direct
        self["PYTHONHASHSEED"] = String(seed.rawValue % 4_294_967_296)
        self["STORMTAPE_MODE"] = mode
        self["STORMTAPE_SEED"] = String(seed.rawValue)
    }

    /// Adds what the capsule and the hooks need; what the agent loads besides stays, behind it.
    mutating func enter(_ place: RunPlace) {
        let separators = ["LD_PRELOAD": ":", "PYTHONPATH": ":", "NODE_OPTIONS": " "]
        for (name, value) in place.variables {
            let others = separators[name].flatMap { separator in
                self[name].map { $0.isEmpty ? "" : separator + $0 }
            }
            self[name] = value + (others ?? "")
        }
    }

    /// Tells an agent that is a server where to listen.
    mutating func showPort(of ask: AskSource?) {
        if let ask { self[ask.portVariable] = String(ask.questions.port) }
    }

    /// The value of a variable; the last one holds, as for the shell.
    package subscript(_ name: String) -> String? {
        get { variables.last { $0.name == name }?.value }
        set {
            variables.removeAll { $0.name == name }
            if let newValue { variables.append((name, newValue)) }
        }
    }

    /// `NAME=value` lines, sorted by name.
    package var lines: [String] {
        variables.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.value)" }
    }
}
