internal import Synchronization

/// Identities by the raw bytes of the request, so that a request which many runs send is parsed
/// and hashed in canonical form once.
///
/// It belongs to one set of rules. An identity is a function of request and rules, so nothing
/// that is decided depends on what happens to be in here.
final class IdentityCache: Sendable {
    /// How many bytes of request bodies are remembered; a storm asks for few different ones.
    static let bytesMax = 8 << 20

    private struct Known: Sendable {
        let method: String
        let target: String
        let body: [UInt8]
        let identity: RequestIdentity

        func isFor(_ request: RecordedRequest, _ upstream: String) -> Bool {
            body == request.body && target == request.target && method == request.method
                && identity.upstream == upstream
        }
    }

    private struct State: Sendable {
        var known: [UInt64: [Known]] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())

    func identity(
        of request: RecordedRequest, upstream: String, rules: IdentityRules
    ) -> RequestIdentity {
        let key = request.sketch
        let candidates = state.withLock { $0.known[key] } ?? []
        if let known = candidates.first(where: { $0.isFor(request, upstream) }) {
            return known.identity
        }
        let identity = RequestIdentity(request, upstream: upstream, rules: rules)
        // The identity of a body that is not JSON depends on a header too.
        let isOpaque = identity.components.contains { $0.path == "$body" || $0.path == "$bytes" }
        if isOpaque { return identity }
        let entry = Known(
            method: request.method, target: request.target, body: request.body,
            identity: identity)
        state.withLock { state in
            guard state.byteCount + request.body.count <= IdentityCache.bytesMax else { return }
            state.byteCount += request.body.count + 256
            state.known[key, default: []].append(entry)
        }
        return identity
    }
}

extension RecordedRequest {
    /// A number that tells requests apart well enough without reading all of a long conversation:
    /// from its length, bytes spread over it, and its end, which is where conversations differ.
    package var sketch: UInt64 {
        var key = UInt64(truncatingIfNeeded: body.count)
        func mix(_ byte: UInt8) {
            // FNV-1a.
            key = (key ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        let bytes = body.span
        let step = max(1, bytes.count / 64)
        var index = 0
        while index < bytes.count {
            mix(bytes[index])
            index += step
        }
        for index in max(0, bytes.count - 32)..<bytes.count { mix(bytes[index]) }
        for byte in target.utf8 { mix(byte) }
        return key
    }
}
