import NIOSSL

/// The TLS settings towards upstreams.
///
/// The certificate and the host name of an upstream are always verified.
enum UpstreamSecurity {
    /// What is offered by the handshake, and nothing else: whoever offers both gets what the server
    /// prefers, and a tape of HTTP/1.1 is closer to the wire.
    enum Version: String {
        case one = "http/1.1"
        case two = "h2"
    }

    static func context(
        for version: Version, trustRoots: [String]
    ) throws(RecordingError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = [version.rawValue]
        configuration.additionalTrustRoots = trustRoots.map { .file($0) }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw RecordingError(
                code: .invalidTrustRoot,
                message: "The trust roots \(trustRoots) cannot be used: \(error). "
                    + "Each must be a readable file of certificates in PEM form.")
        }
    }
}
