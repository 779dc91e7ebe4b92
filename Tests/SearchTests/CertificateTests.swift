import Cassette
import Determinism
import Faults
import Judgement
import Search
import Testing

@Suite("Certificates")
struct CertificateTests {
    @Test("what is written reads back equal, byte for byte")
    func roundTrip() throws {
        let certificate = try CertificateFixture.certificate()
        let again = try Certificate(bytes: certificate.bytes)
        #expect(again == certificate)
        #expect(again.bytes == certificate.bytes)
        // It holds every standing that a complete exploration has, and failures.
        let standings = Set(certificate.rows.map(\.standing))
        #expect(standings.isSuperset(of: [.covered, .unreachable, .equivalent, .inapplicable]))
        #expect(!certificate.failures.isEmpty)
        #expect(!certificate.plans.isEmpty)
        #expect(!certificate.sites.isEmpty)
    }

    @Test("the last member of its text is the digest of all others")
    func seal() throws {
        let certificate = try CertificateFixture.certificate()
        let text = String(decoding: certificate.bytes, as: UTF8.self)
        #expect(text.hasSuffix(#","seal":"\#(certificate.digest.hex)"}"# + "\n"))
        var json = certificate.json
        json["seal"] = nil
        #expect(Digest(hashing: json.canonical()) == certificate.digest)
    }

    @Test("rows have the plans that were run, and the digests that were seen")
    func plans() throws {
        let found = try CertificateFixture.explore()
        let certificate = Certificate(found, identity: try CertificateFixture.identity())
        let read = try Certificate(bytes: certificate.bytes)
        #expect(read.rows.count == found.rows.count)
        for (row, original) in zip(read.rows, found.rows) {
            #expect(read.plan(of: row) == found.plan(of: original))
            #expect(row.digest == original.digest?.prefix64)
            #expect(row.verdict == original.verdict)
        }
    }

    @Test("one that was cut off and resumed, by any number of workers, has the same bytes")
    func resumption() throws {
        let runner = try CertificateFixture.remembering()
        let whole = try CertificateFixture.certificate(runner: runner)
        for most in stride(from: 0, to: whole.runs, by: 13) {
            var options = CertificateFixture.options()
            options.runsMax = most
            let part = try CertificateFixture.certificate(options, runner: runner)
            #expect(!part.isComplete)
            #expect(part.headline.hasPrefix("incomplete ("))
            #expect(try Certificate(bytes: part.bytes) == part)
        }
        #expect(try CertificateFixture.certificate(runner: runner).bytes == whole.bytes)
        let wide = RememberingRunner(runner, width: 5)
        #expect(try CertificateFixture.certificate(runner: wide).bytes == whole.bytes)
    }

    @Test("the name of a scenario decides nothing, all else of it does")
    func scenario() {
        let scenario = CertificateFixture.scenario()
        var named = scenario
        named.name = "another"
        #expect(named.digest == scenario.digest)
        let changes: [(inout Scenario) -> Void] = [
            { $0.faults.removeLast() }, { $0.faults.swapAt(0, 1) },
            { $0.invariants = [["exit_code": 1]] }, { $0.offTape = .fail },
            { $0.stubs = [Stub(body: "")] },
            { $0.normalisers = [Normaliser(upstream: nil, path: "$.id", kind: .date)] },
            { $0.faults[0].times = nil }, { $0.faults[0].selector.call = 2 },
            { $0.faults[0].selector.attempt = 2 }, { $0.faults[0].selector.upstream = "llm" },
            { $0.faults[0].selector.kind = .tool }, { $0.faults[0].selector.tool = "GET /a" },
            { $0.faults[0].selector.route = "GET /a" }, { $0.faults[0].selector.model = "m" },
            { $0.faults[0].selector.wireProtocol = "mcp" },
            { $0.faults[0].selector.stream = true }, { $0.faults[0].selector.every = 2 },
            { $0.faults[0].selector.first = 2 }, { $0.faults[0].selector.after = 2 },
            { $0.faults[0].selector.windowMilliseconds = 0...5 },
            { $0.faults[0].selector.probability = .never },
            { $0.faults[0].selector.arguments = [JSONMember("/a", 1)] },
            { $0.faults[0].settings = [("code", .fixed(503))] },
            { $0.faults[0].settings = [("code", .range(503...504))] },
            { $0.faults[0].settings = [("code", .word(.first))] },
        ]
        let digests = changes.map { change in
            var changed = scenario
            change(&changed)
            return changed.digest
        }
        #expect(Set(digests + [scenario.digest]).count == changes.count + 1)
    }

    // MARK: Words

