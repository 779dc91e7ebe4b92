import Determinism
import Faults
import Search
import Testing

@Suite("Certificates of runs that judges judged")
struct JudgedCertificateTests {
    @Test("the cassette of judges is part of the identity, and reads back")
    func identity() throws {
        var identity = try CertificateFixture.identity()
        #expect(identity.json["judges"] == nil)
        let judges = Digest(hashing: [1])
        identity.judges = judges
        let found = try CertificateFixture.explore()
        let certificate = Certificate(found, identity: identity)
        let again = try Certificate(bytes: certificate.bytes)
        #expect(again.identity.judges == judges)
        #expect(again == certificate)
        let other = Certificate(found, identity: try CertificateFixture.identity())
        #expect(other.digest != certificate.digest)
    }

    private static func waiting(_ shard: ExplorationOptions.Shard? = nil) throws -> Certificate {
        let runner = WaitingRunner(try CertificateFixture.remembering())
        return try CertificateFixture.certificate(
            CertificateFixture.options(shard: shard), runner: runner)
    }

    @Test("verdicts that wait for a judge are told, and read back")
    func waiting() throws {
        let certificate = try Self.waiting()
        let count = certificate.rows.count { $0.verdict != nil } * 2
        #expect(certificate.waiting == count)
        let text = "\(Self.number(count)) verdicts wait for a judge"
        #expect(certificate.headline.contains(", \(text)"), "\(certificate.headline)")
        #expect(certificate.lines.contains("\(text): they count neither way"))
        #expect(try Certificate(bytes: certificate.bytes) == certificate)
        let none = try CertificateFixture.certificate()
        #expect(none.waiting == 0 && !none.headline.contains("judge"))
    }

    @Test("shards count each verdict that waits once", arguments: [1, 2, 3])
    func shards(count: Int) throws {
        let parts = try (1...count).map { try Self.waiting(.init(index: $0, of: count)) }
        #expect(try Certificate.merge(parts).bytes == Self.waiting().bytes)
    }

    @Test("shards that saw other verdicts wait do not fit")
    func disagreement() throws {
        var parts = try (1...2).map { try Self.waiting(.init(index: $0, of: 2)) }
        let shared = try #require(parts[1].rows.firstIndex { $0.phase == .singles })
        parts[1].rows[shared].waiting = 1
        #expect(throws: CertificateError.self) { try Certificate.merge(parts) }
    }

    @Test("a row that was not run waits for no judge", arguments: [0, -1, 2_000_000, 2])
    func contradiction(waiting: Int64) throws {
        let part = try Self.waiting(.init(index: 1, of: 2))
        let phase = try #require(part.phases.firstIndex(of: .pairs))
        let row = try #require(
            part.rows.filter { $0.phase == .pairs }.firstIndex { $0.standing == .left })
        let json = CertificateFixture.resealed(part.json) { json in
            let items: [JSONValue] = [
                .int(Int64(row)), json["phases"]?[phase]?["rows"]?[row]?[1] ?? [], "left",
                .null, .null, .null, .null, .null, .int(waiting),
            ]
            let path = ["phases", String(phase), "rows", String(row)]
            CertificateFixture.set(.array(items), in: &json, path)
        }
        #expect(throws: CertificateError.self) { try Certificate(json: json) }
    }

    /// As counts stand in texts.
    private static func number(_ count: Int) -> String {
        count < 1_000 ? "\(count)" : "\(count / 1_000)," + String(1_000 + count % 1_000).dropFirst()
    }
}

/// A runner in whose runs two rules wait for a judge.
private struct WaitingRunner<Inner: PlanRunner>: PlanRunner {
    var inner: Inner

    init(_ inner: Inner) { self.inner = inner }

    var width: Int { inner.width }

    mutating func run(_ plans: [Plan]) throws -> [Observation] {
        try inner.run(plans).map { seen in
            var seen = seen
            seen.rules = [.held, .waiting, .unjudged, .waiting]
            return seen
        }
    }
}
