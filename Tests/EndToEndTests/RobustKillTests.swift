import Determinism
import Foundation
import Synchronization
import Testing

extension Robust {
    @Suite("A recording that is killed with signal 9")
    struct KillTests {
        static let cuts = 200
        static let lanes = 2

        @Test("At 200 random instants, every interaction that was answered is in the cassette")
        func keepsWhatWasAnswered() throws {
            let seed =
                ProcessInfo.processInfo.environment["STORMTAPE_TEST_SEED"]
                .flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
            print("STORMTAPE_TEST_SEED=\(seed)")
            let stub = try RobustStub()
            let address = stub.address
            let problems = Mutex<[String]>([])
            let answered = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: Self.lanes) { lane in
                for number in stride(from: lane, to: Self.cuts, by: Self.lanes) {
                    do {
                        let count = try cut(number, seed: seed, upstream: address)
                        answered.withLock { $0 += count }
                    } catch {
                        problems.withLock { $0.append("cut \(number): \(error)") }
                    }
                }
            }
            let found = problems.withLock { $0 }
            #expect(found.isEmpty, "seed \(seed): \(found.prefix(5).joined(separator: "\n"))")
            // Were nothing answered before the kills, nothing would have been tested.
            #expect(answered.withLock { $0 } > Self.cuts)
            withExtendedLifetime(stub) {}
        }

        /// Kills one recording and looks into its cassette; returns how many were answered.
        private func cut(_ number: Int, seed: UInt64, upstream: String) throws -> Int {
            var random = Instants(state: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            let cassette = try RobustFolder.file("cut.cassette")
            let recorder = try start(cassette, upstream: upstream)
            // The line `started` and up to 15 answers, then up to a few milliseconds.
            var lines = Set<String>()
            let wanted = Int(random.next() % 16)
            while lines.count <= wanted, let line = try recorder.line() { lines.insert(line) }
            let spins = random.next() % 2_000
            for _ in 0..<spins { sched_yield() }
            recorder.kill()
            // The end of the output comes when the agent is gone, too.
            while let line = try recorder.line() { lines.insert(line) }
            let result = try recorder.finish()
            guard result.status == 256 + SIGKILL else {
                throw RobustError(description: "it ended by itself: \(result)")
            }
            lines.remove("started")
            try check(cassette, lines)
            if number % 20 == 0 { try replay(cassette) }
            return lines.count
        }

        private func start(_ cassette: String, upstream: String) throws -> RobustProcess {
            try RobustProcess(
                [
                    RobustProgram.stormtape, "record", "--cassette", cassette,
                    "--upstream", "stub=\(upstream)", "--env", "STUB_URL=stub", "--",
                ] + [try RobustProgram.python(), "-S", "-E", "-I"]
                    + ["\(RobustProgram.agents)/many.py"])
        }

        @Test("It is scanned for secrets before its first use")
        func scanned() throws {
            let stub = try RobustStub()
            let cassette = try RobustFolder.file("cut.cassette")
            let recorder = try start(cassette, upstream: stub.address)
            while let line = try recorder.line(), !line.hasPrefix("answered /json/main-0 ") {}
            recorder.kill()
            #expect(try recorder.finish().status == 256 + SIGKILL)
            try replay(cassette)
            // A value that went through the mount turns out to be a secret of this machine.
            let refused = try RobustProcess(
                ["/usr/bin/env", "DEMO_TOKEN=json/main-0", RobustProgram.stormtape, "replay"]
                    + ["--cassette", cassette, "--", "/usr/bin/env", "true"]
            ).finish()
            #expect(refused.status == 2)
            #expect(refused.err.contains("was cut short, and its interaction 1 holds a secret"))
            #expect(!refused.err.contains("json/main-0"))
        }

        private func check(_ cassette: String, _ lines: Set<String>) throws {
            let listing = try RobustProgram.inspect(cassette)
            let rows = listing["interactions"]?.arrayValue ?? []
            let kept = Set(
                rows.map { row in
                    "answered \(row["target"]?.stringValue ?? "") "
                        + "\(row["response_bytes"]?.intValue ?? -1)"
                })
            let lost = lines.subtracting(kept).sorted()
            guard lost.isEmpty else {
                throw RobustError(description: "not in the cassette: \(lost)")
            }
        }

        private func replay(_ cassette: String) throws {
            let report = try RobustProgram.replay(cassette, ["/usr/bin/env", "true"])
            guard report["verdict"]?.stringValue == "passed" else {
                throw RobustError(description: "the cut cassette is not replayed: \(report)")
            }
        }
    }

    /// Numbers from a seed (SplitMix64).
    private struct Instants {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
