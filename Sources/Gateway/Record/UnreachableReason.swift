import NIOCore
import NIOPosix
import NIOSSL

/// Says in words why an upstream could not be reached.
enum UnreachableReason {
    static func describe(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError: describe(error)
        case ChannelError.connectTimeout(let time):
            "no connection within \(time.nanoseconds / 1_000_000) ms"
        case let error as NIOSSLError:
            "the TLS handshake failed: \(error). The certificate must be valid, name the host and "
                + "come from a trusted authority; a private authority is given as a trust root"
        case let error as NIOSSLExtraError:
            "the TLS certificate was refused: \(error)"
        default: "\(error)"
        }
    }

    private static func describe(_ error: NIOConnectionError) -> String {
        if error.connectionErrors.isEmpty {
            let causes = [error.dnsAError, error.dnsAAAAError].compactMap { $0 }.map { "\($0)" }
            return "the name \(error.host) has no address"
                + (causes.isEmpty ? "" : " (\(causes.joined(separator: "; ")))")
        }
        return error.connectionErrors.map { failure in
            "\(failure.target.ipAddress ?? error.host) port \(error.port): "
                + describe(failure.error)
        }.joined(separator: "; ")
    }
}
