import Cassette

/// The header lines that belong to one connection, not to the message (RFC 9110, 7.6.1).
enum HopByHop {
    private static let names = [
        "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
        "http2-settings",
    ]

    /// The lines without those of the connection, and without those the `connection` line names.
    static func removed(from headers: HeaderFields) -> HeaderFields {
        let named = headers.fields.filter { asciiEqual($0.name, "connection") }
            .flatMap { $0.value.split(separator: ",") }
            .map { asciiLowercased($0.filter { $0 != " " && $0 != "\t" }) }
        return HeaderFields(
            headers.fields.filter { field in
                let name = asciiLowercased(field.name)
                return !names.contains(name) && !named.contains(name)
                    && !name.hasPrefix("proxy-")
            })
    }

    /// The lines of a request as they go to the upstream.
    ///
    /// The whole body is at hand, so that it goes with its length and nobody waits for a
    /// `100 Continue`.
    static func forwarded(
        _ request: RecordedRequest, to address: UpstreamAddress, identityEncoding: Bool
    ) -> HeaderFields {
        let isFramed =
            request.headers.contains("content-length")
            || request.headers.contains("transfer-encoding")
        var headers = removed(from: request.headers)
        headers.set("host", address.hostField)
        headers.remove("expect")
        if identityEncoding, !signs("accept-encoding", request.headers) {
            headers.set("accept-encoding", "identity")
        }
        if isFramed || !request.body.isEmpty {
            headers.set("content-length", String(request.body.count))
        }
        return headers
    }

    /// Whether a request's signature covers a header line, so that it must not be changed.
    ///
    /// AWS names the lines in `SignedHeaders=a;b` of the authorization.
    private static func signs(_ name: String, _ headers: HeaderFields) -> Bool {
        guard let value = headers.first("authorization"), value.hasPrefix("AWS4-") else {
            return false
        }
        return value.split { $0 == " " || $0 == "," }
            .filter { $0.hasPrefix("SignedHeaders=") }
            .flatMap { $0.dropFirst("SignedHeaders=".count).split(separator: ";") }
            .contains { asciiEqual(String($0), name) }
    }
}
