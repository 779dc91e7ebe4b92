import Cassette
import WireProtocols

/// A provider that is known: its address and the variables by which SDKs learn another one.
package struct KnownUpstream: Hashable, Sendable {
    /// The name.
    package let name: String
    /// The base address.
    package let address: String
    /// The variables that take the address of the mount.
    package let variables: [String]

    /// Describes a provider.
    package init(name: String, address: String, variables: [String]) {
        self.name = name
        self.address = address
        self.variables = variables
    }
}

/// Which upstream each exchange belongs to: one an address, named alike whatever else is imported.
struct UpstreamPlan {
    /// An exchange below its upstream.
    struct Place: Hashable, Sendable {
        let address: String
        let target: String
    }

    private let known: [KnownUpstream]
    private(set) var upstreams: [Upstream] = []
    private var names: [String: String] = [:]
    private var taken: Set<String> = []
    /// The next number for a name that is wanted again.
    private var numbers: [String: Int] = [:]

    /// Plans for exchanges whose requests are given by the place they go to.
    init(known: [KnownUpstream], requests: [(url: ImportedURL, request: RecordedRequest)]) {
        // The longest address first, so that one with a path comes before its host.
        self.known = known.sorted {
            ($1.address.utf8.count, $0.name) < ($0.address.utf8.count, $1.name)
        }
        var models: Set<String> = []
        var addresses: Set<String> = []
        for (url, request) in requests {
            let place = place(of: url)
            addresses.insert(place.address)
            guard !models.contains(place.address) else { continue }
            let stub = Upstream(name: "", kind: .tool, address: place.address)
            var request = request
            request.target = place.target
            if WireProtocols.of(request, upstream: stub) != nil { models.insert(place.address) }
        }
        for address in addresses.sorted() { add(address, isModel: models.contains(address)) }
        upstreams.sort { $0.name < $1.name }
    }

    private mutating func add(_ address: String, isModel: Bool) {
        let preset = known.first { $0.address == address }
        let wanted = preset?.name ?? Self.name(of: address)
        var name = wanted
        while !taken.insert(name).inserted {
            let number = numbers[wanted, default: 2]
            numbers[wanted] = number + 1
            name = "\(wanted)-\(number)"
        }
        names[address] = name
        upstreams.append(
            Upstream(
                name: name, kind: isModel ? .model : .tool, address: address,
                variables: preset?.variables ?? []))
    }

    /// The base address of a request, and its target below that.
    func place(of url: ImportedURL) -> Place {
        for upstream in known where upstream.address.hasPrefix(url.origin) {
            let base = upstream.address.dropFirst(url.origin.count)
            guard base.isEmpty || base.hasPrefix("/"), url.target.hasPrefix(base) else { continue }
            let rest = url.target.dropFirst(base.count)
            if rest.isEmpty || rest.hasPrefix("?") {
                return Place(address: upstream.address, target: "/" + rest)
            }
            if rest.hasPrefix("/") {
                return Place(address: upstream.address, target: String(rest))
            }
        }
        return Place(address: url.origin, target: url.target)
    }

    /// The upstream of a request.
    func name(of url: ImportedURL) -> String {
        names[place(of: url).address] ?? ""
    }

    /// The host with hyphens, or `host` where nothing of it is left; behind `http-` where it is not
    /// secure.
    private static func name(of address: String) -> String {
        let parts = address.split(separator: "/", maxSplits: 1)
        let host = (parts.last ?? "").utf8.map { byte -> UInt8 in
            switch byte {
            case 0x61...0x7A, 0x30...0x39: byte
            default: UInt8(ascii: "-")
            }
        }
        let words = String(decoding: host, as: UTF8.self).split(separator: "-")
        let name = words.isEmpty ? "host" : words.joined(separator: "-")
        return parts.first == "http:" ? "http-\(name)" : name
    }
}
