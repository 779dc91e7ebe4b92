internal import Cassette
package import Determinism

extension ProjectConfiguration.UpstreamEntry {
    /// The form in the file; its name is the key.
    package var json: JSONValue {
        var members: [JSONMember] = []
        if let address { members.append(JSONMember("address", .string(address))) }
        if let kind { members.append(JSONMember("kind", .string(kind.rawValue))) }
        if let wireProtocol { members.append(JSONMember("protocol", .string(wireProtocol))) }
        if !variables.isEmpty { members.append(JSONMember("env", .texts(variables))) }
        if !reads.isEmpty { members.append(JSONMember("reads", .texts(reads))) }
        return .object(members)
    }
}

extension ProjectConfiguration.Prompt {
    /// The form in the file.
    package var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .file(let path): ["file": .string(path)]
        }
    }
}

extension ProjectConfiguration.ScenarioEntry {
    /// The form in the file.
    package var json: JSONValue {
        var members: [JSONMember] = []
        switch source {
        case .file(let path): members.append(JSONMember("file", .string(path)))
        case .preset(let name): members.append(JSONMember("preset", .string(name)))
        case .inline: break
        }
        if let name { members.append(JSONMember("name", .string(name))) }
        if let seedText { members.append(JSONMember("seeds", .string(seedText))) }
        if !invariants.isEmpty { members.append(JSONMember("invariants", .array(invariants))) }
        if case .inline(let text) = source, let json = try? JSONValue.parse(text: text) {
            members += (json.objectValue ?? []).filter { $0.key != "scenario" }
        }
        return .object(members)
    }
}

extension ProjectConfiguration.ReportEntry {
    /// The form in the file.
    package var json: JSONValue { ["format": .string(format), "path": .string(path)] }
}

extension JSONValue {
    /// A list of texts.
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
