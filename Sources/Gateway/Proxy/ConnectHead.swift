import NIOCore

/// The head of a `CONNECT` request (RFC 9110, 9.3.6).
struct ConnectHead {
    /// The server that it names; nil when it names none.
    let target: ProxyTarget?
    let byteCount: Int

    private static let method = Array("CONNECT ".utf8)

    /// Whether bytes are such a head, or may become one.
    static func begins(_ bytes: ByteBufferView) -> Bool {
        zip(bytes, method).allSatisfy { $0 == $1 }
    }

    /// Reads the head; nil while it is not whole.
    init?(_ bytes: ByteBufferView) {
        guard bytes.starts(with: Self.method), let end = HeadEnd.index(in: bytes) else {
            return nil
        }
        byteCount = end - bytes.startIndex
        let line = bytes[..<end].prefix { $0 != 0x0D }
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, words[2].starts(with: Array("HTTP/1.".utf8)) else {
            target = nil
            return
        }
        target = ProxyTarget(
            authority: String(decoding: words[1], as: UTF8.self), isSecure: true)
    }
}
