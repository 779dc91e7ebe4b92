internal import ArgumentParser
internal import Runner
internal import Scenarios

/// A test in the agent's repository: it fails while the agent breaks under a plan, and passes when
/// it is mended.
struct EmittedTest {
    /// The languages in which tests are written.
    enum Language: String, ExpressibleByArgument, CaseIterable {
        case pytest
        case swift
    }

    let language: Language
    /// What breaks, in words.
    let failure: String
    /// The words that follow the name of the program.
    let arguments: [String]
    /// Where it is written, relative to the folder in which the command runs.
    let path: String

    /// The source.
    var text: String {
        switch language {
        case .pytest: pytest
        case .swift: swift
        }
    }

    /// A name that says what breaks, as words of letters and digits.
    private var words: [String] {
        let letters = failure.unicodeScalars.map { scalar -> Character in
            ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
                ? Character(scalar)
                : ("A"..."Z").contains(scalar) ? Character(scalar) : " "
        }
        let words = String(letters).lowercased().split(separator: " ").prefix(12).map(String.init)
        return words.isEmpty ? ["failure"] : words
    }

    /// How many folders the test lies below the one in which the command runs; nil when it lies
    /// elsewhere.
    private var depth: Int? {
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !path.hasPrefix("/"), !parts.contains("..") else { return nil }
        return parts.count - 1
    }

    /// A path as it is from the folder in which the command runs, where it lies below that.
    static func relative(_ path: String) -> String {
        let here = ConfigurationSearch.workingFolder + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    private static let fileNameMax = 80

    /// A file name that the runner of tests finds.
    static func standardPath(_ language: Language, failure: String) -> String {
        let words = EmittedTest(language: language, failure: failure, arguments: [], path: "").words
        switch language {
        case .pytest:
            return String("test_storm_\(words.joined(separator: "_"))".prefix(fileNameMax)) + ".py"
        case .swift:
            let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            return String("Storm\(name)".prefix(fileNameMax)) + "Tests.swift"
        }
    }

    private var comment: String {
        "It replays one plan of faults against the recorded run, offline: it fails while the agent "
            + "breaks under them, and passes when it is mended."
    }

    // MARK: Python

    private var pytest: String {
        let root = depth.map { ".parents[\($0)]" }
        return """
            \"\"\"\(Self.python(failure, quotes: false))

            Written by `stormtape shrink --emit-test pytest`. \(comment)
            \"\"\"

            import os
            import subprocess
            \(root == nil ? "" : "from pathlib import Path\n")
            ARGUMENTS = [
            \(arguments.map { "    " + Self.python($0) + "," }.joined(separator: "\n"))
            ]


            def test_\(words.joined(separator: "_"))():
                run = subprocess.run(
                    [os.environ.get("STORMTAPE", "stormtape"), *ARGUMENTS],
                    cwd=\(root.map { "Path(__file__).resolve()\($0)" } ?? "None"),
                    capture_output=True,
                    text=True,
                )
                assert run.returncode == 0, f"exit code {run.returncode}\\n{run.stdout}{run.stderr}"

            """
    }

    /// A literal; ASCII, so that no encoding can spoil it.
    private static func python(_ text: String, quotes: Bool = true) -> String {
        var literal = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": literal += "\\\\"
            case "\"": literal += "\\\""
            case " "..."~": literal.unicodeScalars.append(scalar)
            default: literal += "\\U" + hex(scalar, digits: 8)
            }
        }
        return quotes ? "\"\(literal)\"" : literal
    }

    private static func hex(_ scalar: Unicode.Scalar, digits: Int) -> String {
        let text = String(scalar.value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    // MARK: Swift

    private var swift: String {
        let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let up = depth.map { String(repeating: ".deletingLastPathComponent()", count: $0 + 1) }
        let folder = up.map {
            "\n        run.currentDirectoryURL = URL(filePath: #filePath)\($0)"
        }
        return """
            // Written by `stormtape shrink --emit-test swift`. \(comment)
            import Foundation
            import Testing

            @Suite(\(Self.swift("Storm: " + failure)))
            struct Storm\(name)Tests {
                @Test("The agent stands the storm")
                func standsTheStorm() throws {
                    let run = Process()
                    run.executableURL = URL(filePath: "/usr/bin/env")
                    run.arguments = [
                        ProcessInfo.processInfo.environment["STORMTAPE"] ?? "stormtape",
            \(arguments.map { "            " + Self.swift($0) + "," }.joined(separator: "\n"))
                    ]\(folder ?? "")
                    let output = Pipe()
                    run.standardOutput = output
                    run.standardError = output
                    try run.run()
                    let printed = output.fileHandleForReading.readDataToEndOfFile()
                    run.waitUntilExit()
                    #expect(
                        run.terminationStatus == 0, "\\(String(decoding: printed, as: UTF8.self))")
                }
            }

            """
    }

    private static func swift(_ text: String) -> String {
        var literal = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": literal += "\\\\"
            case "\"": literal += "\\\""
            case " "..."~": literal.unicodeScalars.append(scalar)
            default: literal += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return "\"\(literal)\""
    }
}
