internal import Cassette
internal import Crypto
package import Faults
internal import NIOSSL
internal import Synchronization

/// The local authority that vouches for every host which an agent reaches through the proxy.
///
/// Its folder holds the keys, readable by their owner only, and every certificate that was made:
/// a signature is drawn, and repeated runs are to send equal bytes.
package final class CertificateAuthority: Sendable {
    /// The authority's certificate, in PEM form, which agents have to trust.
    package let certificate: [UInt8]
    /// Where it is kept.
    package let folder: String

    private let key: P256.Signing.PrivateKey
    /// One key for all leaves: making one costs more than all else.
    private let leafKey: P256.Signing.PrivateKey
    private let contexts: Mutex<[String: NIOSSLContext]> = Mutex([:])

    private enum Name {
        static let certificate = "authority.pem"
        static let key = "authority.key"
        static let leafKey = "leaf.key"
        static let leaves = "leaves"
    }

    /// Opens the authority in a folder; makes it on first use, also when several ask at once.
    package static func open(_ folder: String) throws -> CertificateAuthority {
        // With a slash at its end, a path names what is in the folder.
        let ending = folder.reversed().prefix { $0 == "/" }.count
        let folder = ending == folder.count ? folder : String(folder.dropLast(ending))
        if isMissing(folder) { try make(folder) }
        return try CertificateAuthority(folder)
    }

    /// Whether there is no authority in a folder, and room for one.
    package static func isMissing(_ folder: String) -> Bool {
        AuthorityFiles.isFree(folder)
    }

    private init(_ folder: String) throws {
        self.folder = folder
        certificate = try AuthorityFiles.read(folder + "/" + Name.certificate)
        key = try Self.key(folder + "/" + Name.key)
        leafKey = try Self.key(folder + "/" + Name.leafKey)
    }

    private static func make(_ folder: String) throws {
        let key = P256.Signing.PrivateKey()
        let certificate = try CertificateForm.make(
            .authority, key: key.publicKey, signedBy: key)
        try AuthorityFiles.makeFolder(
            folder,
            files: [
                (Name.certificate, pem(certificate), 0o644),
                (Name.key, Array(key.pemRepresentation.utf8), 0o600),
                (Name.leafKey, Array(P256.Signing.PrivateKey().pemRepresentation.utf8), 0o600),
            ], subfolder: Name.leaves)
    }

    private static func key(_ path: String) throws -> P256.Signing.PrivateKey {
        let text = try AuthorityFiles.readSecret(path)
        do {
            return try P256.Signing.PrivateKey(
                pemRepresentation: String(decoding: text, as: UTF8.self))
        } catch {
            throw GatewayError(
                code: .badAuthority,
                message: "\(path) is not a key in PEM form. Delete the authority's folder; "
                    + "another is made on the next use.")
        }
    }

    /// The certificate of a host, in PEM form: that which was made first.
    ///
    /// With a flaw it is one that no client of the host may trust.
    package func certificate(
        for host: String, flaw: CertificateFlaw? = nil
    ) throws -> [UInt8] {
        let subject = CertificateForm.Subject(host, flaw)
        let path = "\(folder)/\(Name.leaves)/\(subject.fileName).pem"
        if let known = try? AuthorityFiles.read(path) {
            if isUsable(known) { return known }
            AuthorityFiles.discard(path)
        }
        let made = Self.pem(
            try CertificateForm.make(
                subject, key: leafKey.publicKey, signedBy: subject.isSelfSigned ? leafKey : key))
        // A folder that cannot be written costs the equality of bytes, no more.
        AuthorityFiles.keep(made, at: path)
        if let kept = try? AuthorityFiles.read(path), isUsable(kept) { return kept }
        return made
    }

    /// The TLS settings of a host; HTTP/2 is offered before HTTP/1.1, where it is.
    func context(
        for host: String, flaw: CertificateFlaw? = nil, offersHTTP2: Bool = false
    ) throws -> NIOSSLContext {
        let protocols = (offersHTTP2 ? [ProtocolChoice.http2] : []) + ["http/1.1"]
        // No name of a file has a slash.
        let subject = CertificateForm.Subject(host, flaw).fileName
        let name = protocols.joined(separator: "/") + "/" + subject
        return try contexts.withLock { contexts in
            if let known = contexts[name] { return known }
            let leaf = try NIOSSLCertificate(
                bytes: try certificate(for: host, flaw: flaw), format: .pem)
            let key = try NIOSSLPrivateKey(
                bytes: Array(leafKey.pemRepresentation.utf8), format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: [.certificate(leaf)], privateKey: .privateKey(key))
            configuration.applicationProtocols = protocols
            let context = try NIOSSLContext(configuration: configuration)
            contexts[name] = context
            return context
        }
    }

    /// Whether a certificate from the folder is whole, and for the leaves' key.
    private func isUsable(_ text: [UInt8]) -> Bool {
        guard let found = try? NIOSSLCertificate(bytes: text, format: .pem),
            let key = try? found.extractPublicKey().toSPKIBytes()
        else { return false }
        return key == Array(leafKey.publicKey.derRepresentation)
    }

    private static func pem(_ certificate: [UInt8]) -> [UInt8] {
        var text = Array("-----BEGIN CERTIFICATE-----\n".utf8)
        var rest = Base64.encode(certificate)[...]
        while !rest.isEmpty {
            text += rest.prefix(64) + [0x0A]
            rest = rest.dropFirst(64)
        }
        return text + Array("-----END CERTIFICATE-----\n".utf8)
    }
}
