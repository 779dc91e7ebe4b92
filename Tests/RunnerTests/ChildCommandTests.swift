import Foundation
import Testing

@testable import Runner

@Suite("Commands that are run to their end")
struct ChildCommandTests {
    private func run(_ script: String) throws -> ChildCommand {
        try ChildCommand.run(["/bin/sh", "-c", script], in: "/")
    }

    @Test("What they leave running is not waited for, though it holds the output open")
    func daemons() throws {
        let ran = try run("(sleep 5; echo late) & echo early; exit 3")
        #expect(ran.text == "early")
        #expect(ran.status == 3)
    }

    @Test("One that closes its output goes on to its end")
    func closed() throws {
        let ran = try run("echo said; exec >&- 2>&-; exit 4")
        #expect(ran.text == "said")
        #expect(ran.status == 4)
    }

    @Test("The end of a long output is kept, and all of it is given in pieces")
    func long() throws {
        let script = "head -c 20000000 /dev/zero; echo; echo the end"
        let ran = try run(script)
        #expect(ran.lastLine == "the end")
        #expect(ran.output.count < 10_000_000)
        var count = 0
        let end = try ChildCommand.run(["/bin/sh", "-c", script], in: "/") { count += $0.count }
        #expect(end.status == 0)
        #expect(!end.wasEnded)
        #expect(count == 20_000_009)
    }

    /// Runs a script with a limit of an hour that is over when it has printed `ready`.
    ///
    /// Each later look at the clock is so many hours later again.
    private func struck(_ script: String, hoursEach: Int64) throws -> (
        end: ChildCommand.End, output: String, printed: ProcessHandle?
    ) {
        var output: [UInt8] = []
        var looks: Int64 = 0
        var printed: ProcessHandle?
        let hour: Int64 = 3_600_000
        let limit = ChildCommand.TimeLimit(milliseconds: hour, graceMilliseconds: hour) {
            guard String(decoding: output, as: UTF8.self).contains("ready\n") else { return 0 }
            if printed == nil {
                let line = String(decoding: output, as: UTF8.self).split(separator: "\n").first
                printed = line.flatMap { pid_t($0) }.map { ProcessHandle($0) }
            }
            looks += hoursEach
            return (2 * hour + looks * hour) * 1_000_000
        }
        let end = try ChildCommand.run(["/bin/sh", "-c", script], in: "/", limit: limit) {
            output += $0
        }
        return (end, String(decoding: output, as: UTF8.self), printed)
    }

    @Test("One that takes too long is asked to end, and may say a last word")
    func asked() throws {
        let ran = try struck(
            "trap 'echo bye; exit 9' TERM; echo ready; while :; do sleep 0.01; done", hoursEach: 0)
        #expect(ran.end.wasEnded)
        #expect(ran.end.status == 9)
        #expect(ran.output.hasSuffix("bye\n"))
    }

    @Test("One that does not listen is ended, with what it has started")
    func ended() throws {
        // What it starts inherits that it does not listen.
        let ran = try struck(
            "trap '' TERM; sleep 100000 & echo $!; echo ready; sleep 100000; echo no", hoursEach: 2)
        #expect(ran.end.wasEnded)
        #expect(ran.end.status == 256 + 9)
        #expect(!ran.output.contains("no"))
        let started = try #require(ran.printed)
        #expect(started.hasEnded(withinMilliseconds: 60_000))
    }

    @Test("What one that listens has left running in its group is ended too")
    func group() throws {
        let ran = try struck(
            "(trap '' TERM; exec sleep 100000) & echo $!; trap 'exit 9' TERM; echo ready; "
                + "while :; do sleep 0.01; done", hoursEach: 0)
        #expect(ran.end.status == 9)
        let started = try #require(ran.printed)
        #expect(started.hasEnded(withinMilliseconds: 60_000))
    }

    @Test("Errors come among the output, or not at all", arguments: [true, false])
    func errors(merged: Bool) throws {
        var output: [UInt8] = []
        _ = try ChildCommand.run(
            ["/bin/sh", "-c", "echo out; echo err >&2"], in: "/", mergesErrors: merged
        ) { output += $0 }
        #expect(String(decoding: output, as: UTF8.self) == (merged ? "out\nerr\n" : "out\n"))
    }

    @Test(
        "A digest of pieces does not depend on where they end",
        arguments: [1, 65_535, 65_536, 65_537, 200_000])
    func pieces(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        func digest(of bytes: [UInt8], by size: Int) -> PiecewiseDigest {
            var found = PiecewiseDigest()
            for start in stride(from: 0, to: bytes.count, by: size) {
                found.append(bytes[start..<min(start + size, bytes.count)])
            }
            return found
        }
        let whole = digest(of: bytes, by: bytes.count)
        for size in [4_093, 65_536, 70_001] {
            #expect(digest(of: bytes, by: size).digest == whole.digest)
        }
        #expect(digest(of: bytes + [0], by: 4_093).digest != whole.digest)
        #expect(!whole.isEmpty)
        #expect(PiecewiseDigest().isEmpty)
    }
}
