internal import Determinism
internal import Scenarios

extension SettingForm where Value == String {
    /// A text that is not empty.
    static var text: SettingForm {
        SettingForm(read: { $0 }, json: { .string($0) }, allowed: "a text")
    }

    /// One of some words.
    static func words(_ words: [String]) -> SettingForm {
        SettingForm(
            read: { $0 }, json: { .string($0) }, isAllowed: { words.contains($0) },
            allowed: "one of " + words.joined(separator: ", "))
    }
}

extension SettingForm where Value == [String] {
    /// The words of a command.
    static var command: SettingForm {
        SettingForm(
            read: { ShellWords.split($0) }, json: { .array($0.map { .string($0) }) },
            isAllowed: { $0.first?.isEmpty == false },
            allowed: "the words of a command, its quotes closed")
    }

    /// One text in a variable, or several in the file.
    static var texts: SettingForm {
        SettingForm(
            read: { [$0] }, json: { .array($0.map { .string($0) }) }, allowed: "a text")
    }
}

extension SettingForm where Value == Bool {
    static var boolean: SettingForm {
        SettingForm(
            read: { ["true": true, "false": false, "1": true, "0": false][$0] },
            json: { .bool($0) }, allowed: "true or false")
    }
}

extension SettingForm where Value == Int64 {
    static func whole(_ range: ClosedRange<Int64>, _ allowed: String) -> SettingForm {
        SettingForm(
            read: { Int64($0) }, json: { .int($0) }, isAllowed: { range.contains($0) },
            allowed: allowed)
    }
}

extension SettingForm where Value == Double {
    /// Seconds, above 0.
    static func seconds(upTo most: Int) -> SettingForm {
        SettingForm(
            read: { Double($0) },
            json: { .number(Int64(exactly: $0).map { String($0) } ?? String($0)) },
            isAllowed: { $0 > 0 && $0 <= Double(most) },
            allowed: "more than 0, at most \(most) seconds")
    }
}

extension SettingForm where Value == Ratio {
    static var share: SettingForm {
        SettingForm(
            read: { Ratio(text: $0) }, json: { .string($0.description) },
            allowed: "the forms are 95%, 19/20 and 0.95")
    }
}

extension SettingForm where Value == Seed {
    /// One seed.
    static var seed: SettingForm {
        SettingForm(
            read: { Seed(text: $0) }, json: { .string($0.description) },
            allowed: "a number from 0 to 2^64-1, or 0x hex")
    }
}

/// Seeds with the text that named them.
struct NamedSeeds {
    var text: String
    var seeds: [Seed]

    init?(_ text: String) {
        guard let seeds = try? SeedList.parse(text) else { return nil }
        self.text = text
        self.seeds = seeds
    }

    init(text: String, seeds: [Seed]) {
        self.text = text
        self.seeds = seeds
    }
}

extension SettingForm where Value == NamedSeeds {
    static var seeds: SettingForm {
        SettingForm(
            read: { NamedSeeds($0) }, json: { .string($0.text) },
            allowed: "the forms are 7, 1..60 and 1..10,20,30..40")
    }
}
