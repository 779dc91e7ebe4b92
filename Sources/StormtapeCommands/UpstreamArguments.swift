internal import ArgumentParser
internal import Cassette
internal import Runner
internal import WireProtocols

/// What a command that records says of upstreams.
struct UpstreamArguments: ParsableArguments {
    @Option(
        name: .customLong("upstream"),
        help: "NAME=URL, or the name of a preset: openai, anthropic, groq, mistral, ...")
    var upstreams: [String] = []

    @Flag(help: "Offer an HTTPS proxy too; each host that is reached becomes an upstream.")
    var proxy = false

    @Option(
        name: .customLong("env"),
        help: "VAR=NAME: a variable that holds the address of an upstream's mount.")
    var variables: [String] = []

    @Option(
        name: .customLong("reads"),
        help: "NAME=ROUTE: a route without side effect, as 'search=POST /query'.")
    var reads: [String] = []

    @Option(name: .customLong("kind"), help: "NAME=model|tool, where detection is wrong.")
    var kinds: [String] = []

    @Option(
        name: .customLong("protocol"),
        help: "NAME=PROTOCOL, such as shop=openai-chat: what an upstream speaks.")
    var protocols: [String] = []

    /// The names of those of which it says what they are.
    var settled: Set<String> {
        Set((kinds + protocols).map { String($0.prefix { $0 != "=" }) })
    }

    /// Reads them all; without a proxy there has to be one.
    func parsed() throws(RunnerError) -> [Upstream] {
        var parsed: [Upstream] = []
        for text in upstreams {
            let upstream = try upstream(text)
            guard !parsed.contains(where: { $0.name == upstream.name }) else {
                throw RunnerError(.usage, "--upstream \(upstream.name) is given twice")
            }
            try demandOwnVariable(upstream, among: parsed)
            parsed.append(upstream)
        }
        guard !parsed.isEmpty || proxy else {
            throw RunnerError(
                .usage,
                "no upstream; give --upstream NAME=URL, or a preset's name, or --proxy")
        }
        for text in variables {
            let (variable, name) = try pair(text, option: "--env", form: "VAR=NAME")
            try change(&parsed, name, option: "--env") {
                if !$0.variables.contains(variable) { $0.variables.append(variable) }
            }
        }
        for text in reads {
            let (name, route) = try pair(text, option: "--reads", form: "NAME=METHOD /path")
            try change(&parsed, name, option: "--reads") { $0.reads.append(route) }
        }
        for text in kinds {
            let (name, word) = try pair(text, option: "--kind", form: "NAME=model|tool")
            guard let kind = UpstreamKind(rawValue: word) else {
                throw RunnerError(.usage, "--kind \(text): a kind is 'model' or 'tool'")
            }
            try change(&parsed, name, option: "--kind") { $0.kind = kind }
        }
        for text in protocols {
            let (name, id) = try pair(text, option: "--protocol", form: "NAME=PROTOCOL")
            guard id != MCP.id else {
                try change(&parsed, name, option: "--protocol") {
                    $0.wireProtocol = id
                    $0.kind = .tool
                }
                continue
            }
            guard WireProtocols.named(id) != nil else {
                let known = (WireProtocols.all.map(\.id) + [MCP.id]).joined(separator: ", ")
                throw RunnerError(
                    .usage, "--protocol \(text): there is no such protocol; there are \(known)")
            }
            try change(&parsed, name, option: "--protocol") {
                $0.wireProtocol = id
                $0.kind = .model
            }
        }
        return parsed
    }

    /// The bridge of a server behind a pipe finds its mount by a variable alone.
    private func demandOwnVariable(
        _ upstream: Upstream, among others: [Upstream]
    ) throws(RunnerError) {
        guard upstream.address == MCP.stdioScheme else { return }
        let same = others.first {
            $0.address == MCP.stdioScheme && $0.variables == upstream.variables
        }
        guard let same else { return }
        throw RunnerError(
            .usage,
            "--upstream \(upstream.name): its bridge could not be told from that of "
                + "\(same.name), since both are found by \(upstream.variables[0]); "
                + "give it another name")
    }

    private func upstream(_ text: String) throws(RunnerError) -> Upstream {
        guard text.contains("=") else {
            guard let preset = UpstreamPreset.named(text) else {
                let known = UpstreamPreset.all.map(\.name).joined(separator: ", ")
                throw RunnerError(
                    .usage, "--upstream \(text): give NAME=URL, or one of the presets \(known)")
            }
            return Upstream(
                name: preset.name, kind: .model, address: preset.address,
                variables: preset.variables)
        }
        let (name, address) = try pair(text, option: "--upstream", form: "NAME=URL")
        let allowed = name.utf8.allSatisfy { byte in
            (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x41 && byte <= 0x5A)
                || (byte >= 0x30 && byte <= 0x39) || byte == 0x2D || byte == 0x5F
        }
        guard allowed else {
            throw RunnerError(
                .usage, "--upstream \(name): a name has letters, digits, '-' and '_' only")
        }
        if address == MCP.stdioScheme {
            return Upstream(
                name: name, kind: .tool, wireProtocol: MCP.id, address: address,
                variables: [MCPBridgePlace.variable(name)])
        }
        let scheme = address.hasPrefix("http://") || address.hasPrefix("https://")
        let authority = address.split(separator: "/", maxSplits: 2).dropFirst().first ?? ""
        guard scheme, !authority.isEmpty, !authority.contains("@") else {
            throw RunnerError(
                .usage,
                "--upstream \(name)=\(address): the address begins with http:// or "
                    + "https://, names a host, and holds no credentials; 'stdio:' is a server "
                    + "that the agent starts through `stormtape mcp`")
        }
        let preset = UpstreamPreset.named(name)
        return Upstream(
            name: name, kind: preset == nil ? .tool : .model, address: address,
            variables: preset?.variables ?? [])
    }

    private func pair(
        _ text: String, option: String, form: String
    ) throws(RunnerError) -> (String, String) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw RunnerError(.usage, "\(option) \(text): the form is \(form)")
        }
        return (parts[0], parts[1])
    }

    private func change(
        _ upstreams: inout [Upstream], _ name: String, option: String,
        _ edit: (inout Upstream) -> Void
    ) throws(RunnerError) {
        guard let index = upstreams.firstIndex(where: { $0.name == name }) else {
            let known = upstreams.map(\.name).joined(separator: ", ")
            throw RunnerError(
                .usage, "\(option): there is no upstream '\(name)'; there are \(known)")
        }
        edit(&upstreams[index])
    }
}
