internal import Cassette
internal import Simulation

/// Makes a run on other ports than the recorded ones look as if it were on those.
///
/// Where workers cannot have the recorded ports, the agent sees other addresses, and may put
/// them into requests and output; there they are replaced by the recorded ones.
struct AddressMap: Sendable {
    private let pairs: [(actual: String, recorded: String)]

    init(upstreams: [Upstream], ports: [String: Int]) {
        pairs = upstreams.compactMap { upstream in
            guard let port = ports[upstream.name], port != upstream.port else { return nil }
            return ("127.0.0.1:\(port)", "127.0.0.1:\(upstream.port)")
        }
    }

    func apply(_ event: WorldEvent) -> WorldEvent {
        guard !pairs.isEmpty else { return event }
        switch event {
        case .request(let id, let upstream, var request):
            request.body = apply(request.body)
            request.target = String(decoding: apply(Array(request.target.utf8)), as: UTF8.self)
            return .request(id, upstream: upstream, request)
        case .output(let stream, let bytes):
            return .output(stream, apply(bytes))
        case .inquiry(.replied(var reply)):
            reply.body = apply(reply.body)
            return .inquiry(.replied(reply))
        default:
            return event
        }
    }

    private func apply(_ bytes: [UInt8]) -> [UInt8] {
        guard let text = String(validating: bytes, as: UTF8.self), text.contains("127.0.0.1:")
        else { return bytes }
        var result = text
        for pair in pairs { result = replacing(pair.actual, with: pair.recorded, in: result) }
        return Array(result.utf8)
    }
}

/// A world that sees requests as they are on the tape: redacted, at the recorded addresses.
struct AddressedWorld: WorldMachine {
    var world: World
    let redactor: Redactor
    let addresses: @Sendable () -> AddressMap

    init(
        world: World, redactor: Redactor, addresses: @escaping @Sendable () -> AddressMap
    ) {
        self.world = world
        self.redactor = redactor
        self.addresses = addresses
    }

    mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
        var event = addresses().apply(event)
        if case .request(let id, let upstream, let request) = event {
            event = .request(id, upstream: upstream, redactor.redact(request))
        }
        world.handle(event, into: &actions)
    }
}
