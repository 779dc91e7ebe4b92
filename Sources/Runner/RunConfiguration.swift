package import Determinism

/// What all runs of one command have in common.
///
/// It travels to workers as JSON.
package struct RunConfiguration: Hashable, Sendable {
    /// The path of the cassette.
    package var cassette: String
    /// The agent's command.
    package var command: [String]
    /// The text of the scenario, and the name it has in messages; nil for none.
    package var scenario: ScenarioSource?
    /// How long one run may take in real time.
    package var wallLimitMilliseconds: Int64
    /// Whether delays are slept for real.
    package var sleepsForReal: Bool
    /// Whether the agent runs on the simulation's clock, where this system allows it.
    package var usesVirtualClock = true
    /// Whether the agent's output is shown on standard error too.
    package var showsOutput: Bool
    /// Whether a network namespace is tried.
    package var isolatesNetwork: Bool
    /// Whether every failing run, and a sample of the others, is made twice and compared.
    package var confirmsFailures = true

    /// How many processes an agent may have at a time, under the virtual clock.
    package var processesMax: Int64 = 1_000
    /// How much resident memory an agent's processes may take together, under the virtual clock.
    package var memoryMebibytesMax: Int64 = 8_192
    /// What the agent is asked, when it is a server.
    package var ask: AskSource?
    /// What the agent is asked in place of the recorded prompt.
    package var prompt: String?
    /// The mutation of the prompt.
    package var mutation: String?
    /// What must hold beside the scenario's own invariants, in their JSON form.
    package var invariants: [JSONValue] = []
    /// The recorded answers of judges; nil where none is named.
    package var judges: JudgesSource?
    /// Options, as `wall-limit`, that a line which does a run again gives even with their usual
    /// value: the file may say otherwise.
    package var spelled: [String] = []
    /// The words that choose the configuration file; empty for the one that is found.
    package var file: [String] = []

    /// A scenario's file name and text.
    package struct ScenarioSource: Hashable, Sendable {
        package var file: String
        package var text: String

        package init(file: String, text: String) {
            self.file = file
            self.text = text
        }
    }

    /// Creates a configuration.
    package init(
        cassette: String, command: [String], scenario: ScenarioSource? = nil,
        wallLimitMilliseconds: Int64 = 60_000, sleepsForReal: Bool = false,
        showsOutput: Bool = false, isolatesNetwork: Bool = true
    ) {
        self.cassette = cassette
        self.command = command
        self.scenario = scenario
        self.wallLimitMilliseconds = wallLimitMilliseconds
        self.sleepsForReal = sleepsForReal
        self.showsOutput = showsOutput
        self.isolatesNetwork = isolatesNetwork
    }

    /// The JSON form.
    var json: JSONValue {
        var members: [JSONMember] = [
            JSONMember("cassette", .string(cassette)),
            JSONMember("command", .array(command.map { .string($0) })),
            JSONMember("wall_limit_ms", .int(wallLimitMilliseconds)),
            JSONMember("sleeps", .bool(sleepsForReal)),
            JSONMember("virtual_clock", .bool(usesVirtualClock)),
            JSONMember("processes_max", .int(processesMax)),
            JSONMember("memory_mib_max", .int(memoryMebibytesMax)),
            JSONMember("shows_output", .bool(showsOutput)),
            JSONMember("isolates", .bool(isolatesNetwork)),
        ]
        if let scenario {
            members.append(JSONMember("scenario_file", .string(scenario.file)))
            members.append(JSONMember("scenario_text", .string(scenario.text)))
        }
        if let mutation { members.append(JSONMember("mutation", .string(mutation))) }
        if let prompt { members.append(JSONMember("prompt", .string(prompt))) }
        if !invariants.isEmpty { members.append(JSONMember("invariants", .array(invariants))) }
        if let ask { members.append(JSONMember("ask", ask.json)) }
        if let judges { members.append(JSONMember("judges", judges.json)) }
        for (name, words) in [("spelled", spelled), ("file", file)] where !words.isEmpty {
            members.append(JSONMember(name, .array(words.map { .string($0) })))
        }
        return .object(members)
    }

    /// Reads the JSON form; nil when it is not one, which is our bug.
    init?(json: JSONValue) {
        guard let cassette = json["cassette"]?.stringValue,
            let command = json["command"]?.arrayValue?.compactMap(\.stringValue),
            let limit = json["wall_limit_ms"]?.intValue, let sleeps = json["sleeps"]?.boolValue,
            let shows = json["shows_output"]?.boolValue,
            let isolates = json["isolates"]?.boolValue,
            let usesVirtualClock = json["virtual_clock"]?.boolValue,
            let processesMax = json["processes_max"]?.intValue,
            let memoryMebibytesMax = json["memory_mib_max"]?.intValue
        else { return nil }
        self.init(
            cassette: cassette, command: command, wallLimitMilliseconds: limit,
            sleepsForReal: sleeps, showsOutput: shows, isolatesNetwork: isolates)
        self.usesVirtualClock = usesVirtualClock
        self.processesMax = processesMax
        self.memoryMebibytesMax = memoryMebibytesMax
        prompt = json["prompt"]?.stringValue
        mutation = json["mutation"]?.stringValue
        invariants = json["invariants"]?.arrayValue ?? []
        ask = json["ask"].flatMap { AskSource(json: $0) }
        judges = json["judges"].flatMap { JudgesSource(json: $0) }
        spelled = json["spelled"]?.arrayValue?.compactMap(\.stringValue) ?? []
        file = json["file"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if let file = json["scenario_file"]?.stringValue,
            let text = json["scenario_text"]?.stringValue
        {
            scenario = ScenarioSource(file: file, text: text)
        }
    }
}
