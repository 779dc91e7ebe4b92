import Cassette
import NIOCore
import NIOHTTP1

/// A request whose body is still arriving.
struct PartialRequest {
    private var request: RecordedRequest
    private let isVersion11: Bool
    private let keepsAlive: Bool
    private let target: ProxyTarget?
    private let upgrade: String?
    /// Whether the client waits for `100 Continue` before it sends the body.
    var expectsContinue: Bool

    init(_ head: HTTPRequestHead) {
        let isVersion11 = head.version.major == 1 && head.version.minor >= 1
        let fields = head.headers.map { HeaderField($0.name, $0.value) }
        request = RecordedRequest(
            method: head.method.rawValue, target: Self.pathAndQuery(of: head.uri),
            headers: HeaderFields(fields))
        self.isVersion11 = isVersion11
        // After `Upgrade` (the JDK's client offers h2c) and `CONNECT` the decoder parses no more.
        // Nothing is upgraded here: the request is answered and the connection ends.
        keepsAlive =
            head.isKeepAlive && !head.headers.contains(name: "upgrade") && head.method != .CONNECT
        target = Self.server(of: head.uri)
        upgrade = UpgradeRefusal.refused(head.headers["upgrade"])
        expectsContinue =
            isVersion11 && head.headers["expect"].contains { asciiEqual($0, "100-continue") }
    }

    var bodyByteCount: Int { request.body.count }

    mutating func reserve(_ count: Int) {
        request.body.reserveCapacity(count)
    }

    mutating func append(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { request.body.append(contentsOf: $0) }
    }

    var collected: CollectedRequest {
        CollectedRequest(
            request: request, isVersion11: isVersion11, keepsAlive: keepsAlive, target: target,
            upgrade: upgrade)
    }

    /// The server of a target in absolute form.
    private static func server(of target: String) -> ProxyTarget? {
        let schemes = [("http://", false), ("https://", true)]
        for (scheme, isSecure) in schemes
        where asciiLowercased(String(target.prefix(scheme.count))) == scheme {
            let authority = target.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
            return ProxyTarget(authority: String(authority), isSecure: isSecure)
        }
        return nil
    }

    /// The path and query of a target in origin form or absolute form (RFC 9112, 3.2).
    static func pathAndQuery(of target: String) -> String {
        let bytes = Array(target.utf8)
        if bytes.first == UInt8(ascii: "/") || target == "*" { return target }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[(colon + 1)...].starts(with: Array("//".utf8))
        else { return "/" + target }
        let rest = bytes[(colon + 3)...]
        let stops: [UInt8] = [UInt8(ascii: "/"), UInt8(ascii: "?")]
        guard let end = rest.firstIndex(where: { stops.contains($0) }) else { return "/" }
        let path = String(decoding: rest[end...], as: UTF8.self)
        return path.hasPrefix("/") ? path : "/" + path
    }
}
