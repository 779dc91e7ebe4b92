import Determinism
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
}
