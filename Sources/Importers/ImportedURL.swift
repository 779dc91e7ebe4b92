import Cassette

/// The address of a request, taken apart.
struct ImportedURL: Hashable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// The host in lower case, with the port where it is not the usual one.
    let authority: String
    /// Path and query, starting with a slash.
    let target: String
    /// Whether the source had put a placeholder such as `<HOST>` in place of a part.
    let holdsPlaceholder: Bool

    /// Scheme and authority, which one upstream shares.
    var origin: String { "\(scheme)://\(authority)" }

    /// Reads an address; credentials and fragment are left out.
    init(_ text: String) throws(ImportError) {
        guard !text.utf8.contains(0) else {
            throw ImportError(.malformed, "the address holds a NUL byte; mend it and try again")
        }
        let (scheme, rest) = try Self.schemeAndRest(text)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let raw = rest[..<end]
        let named = raw.lastIndex(of: "@").map { raw[raw.index(after: $0)...] } ?? raw
        let host = Self.host(named, secure: scheme == "https")
        guard !host.isEmpty else {
            throw ImportError(.notHTTP, "the address names no host; write http(s)://HOST/PATH")
        }
        self.scheme = scheme
        authority = host
        target = Self.target(rest[end...])
        holdsPlaceholder = text.contains("<") && text.contains(">")
    }

    /// A placeholder in place of scheme and host becomes a name that can never exist (RFC 2606).
    private static func schemeAndRest(
        _ text: String
    ) throws(ImportError) -> (String, Substring) {
        let lower = asciiLowercased(String(text.prefix(8)))
        if lower.hasPrefix("https://") { return ("https", text.dropFirst(8)) }
        if lower.hasPrefix("http://") { return ("http", text.dropFirst(7)) }
        if text.hasPrefix("<"), let end = text.firstIndex(of: ">") {
            let name = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            return ("https", "\(name).invalid\(rest)"[...])
        }
        let scheme = text.prefix { $0 != ":" }.prefix(12)
        throw ImportError(
            .notHTTP,
            "the address begins with '\(scheme)', not with http or https; "
                + "leave this exchange out, or record HTTP")
    }

    private static func host(_ text: Substring, secure: Bool) -> String {
        let usual = secure ? ":443" : ":80"
        let port = text.hasSuffix(usual) ? text.dropLast(usual.count) : text
        let bytes = port.utf8.compactMap { byte -> UInt8? in
            switch asciiLower(byte) {
            case UInt8(ascii: "<"), UInt8(ascii: ">"): nil
            case 0x61...0x7A, 0x30...0x39: asciiLower(byte)
            case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"): byte
            default: UInt8(ascii: "-")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Bytes that no request line may hold are percent-encoded.
    private static func target(_ text: Substring) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(while: { $0 != UInt8(ascii: "#") }) {
            if byte > 0x20, byte < 0x7F {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        let target = String(decoding: bytes, as: UTF8.self)
        return target.hasPrefix("/") ? target : "/" + target
    }
}
