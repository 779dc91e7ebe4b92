import Cassette

/// Upstreams that are met elsewhere than their addresses say: a stand-in takes the place of the host.
///
/// The agent does not know, and neither does TLS: the certificate has to name the host all the same.
package struct Detours: Sendable {
    private struct Place: Hashable {
        var host: String
        var port: Int
    }

    private var places: [Place: Place] = [:]

    /// No detours.
    package init() {}

    /// Reads `HOST[:PORT]=HOST:PORT`; the port of the first is 443 where it does not say.
    package init(_ texts: [String]) throws(RecordingError) {
        for text in texts {
            let sides = text.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2,
                let from = ProxyTarget(authority: String(sides[0]), isSecure: true),
                let to = ProxyTarget(authority: String(sides[1]), isSecure: true)
            else {
                throw RecordingError(
                    code: .invalidAddress,
                    message: "The detour \(text) names no two servers. Write "
                        + "HOST[:PORT]=HOST:PORT, as in api.example.com=localhost:8443.")
            }
            places[Place(host: from.host, port: from.port)] = Place(host: to.host, port: to.port)
        }
    }

    /// Where to connect for an address.
    func place(of address: UpstreamAddress) -> (host: String, port: Int) {
        let wanted = Place(host: asciiLowercased(address.host), port: address.port)
        let place = places[wanted] ?? Place(host: address.host, port: address.port)
        return (place.host, place.port)
    }
}
