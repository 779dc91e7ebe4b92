import Determinism
import Foundation
import Testing

extension Robust {
    @Suite("A cassette in the hands of two, or of a machine that refuses")
    struct SharingTests {
        static let many = """
            for number in range(40):
                assert len(get('/size/%d' % (65536 + 16 * number))) == 65536 + 16 * number
            print("all answered", flush=True)
            """

        @Test("A second recording into the same file is refused, and the first is unharmed")
        func twoRecordings() throws {
            let stub = try RobustStub()
            let cassette = try RobustFolder.file("shared.cassette")
            let waiting = try RobustProgram.agent(
                "get('/json/a'); print('recorded', flush=True); time.sleep(0.01)\n"
                    + "while not os.path.exists(sys.argv[1]): time.sleep(0.01)\nget('/json/b')")
            let sign = try RobustFolder.file("go-on")
            let first = try RobustProcess(
                [
                    RobustProgram.stormtape, "record", "--cassette", cassette,
                    "--upstream", "stub=\(stub.address)", "--env", "STUB_URL=stub", "--",
                ] + waiting + [sign])
            #expect(try first.line() == "recorded")
            for option in [[], ["--overwrite"]] {
                let second = try RobustProgram.record(
                    cassette, upstream: stub.address, options: option,
                    try RobustProgram.agent("get('/json/c')"))
                #expect(second.status == 2)
                #expect(
                    second.err.contains(
                        option.isEmpty ? "a file is there already" : "another recording writes"))
            }
            try Data().write(to: URL(fileURLWithPath: sign))
            #expect(try first.finish().status == 0)
            let rows = try RobustProgram.inspect(cassette)["interactions"]?.arrayValue ?? []
            #expect(rows.compactMap { $0["target"]?.stringValue } == ["/json/a", "/json/b"])
        }

        @Test("Two storms at once on one cassette have equal digests")
        func twoStorms() throws {
            let cassette = try RobustProgram.tape("get('/json/a')", try RobustStub())
            let scenario = try RobustFolder.file("storm.yaml")
            let text = """
                scenario: refused
                faults:
                  - fault: rate-limit-429
                    on: { upstream: stub, probability: 1/2 }

                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: scenario))
            let agent = try RobustProgram.agent("get('/json/a')")
            let command =
                [RobustProgram.stormtape, "storm", "--no-history", "--cassette", cassette]
                + ["--scenario", scenario, "--seeds", "1..6", "--workers", "2"]
                + ["--format", "json", "--"] + agent
            let storms = [try RobustProcess(command), try RobustProcess(command)]
            let digests = try storms.map { try $0.finish().json()["digest"]?.stringValue }
            #expect(digests[0] != nil)
            #expect(digests[0] == digests[1])
        }

        @Test("A cassette that may only be read, in a folder that may only be read, is replayed")
        func readOnly() throws {
            // Root may write everywhere; what is seen then is that nothing is written.
            let cassette = try RobustProgram.tape("get('/json/a')", try RobustStub())
            let folder = (cassette as NSString).deletingLastPathComponent
            chmod(cassette, 0o400)
            chmod(folder, 0o500)
            defer { chmod(folder, 0o700) }
            let before = try FileManager.default.contentsOfDirectory(atPath: folder)
            let report = try RobustProgram.replay(
                cassette, try RobustProgram.agent("get('/json/a')"))
            #expect(report["verdict"]?.stringValue == "passed")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == before)
        }

        @Test("When the file can grow no more, the agent goes on and the recording says so")
        func noSpace() throws {
            let stub = try RobustStub()
            let cassette = try RobustFolder.file("full.cassette")
            let script = "ulimit -f 800; exec \"$@\""
            let record =
                ["/usr/bin/env", "bash", "-c", script, "bash", RobustProgram.stormtape, "record"]
                + ["--cassette", cassette, "--upstream", "stub=\(stub.address)"]
                + ["--env", "STUB_URL=stub", "--"]
            let agent = try RobustProgram.agent(Self.many)
            let result = try RobustProcess(record + agent).finish()
            #expect(result.out == "all answered\n")
            #expect(result.status == 2)
            #expect(result.err.contains("the cassette lacks"))
            #expect(result.err.contains("check the disk"))
            let rows = try RobustProgram.inspect(cassette)["interactions"]?.arrayValue ?? []
            #expect(rows.count > 0 && rows.count < 40)
        }
    }
}
