internal import Cassette
internal import Determinism

/// Commands as a person would paste them into a shell.
package enum CommandLineText {
    /// A word, quoted where a shell would take it apart.
    package static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-_./=:,@%+".utf8.contains(byte)
            }
        }
        if plain, !word.isEmpty { return word }
        return "'" + replacing("'", with: "'\\''", in: word) + "'"
    }

    /// The line that replays a plan.
    package static func reproduce(_ configuration: RunConfiguration, blob: String) -> String {
        let conditions = configuration.conditions.map { quoted($0) + " " }.joined()
        return "stormtape replay --cassette \(quoted(configuration.cassette)) \(conditions)"
            + "--plan \(blob) \(agent(configuration))"
    }

    /// The agent, and what it is asked, as the end of a command line.
    static func agent(_ configuration: RunConfiguration) -> String {
        let command = configuration.command.map(quoted).joined(separator: " ")
        let ask = (configuration.ask?.arguments ?? []).map { quoted($0) + " " }.joined()
        return "\(ask)-- \(command)"
    }
}

extension RunConfiguration {
    /// The options that make `replay` run the agent as this does, beside cassette, plan and agent.
    ///
    /// The plan holds what the scenario, the prompt, its mutation and the invariants decided. What
    /// only shows the agent's output, or makes a run twice, changes no run.
    package var conditions: [String] {
        let usual = RunConfiguration(cassette: "", command: [])
        var words = file
        func add(_ option: String, _ value: String, isUsual: Bool) {
            guard !isUsual || spelled.contains(option) else { return }
            words += ["--\(option)", value]
        }
        add(
            "wall-limit", SecondsText.text(milliseconds: wallLimitMilliseconds),
            isUsual: wallLimitMilliseconds == usual.wallLimitMilliseconds)
        add(
            "pace", sleepsForReal ? "real" : "immediate",
            isUsual: sleepsForReal == usual.sleepsForReal)
        add(
            "clock", usesVirtualClock ? "virtual" : "real",
            isUsual: usesVirtualClock == usual.usesVirtualClock)
        add(
            "memory-limit", String(memoryMebibytesMax),
            isUsual: memoryMebibytesMax == usual.memoryMebibytesMax)
        add(
            "process-limit", String(processesMax), isUsual: processesMax == usual.processesMax)
        if let judges { words += ["--judges", judges.path] }
        // That it is isolated can be said by the file and the environment alone.
        if !isolatesNetwork { words.append("--no-isolation") }
        return words
    }
}

/// Seconds as options take them.
enum SecondsText {
    /// `60`, `0.05`.
    static func text(milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        guard rest > 0 else { return String(whole) }
        var digits = String(1_000 + rest).dropFirst()
        while digits.last == "0" { digits = digits.dropLast() }
        return "\(whole).\(digits)"
    }
}
