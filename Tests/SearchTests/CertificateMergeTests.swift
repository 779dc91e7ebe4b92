import Determinism
import Faults
import Judgement
import Search
import Testing

@Suite("Shards of a certificate")
struct CertificateMergeTests {
    private static func shards(_ count: Int) throws -> [Certificate] {
        let runner = try CertificateFixture.remembering()
        return try (1...count).map { index in
            try CertificateFixture.certificate(
                CertificateFixture.options(shard: .init(index: index, of: count)), runner: runner)
        }
    }

    @Test("merged they have the bytes of the whole, in whichever order", arguments: [1, 2, 3, 7])
    func merge(count: Int) throws {
        let whole = try CertificateFixture.certificate()
        let parts = try Self.shards(count)
        #expect(try Certificate.merge(parts).bytes == whole.bytes)
        #expect(try Certificate.merge(parts.reversed()).bytes == whole.bytes)
        // Also from what was written.
        let read = try parts.map { try Certificate(bytes: $0.bytes) }
        #expect(try Certificate.merge(read).bytes == whole.bytes)
    }

    @Test("each row is run by one shard, and what others are built on by all")
    func division() throws {
        let parts = try Self.shards(3)
        for part in parts {
            #expect(!part.isComplete)
            #expect(part.headline.hasPrefix("shard \(part.identity.shard?.index ?? 0) of 3, "))
        }
        for place in parts[0].rows.indices {
            let row = parts[0].rows[place]
            let owners = parts.filter { $0.rows[place].verdict != nil }.count
            switch row.phase {
            case .calm, .singles: #expect(owners == 3)
            case .followUps: #expect(owners == (row.sites.count == 2 ? 3 : 1))
            default: #expect(owners <= 1)
            }
        }
    }

    @Test("the worst grade is that of the whole, whichever shard saw it", arguments: [2, 3, 7])
    func grades(count: Int) throws {
        let options = CertificateFixture.options
        // The last row of all is one shard's alone.
        let last = try #require(try CertificateFixture.certificate().rows.last)
        let plan = try CertificateFixture.certificate().plan(of: last)
        func graded() throws -> GradedRunner {
            GradedRunner(
                ExplorerFixture.runner(CertificateFixture.agent(), try CertificateFixture.space())
            ) { $0 == plan ? .c : $0.faults.count == 1 ? .b : .a }
        }
        let whole = try CertificateFixture.certificate(runner: graded())
        #expect(whole.grade == .c)
        #expect(try Certificate(bytes: whole.bytes) == whole)
        let parts = try (1...count).map { index in
            try CertificateFixture.certificate(
                options(.init(index: index, of: count)), runner: graded())
        }
        #expect(parts.count { $0.grade == .c } == 1)
        #expect(parts.count { $0.grade == .b } == count - 1)
        #expect(try Certificate.merge(parts).bytes == whole.bytes)
        #expect(try CertificateFixture.certificate().grade == .a)
    }

    @Test("the grade is all that shards of machines with less control change")
    func machines() throws {
        func part(_ shard: ExplorationOptions.Shard?, _ grade: GradeLetter) throws -> Certificate {
            try CertificateFixture.certificate(
                CertificateFixture.options(shard: shard),
                runner: GradedRunner(
                    ExplorerFixture.runner(
                        CertificateFixture.agent(), try CertificateFixture.space())
                ) { _ in grade })
        }
        let whole = try part(nil, .a)
        var merged = try Certificate.merge([
            part(.init(index: 1, of: 2), .a), part(.init(index: 2, of: 2), .b),
        ])
        #expect(merged.grade == .b)
        #expect(merged.digest != whole.digest, "the seal is over the grade too")
        merged.grade = .a
        #expect(merged.bytes == whole.bytes)
    }

    @Test("a certificate of the whole is merged into itself")
    func alone() throws {
        let whole = try CertificateFixture.certificate()
        #expect(try Certificate.merge([whole]) == whole)
    }

    @Test("what does not belong together is refused, and it says why")
    func refusals() throws {
        let parts = try Self.shards(3)
        let whole = try CertificateFixture.certificate()
        func failure(_ parts: [Certificate]) -> CertificateError? {
            do {
                _ = try Certificate.merge(parts)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure([])?.code == .wrongShards)
        #expect(failure([parts[0], parts[2]])?.message == "of 3 shards 2 is missing")
        #expect(failure([parts[1]])?.message == "of 3 shards 1, 3 are missing")
        var lone = parts[0]
        lone.identity.shard = .init(index: 2, of: 100_000)
        #expect(
            failure([lone])?.message
                == "of 100000 shards 1, 3, 4, 5, 6 and 99994 more are missing")
        #expect(
            failure(parts + [parts[1]])?.message.hasPrefix("shard 2 of 3 is there twice") == true)
        #expect(failure(parts + [whole])?.code == .wrongShards)
        var other = parts
        other[1].identity.agent = Digest(hashing: [])
        #expect(failure(other)?.code == .differentIdentity)
        #expect(failure(other)?.path == "$.identity.agent")
        other = parts
        other[2].identity.shard = .init(index: 3, of: 4)
        #expect(failure(other)?.path == "$.identity.shard.count")
        other = parts
        other[1].wasCutOff = true
        #expect(failure(other)?.code == .incompleteShard)
        other = parts
        let place = parts[0].rows.lastIndex { $0.phase == .pairs && $0.verdict != nil } ?? 0
        for part in other.indices {
            other[part].rows[place].verdict = nil
            other[part].rows[place].digest = nil
            other[part].rows[place].failure = nil
            other[part].rows[place].standing = .left
        }
        #expect(failure(other)?.code == .incompleteShard)
        #expect(failure(other)?.message.contains(parts[0].rows[place].name) == true)
    }

    @Test("two shards that saw different things of one plan are told apart by the row")
    func nondeterminism() throws {
        let space = try CertificateFixture.space()
        let spoiled = space.sites[4].fault
        let first = try CertificateFixture.certificate(
            CertificateFixture.options(shard: .init(index: 1, of: 2)))
        let second = try CertificateFixture.certificate(
            CertificateFixture.options(shard: .init(index: 2, of: 2)),
            runner: UnsteadyRunner(
                ExplorerFixture.runner(CertificateFixture.agent(), space),
                spoils: { $0.faults == [spoiled] }))
        #expect {
            try Certificate.merge([first, second])
        } throws: { error in
            guard let error = error as? CertificateError else { return false }
            return error.code == .nondeterministic && error.message.hasPrefix("singles 4 ended as ")
                && error.message.contains("run `stormtape verify`")
        }
    }
}
