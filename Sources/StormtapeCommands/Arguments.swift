internal import Cassette
internal import Determinism
internal import Runner

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
        var seeds: [UInt64] = []
        for part in text.split(separator: ",") {
            let ends = replacing("..", with: ":", in: String(part)).split(separator: ":")
            let numbers = ends.compactMap { Seed(text: String($0))?.rawValue }
            guard numbers.count == ends.count, numbers.count == 1 || numbers.count == 2,
                numbers[0] <= numbers[numbers.count - 1]
            else {
                throw RunnerError(
                    .usage, "--seeds \(text): the forms are 7, 1..60 and 1..10,20,30..40")
            }
            let first = numbers[0]
            let last = numbers[numbers.count - 1]
            guard last - first < 1_000_000, seeds.count < 1_000_000 else {
                throw RunnerError(.usage, "--seeds \(text): at most 1,000,000 seeds in one storm")
            }
            seeds += Array(first...last)
        }
        guard !seeds.isEmpty else { throw RunnerError(.usage, "--seeds is empty") }
        return Array(Set(seeds)).sorted().map(Seed.init)
    }
}
