internal import Cassette
internal import Determinism
internal import Runner
internal import Scenarios

/// Arguments that several commands share.
enum Arguments {
    static func command(_ words: [String]) throws(RunnerError) -> [String] {
        guard !words.isEmpty else {
            throw RunnerError(
                .usage, "no command; put the agent's command after --, as in: -- python agent.py")
        }
        return words
    }

    static func fileBytes(_ path: String) throws(RunnerError) -> [UInt8] {
        guard let bytes = System.contents(of: path) else {
            throw RunnerError(.usage, "cannot read \(path)")
        }
        return bytes
    }

    static func fileText(_ path: String) throws(RunnerError) -> String {
        guard let text = String(validating: try fileBytes(path), as: UTF8.self) else {
            throw RunnerError(.usage, "\(path) is not UTF-8; save it in that encoding")
        }
        return text
    }

    /// `1..60`, `7`, or `1..10,20,30..40`.
    static func seeds(_ text: String) throws(RunnerError) -> [Seed] {
        do {
            return try SeedList.parse(text)
        } catch {
            throw RunnerError(.usage, "--seeds \(error.message)")
        }
    }
}
