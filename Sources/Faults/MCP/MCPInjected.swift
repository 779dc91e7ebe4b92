public import Cassette
import Determinism
import WireProtocols

/// The requests that faults make a server send, by their identifiers.
public enum MCPInjected {
    private static let prefix = "stormtape-request-"

    /// The state that a client is told to bring back.
    static let requestState = JSONRPCIdentity.injectedStatePrefix + "state-1"

    /// The identifier of the request with this number.
    static func id(_ number: Int) -> String { "\(prefix)\(number)" }

    /// Whether a request of the agent is its response to such a request, which no tape holds.
    public static func isAnswer(_ request: RecordedRequest) -> Bool {
        guard let message = MCPMessage(bytes: request.body), message.isAnswer else { return false }
        return message.id?.stringValue?.hasPrefix(prefix) == true
    }
}