    @Test("the headline says what was tried and what came of it")
    func headline() throws {
        let space = try ExplorerFixture.space()
        let found = try ExplorerFixture.explore("retries", space, .pairs)
        let identity = CertificateIdentity(
            cassette: space.base.cassette, agent: Digest(hashing: []), agentDescription: "agent",
            scenario: space.scenario, space: FaultSpace.Options(), options: .pairs)
        let certificate = Certificate(found, identity: identity)
        #expect(certificate.isComplete)
        #expect(
            certificate.headline
                == "all single faults and all pairs of 4 kinds at every call, with follow-ups: "
                + "171 runs, 0 violations, 70 equivalent")
        #expect(
            certificate.lines == [
                certificate.headline, "",
                "rung        combinations  run  covered  masked  unreachable  equivalent  "
                    + "inapplicable  left  failed",
                "calm                   1    1        -       -            -           -  "
                    + "           -     0       0",
                "singles               20   20       20       0            0           0  "
                    + "           0     0       0",
                "follow-ups            60   60       60       0            0           0  "
                    + "           0     0       0",
                "pairs                160   90       90       0            0          70  "
                    + "           0     0       0",
                "grade A, the worst of the runs",
            ])
    }

    @Test("violations, and faults that cannot apply, are named")
    func lines() throws {
        let certificate = try CertificateFixture.certificate()
        let text = certificate.lines.joined(separator: "\n")
        #expect(text.contains("violations of 1 kind"))
        #expect(text.contains("failed: violated exit_code"))
        #expect(text.contains("inapplicable: tool-stale: "))
    }

    @Test("runs off the tape are shown, and nothing is green with them")
    func offTape() throws {
        let scenario = ExplorerFixture.scenario(["server-error"], rules: [])
        let space = try ExplorerFixture.space(scenario, count: 2)
        var questions = ExplorerFixture.questions(count: 2)
        questions.append(.init(upstream: "shop", request: ExplorerFixture.order(77)))
        var agent = GroupAgent(questions, groups: [[0], [1]])
        agent.failure = .goOn
        // After an error it asks for what nobody recorded.
        agent.groups = [[0], [1], [2]]
        var explorer = Explorer(
            space, runner: InProcessRunner(agent, tape: space.tape), options: .singles)
        let certificate = Certificate(
            try explorer.explore(),
            identity: CertificateIdentity(
                cassette: space.base.cassette, agent: Digest(hashing: []),
                agentDescription: "agent", scenario: scenario, space: FaultSpace.Options(),
                options: .singles))
        #expect(certificate.isComplete && certificate.failures.isEmpty)
        #expect(certificate.headline.hasSuffix("3 runs, 0 violations, 3 off-tape"))
        #expect(certificate.lines.contains("3 runs off-tape: not green"))
    }

    // MARK: Samples

    @Test("a sample holds what failed, and a larger one holds the smaller one")
    func sample() throws {
        let certificate = try CertificateFixture.certificate()
        let failed = certificate.rows.filter { $0.failure != nil }
        #expect(failed.count > 3)
        #expect(certificate.sample(0, seed: Seed(1)) == failed)
        let small = certificate.sample(10, seed: Seed(1))
        let large = certificate.sample(25, seed: Seed(1))
        #expect(small.count == failed.count + 10)
        #expect(Set(large).isSuperset(of: small))
        #expect(certificate.sample(10, seed: Seed(2)) != small)
        #expect(small == certificate.rows.filter { small.contains($0) })
        let few = certificate.sample(4, seed: Seed(1), failuresMax: 3)
        #expect(few.count == 7)
        #expect(Set(few).isSuperset(of: failed.prefix(3)))
        #expect(certificate.sample(.max, seed: Seed(1)).count == certificate.runs)
        #expect(certificate.sample(-1, seed: Seed(1), failuresMax: 0).isEmpty)
    }

    @Test("runs that are made again are compared with it")
    func verification() throws {
        let certificate = try Certificate(bytes: CertificateFixture.certificate().bytes)
        let rows = certificate.sample(20, seed: Seed(9))
        let runner = try CertificateFixture.remembering()
        var seen = try runner.run(rows.map { certificate.plan(of: $0) })
        #expect(certificate.verification(rows, seen).isEmpty)
        seen[3].digest = Digest(hashing: [])
        seen[5].verdict = .nondeterministic
        let differences = certificate.verification(rows, seen)
        #expect(differences.map(\.row) == [rows[3], rows[5]])
        #expect(differences[0].text.hasPrefix("\(rows[3].name): the certificate says "))
        #expect(differences[0].text.contains("e3b0c44298fc1c14"))
        #expect(differences[1].text.contains("the run was nondeterministic"))
    }
}
