package import Determinism

/// A failing run as a small text file, to be reviewed and kept in a repository.
///
/// Lines of `name: value`; lines that begin with `#` are for people.
package struct FailureFile: Hashable, Sendable {
    /// The end of every name.
    package static let suffix = ".failure"
    static let bytesMax = 4 << 20

    package var signature: String
    package var scenario: String
    package var cassette: Digest
    /// The closed plan as text that can be pasted.
    package var plan: String
    /// The command that does it again.
    package var reproduce: String

    package init(
        signature: String, scenario: String, cassette: Digest, plan: String, reproduce: String
    ) {
        self.signature = signature
        self.scenario = scenario
        self.cassette = cassette
        self.plan = plan
        self.reproduce = reproduce
    }

    /// The name of the file: equal for equal failures of a scenario, whoever finds them first.
    package var name: String {
        let identity = Digest(hashing: Array("\(scenario)\n\(signature)".utf8))
        return FailureFile.slug(signature) + "-" + identity.hex.prefix(8) + FailureFile.suffix
    }

    /// The whole file.
    package var text: String {
        """
        # A run that failed. `stormtape storm --failures FOLDER` replays it before its seeds.
        # Remove the file when it is no longer wanted.
        signature: \(FailureFile.line(signature))
        scenario: \(FailureFile.line(scenario))
        cassette: \(cassette.hex)
        plan: \(FailureFile.line(plan))
        reproduce: \(FailureFile.line(reproduce))

        """
    }

    /// Reads a file; the message of a failure says what is wrong.
    package init(text: String) throws(FailureFileError) {
        guard text.utf8.count <= FailureFile.bytesMax else {
            throw .tooLarge
        }
        var values: [String: String] = [:]
        for (index, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            guard let first = trimmed.first, first != "#" else { continue }
            let (name, value) = try FailureFile.member(trimmed, line: index + 1)
            guard values.updateValue(value, forKey: name) == nil else {
                throw FailureFileError(line: index + 1, message: "'\(name)' is given twice")
            }
        }
        func value(_ name: String) throws(FailureFileError) -> String {
            guard let value = values[name], !value.isEmpty else {
                throw FailureFileError(line: 1, message: "'\(name)' is missing")
            }
            return value
        }
        signature = try value("signature")
        scenario = try value("scenario")
        plan = try value("plan")
        reproduce = try value("reproduce")
        guard let digest = Digest(hex: try value("cassette")) else {
            throw FailureFileError(line: 1, message: "'cassette' is no hash of a cassette")
        }
        cassette = digest
    }

    private static let names = ["signature", "scenario", "cassette", "plan", "reproduce"]

    private static func member(
        _ line: Substring, line number: Int
    ) throws(FailureFileError) -> (name: String, value: String) {
        guard !line.hasPrefix("<<<<<<<"), !line.hasPrefix(">>>>>>>") else {
            throw FailureFileError(line: number, message: "a merge was left unfinished here")
        }
        let name = String(line.prefix { $0 != ":" })
        guard names.contains(name), name.count < line.count else {
            throw FailureFileError(
                line: number,
                message: "expected 'name: value' with one of the names "
                    + names.joined(separator: ", "))
        }
        let value = line.dropFirst(name.count + 1).drop { $0 == " " }
        return (name, String(value))
    }

    /// A value is one line: what would begin another is a space.
    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private static func slug(_ text: String) -> String {
        let kept = text.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "0"..."9", "_": Character(scalar)
            case "A"..."Z": Character(Unicode.Scalar(scalar.value + 32) ?? "-")
            default: "-"
            }
        }
        let words = String(kept).split(separator: "-").joined(separator: "-")
        return words.isEmpty ? "failure" : String(words.prefix(80))
    }
}

/// Why a text is no failure file.
package struct FailureFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// What is wrong there.
    package let message: String

    static let tooLarge = FailureFileError(line: 1, message: "the file is too large")

    package var description: String { "line \(line): \(message)" }
}
