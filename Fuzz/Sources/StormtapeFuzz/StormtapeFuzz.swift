import CLibFuzzer
import Foundation

/// Runs libFuzzer over one law, or prepares and reports such a run for `scripts/fuzz`.
///
///     StormtapeFuzz laws                       the names of the laws
///     StormtapeFuzz seeds LAW FROM TO          writes inputs made from the answers in FROM
///     StormtapeFuzz explain LAW FILE           says what an input breaks
///     StormtapeFuzz regression LAW FILE NAME   the input as an entry of FuzzRegressions.swift
///
/// With a law in `STORMTAPE_FUZZ_LAW` all arguments are libFuzzer's, which starts this program again
/// with other arguments and the same environment.
@main
enum StormtapeFuzz {
    static func main() throws {
        if let name = ProcessInfo.processInfo.environment["STORMTAPE_FUZZ_LAW"] { run(law(name)) }
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "laws": print(Law.all.map(\.name).joined(separator: "\n"))
        case "seeds" where words.count == 4:
            try Seeds.write(for: law(words[1]), from: words[2], to: words[3])
        case "explain" where words.count == 3:
            try explain(law(words[1]), bytes(of: words[2]))
        case "regression" where words.count == 4:
            try printRegression(law(words[1]), bytes(of: words[2]), name: words[3])
        default: fail("give laws, seeds, explain or regression; see docs/FUZZING.md")
        }
    }

    private static func run(_ law: Law) -> Never {
        chosen = law
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { data, count in
                StormtapeFuzz.check(Array(UnsafeBufferPointer(start: data, count: count)))
                return 0
            })
    }

    /// The law that libFuzzer, which takes a plain function, checks.
    nonisolated(unsafe) private static var chosen: Law?

    private static func check(_ bytes: [UInt8]) {
        do throws(LawBroken) {
            try chosen?.check(FuzzInput(bytes))
        } catch {
            fatalError("\(error)")
        }
    }

    private static func explain(_ law: Law, _ bytes: [UInt8]) {
        let input = FuzzInput(bytes)
        print("body: \(String(decoding: input.body, as: UTF8.self).debugDescription)")
        do throws(LawBroken) {
            try law.check(input)
            print("\(law.name) holds")
        } catch {
            print("\(law.name) is broken: \(error)")
        }
    }

    private static func printRegression(_ law: Law, _ bytes: [UInt8], name: String) {
        guard let entry = Regression.entry(law, bytes, name: name) else {
            fail("an input of \(law.name) is no entry: make it a test of its own in FaultsTests")
        }
        print(entry)
    }

    private static func law(_ name: String) -> Law {
        guard let law = Law.named(name) else {
            fail(
                "no law is called \(name); name one of "
                    + Law.all.map(\.name).joined(separator: ", "))
        }
        return law
    }

    static func bytes(of path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data("fuzz: \(message)\n".utf8))
        exit(2)
    }
}
