import Foundation
import Gateway
import Testing

@Suite("The local authority")
struct ProxyAuthorityTests {
    @Test("It is made on first use; its keys can be read by their owner only")
    func firstUse() throws {
        let folder = try AuthorityFolder()
        let authority = try CertificateAuthority.open(folder.path)
        #expect(try folder.mode("authority.key") == 0o600)
        #expect(try folder.mode("leaf.key") == 0o600)
        #expect(try folder.mode("") == 0o700)
        #expect(try folder.bytes("authority.pem") == authority.certificate)
    }

    @Test("Later uses find the same authority and the same certificates")
    func laterUses() throws {
        let folder = try AuthorityFolder()
        let first = try CertificateAuthority.open(folder.path)
        let leaf = try first.certificate(for: "api.example.test")
        let second = try CertificateAuthority.open(folder.path)
        #expect(second.certificate == first.certificate)
        #expect(try second.certificate(for: "api.example.test") == leaf)
        #expect(try second.certificate(for: "other.example.test") != leaf)
    }

    @Test("Several that ask at once get one authority")
    func race() throws {
        let folder = try AuthorityFolder()
        let path = folder.path
        let found = Found()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let authority = try? CertificateAuthority.open(path)
            found.note(authority.flatMap { try? $0.certificate(for: "a.test") })
        }
        #expect(found.all.count == 8)
        #expect(Set(found.all).count == 1)
        #expect(found.all.first != .some(nil))
        let beside = try FileManager.default.contentsOfDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path)
        #expect(beside == ["authority"])
    }

    @Test("A key that others can read is refused, with what to do")
    func openKey() throws {
        let folder = try AuthorityFolder()
        _ = try CertificateAuthority.open(folder.path)
        let key = folder.path + "/authority.key"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        let failure = #expect(throws: GatewayError.self) {
            try CertificateAuthority.open(folder.path)
        }
        #expect(failure?.code == .badAuthority)
        #expect(failure?.message.contains("Delete the authority's folder") == true)
    }

    @Test("A certificate in the folder that is damaged is made again")
    func damaged() throws {
        let folder = try AuthorityFolder()
        let first = try CertificateAuthority.open(folder.path)
        _ = try first.certificate(for: "a.test")
        let kept = folder.path + "/leaves/a.test.pem"
        try Data("no certificate".utf8).write(to: URL(fileURLWithPath: kept))
        let made = try CertificateAuthority.open(folder.path).certificate(for: "a.test")
        #expect(String(decoding: made, as: UTF8.self).hasPrefix("-----BEGIN CERTIFICATE-----"))
        #expect(try folder.bytes("leaves/a.test.pem") == made)
        #expect(try CertificateAuthority.open(folder.path).certificate(for: "a.test") == made)
    }

    @Test("A slash at the end of its path, and a folder that is empty, make no difference")
    func emptyFolder() throws {
        let folder = try AuthorityFolder()
        let made = try CertificateAuthority.open(folder.path + "/")
        #expect(made.folder == folder.path)
        #expect(try CertificateAuthority.open(folder.path).certificate == made.certificate)
        let empty = try AuthorityFolder()
        #expect(CertificateAuthority.isMissing(empty.path))
        try FileManager.default.createDirectory(
            atPath: empty.path, withIntermediateDirectories: true)
        #expect(CertificateAuthority.isMissing(empty.path))
        let authority = try CertificateAuthority.open(empty.path)
        #expect(try empty.bytes("authority.pem") == authority.certificate)
        #expect(!CertificateAuthority.isMissing(empty.path))
    }

    @Test("A folder that holds other things is left as it is")
    func foreignFolder() throws {
        let folder = try AuthorityFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/other", withIntermediateDirectories: true)
        #expect(throws: GatewayError.self) { try CertificateAuthority.open(folder.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["other"])
    }

    @Test("A folder that cannot be made is an error that names it")
    func noFolder() throws {
        let failure = #expect(throws: GatewayError.self) {
            try CertificateAuthority.open("/proc/nowhere/authority")
        }
        #expect(failure?.code == .badAuthority)
        #expect(failure?.message.contains("/proc/nowhere/authority") == true)
    }

    private final class Found: @unchecked Sendable {
        // Guarded by the lock.
        private var kept: [[UInt8]?] = []
        private let lock = NSLock()
        var all: [[UInt8]?] { lock.withLock { kept } }
        func note(_ value: [UInt8]?) { lock.withLock { kept.append(value) } }
    }
}

@Suite("What OpenSSL says of the certificates", .enabled(if: TLSUpstream.isAvailable))
struct ProxyCertificateTests {
    static let hosts = [
        "api.openai.com", "127.0.0.1", "::1", "under_score.test",
        String(repeating: "long-label.", count: 12) + "test",
    ]

    @Test("A host's certificate is good for it, in 2015 as in 2049", arguments: hosts)
    func verifies(host: String) throws {
        let folder = try AuthorityFolder()
        let authority = try CertificateAuthority.open(folder.path)
        _ = try authority.certificate(for: host)
        let isNumeric = host.contains(":") || host.hasPrefix("127.")
        for time in ["1420113600", "2524521600"] {
            let result = try OpenSSL.run(
                ["verify", "-x509_strict", "-attime", time, "-purpose", "sslserver"]
                    + ["-CAfile", folder.path + "/authority.pem"]
                    + [isNumeric ? "-verify_ip" : "-verify_hostname", host]
                    + [folder.path + "/leaves/\(host).pem"])
            #expect(result.status == 0, "\(result.text)")
        }
    }

    @Test("It is good for no other host, not before 2015 and not after 2049")
    func bounds() throws {
        let folder = try AuthorityFolder()
        _ = try CertificateAuthority.open(folder.path).certificate(for: "a.test")
        let attempts = [
            ["-verify_hostname", "b.test"], ["-attime", "1420070399"], ["-attime", "2524608000"],
        ]
        for attempt in attempts {
            let result = try OpenSSL.run(
                ["verify", "-CAfile", folder.path + "/authority.pem"] + attempt
                    + [folder.path + "/leaves/a.test.pem"])
            #expect(result.status != 0, "\(attempt)")
        }
    }

    @Test("Its serial number follows from the host, not from the day or the authority")
    func serial() throws {
        let serials = try (0..<2).map { _ in
            let folder = try AuthorityFolder()
            _ = try CertificateAuthority.open(folder.path).certificate(for: "a.test")
            return try OpenSSL.run(
                ["x509", "-noout", "-serial", "-subject", "-dates"]
                    + ["-in", folder.path + "/leaves/a.test.pem"]
            ).text
        }
        #expect(serials[0] == serials[1])
        #expect(serials[0].contains("2049"))
    }
}
