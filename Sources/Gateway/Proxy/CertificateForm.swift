import Crypto
import Faults
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The certificates of the proxy (RFC 5280): that of its authority, and one for each host.
///
/// Nothing in them is drawn but the signature: names, serial numbers and dates follow from the
/// host and the keys. They hold from 2015 to 2049, since an agent's clock may be that of a
/// recording.
enum CertificateForm {
    /// What a certificate is for.
    enum Subject {
        case authority
        case host(String)
        /// One of a host, of 2015.
        case expired(String)
        /// One of a host, for which only its own key vouches.
        case selfSigned(String)

        init(_ host: String, _ flaw: CertificateFlaw?) {
            switch flaw {
            case nil: self = .host(host)
            case .expired: self = .expired(host)
            case .selfSigned: self = .selfSigned(host)
            case .otherHost: self = .host("other-host.\(MountPoint.domain)")
            }
        }

        var isSelfSigned: Bool {
            switch self {
            case .authority, .selfSigned: true
            case .host, .expired: false
            }
        }

        /// What no host's name can have tells the flawed ones apart.
        var fileName: String {
            switch self {
            case .authority: "authority"
            case .host(let host): host
            case .expired(let host): host + "+expired"
            case .selfSigned(let host): host + "+self-signed"
            }
        }
    }

    /// Builds a certificate in DER form, signed by the authority's key.
    static func make(
        _ subject: Subject, key: P256.Signing.PublicKey, signedBy authority: P256.Signing.PrivateKey
    ) throws -> [UInt8] {
        let signed = DER.sequence([
            DER.context(0, constructed: true, DER.integer([2])),
            DER.integer(serial(of: subject, key)),
            algorithm,
            subject.isSelfSigned ? name(of: subject) : authorityName,
            DER.sequence([
                DER.value(.utcTime, Array("150101000000Z".utf8)),
                DER.value(.utcTime, Array("\(lastYear(of: subject))1231235959Z".utf8)),
            ]),
            name(of: subject),
            Array(key.derRepresentation),
            DER.context(
                3, constructed: true,
                DER.sequence(extensions(of: subject, key, authority.publicKey))),
        ])
        let signature = try authority.signature(for: signed)
        return DER.sequence([signed, algorithm, DER.bits(Array(signature.derRepresentation))])
    }

    /// The bytes of an address in text form; nil for a name.
    static func address(_ host: String) -> [UInt8]? {
        // Bytes, not the C structures: which C module owns those depends on who else includes them.
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, host, &bytes) == 1 { return bytes }
        }
        return nil
    }

    // MARK: Parts

    /// ecdsa-with-SHA256 (RFC 5758).
    private static let algorithm = DER.sequence([DER.identifier([1, 2, 840, 10_045, 4, 3, 2])])

    private static func lastYear(of subject: Subject) -> String {
        if case .expired = subject { "15" } else { "49" }
    }

    private static let authorityName = name("Stormtape local authority")

    private static func name(of subject: Subject) -> [UInt8] {
        switch subject {
        case .authority: authorityName
        // A common name has up to 64 characters; clients look at the alternative name anyway.
        case .host(let host), .expired(let host), .selfSigned(let host):
            name(host.utf8.count <= 64 ? host : "stormtape")
        }
    }

    private static func name(_ common: String) -> [UInt8] {
        DER.sequence([
            DER.value(
                .set, DER.sequence([DER.identifier([2, 5, 4, 10]), DER.text("Stormtape")])),
            DER.value(.set, DER.sequence([DER.identifier([2, 5, 4, 3]), DER.text(common)])),
        ])
    }

    private static func serial(of subject: Subject, _ key: P256.Signing.PublicKey) -> [UInt8] {
        var seen: [UInt8]
        switch subject {
        case .authority: seen = Array(key.derRepresentation)
        case .host, .expired, .selfSigned:
            seen = Array("stormtape leaf \(subject.fileName)".utf8)
        }
        var serial = Array(SHA256.hash(data: seen).prefix(16))
        // Positive, and of one length.
        serial[0] = (serial[0] & 0x3F) | 0x40
        return serial
    }

    private static func extensions(
        of subject: Subject, _ key: P256.Signing.PublicKey, _ authority: P256.Signing.PublicKey
    ) -> [[UInt8]] {
        let subjectKey = field(
            [2, 5, 29, 14], DER.value(.octetString, keyIdentifier(of: key)))
        let issuerKey = field(
            [2, 5, 29, 35], DER.sequence([DER.context(0, keyIdentifier(of: authority))]))
        switch subject {
        case .authority:
            // May sign leaves, and no authorities.
            let constraints = DER.sequence([DER.value(.boolean, [0xFF]), DER.integer([0])])
            return [
                field([2, 5, 29, 19], isCritical: true, constraints),
                field([2, 5, 29, 15], isCritical: true, DER.bits([0x06], unused: 1)),
                subjectKey, issuerKey,
            ]
        case .host(let host), .expired(let host), .selfSigned(let host):
            let serverUse = DER.identifier([1, 3, 6, 1, 5, 5, 7, 3, 1])
            let alternative =
                address(host).map { DER.context(7, $0) } ?? DER.context(2, Array(host.utf8))
            return [
                field([2, 5, 29, 19], isCritical: true, DER.sequence([])),
                field([2, 5, 29, 15], isCritical: true, DER.bits([0x80], unused: 7)),
                field([2, 5, 29, 37], DER.sequence([serverUse])),
                field([2, 5, 29, 17], DER.sequence([alternative])),
                subjectKey, issuerKey,
            ]
        }
    }

    private static func field(
        _ identifier: [UInt32], isCritical: Bool = false, _ content: [UInt8]
    ) -> [UInt8] {
        var parts = [DER.identifier(identifier)]
        if isCritical { parts.append(DER.value(.boolean, [0xFF])) }
        parts.append(DER.value(.octetString, content))
        return DER.sequence(parts)
    }

    /// The first 160 bits of SHA-256 over the key (RFC 7093, method 1).
    private static func keyIdentifier(of key: P256.Signing.PublicKey) -> [UInt8] {
        Array(SHA256.hash(data: key.x963Representation).prefix(20))
    }
}
