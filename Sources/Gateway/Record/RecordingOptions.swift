package import Cassette
package import Determinism

/// Where recorded interactions go.
package protocol RecordingSink: Sendable {
    /// Keeps an interaction; it is durable when this returns. Called on the recorder's loop, more
    /// than once for one ordinal: the later value replaces the earlier one.
    func put(_ interaction: Interaction) throws
}

/// What a recording needs to know.
package struct RecordingOptions: Sendable {
    /// What the agent calls: `address` is the real base address, `port` the wanted port of the
    /// mount, 0 for any.
    package var upstreams: [Upstream]
    /// How long connecting may take, the TLS handshake included.
    package var connectTimeout: SimDuration = .seconds(30)
    /// How long an upstream may be silent.
    package var idleTimeout: SimDuration = .seconds(600)
    /// The largest response body that is recorded; a larger one still reaches the agent.
    package var responseBytesMax = 1 << 28
    /// The largest request body.
    package var requestBytesMax = 1 << 30
    /// How many body bytes are read on after the agent hung up.
    package var drainBytesMax = 16 << 20
    /// How long an upstream is read on after the agent hung up.
    package var drainTimeout: SimDuration = .seconds(10)
    /// Files with certificates (PEM) that are trusted besides those of the system.
    package var trustRoots: [String] = []
    /// Upstreams that are met elsewhere than their addresses say.
    package var detours = Detours()
    /// Whether upstreams are asked not to compress.
    package var requestIdentityEncoding = true
    /// The proxy, for upstreams that are met on the way; nil for none.
    package var proxy: RecordingProxy?
    /// Called on the recorder's loop when a request is complete and has its ordinal, before
    /// anything of it is put.
    package var onRequest: @Sendable (Int, RecordedRequest, SimInstant) -> Void = { _, _, _ in }
    /// Called on the recorder's loop when nothing more of an interaction is put.
    package var onConclusion: @Sendable (Int) -> Void = { _ in }
    /// Called when an answer is over, before the agent gets the bytes that show it.
    package var onAnswerComplete: @Sendable () -> Void = {}

    /// Creates options for some upstreams.
    package init(upstreams: [Upstream]) {
        self.upstreams = upstreams
    }
}

/// Why a recording cannot start.
package struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: String, Hashable, Sendable {
        /// The address of an upstream is not usable.
        case invalidAddress = "invalid-address"
        /// Two upstreams have one name.
        case duplicateUpstream = "duplicate-upstream"
        /// A trust root cannot be read.
        case invalidTrustRoot = "invalid-trust-root"
        /// The port of a mount cannot be taken.
        case portUnavailable = "port-unavailable"
        /// The recording was started before, or not yet.
        case wrongState = "wrong-state"
    }

    /// What went wrong.
    package var code: Code
    /// What is wrong, what is allowed and what to do next.
    package var message: String

    /// The message.
    package var description: String { message }
}
