import Determinism
import WireProtocols

/// An error of the protocol, by its code, in the words of servers.
///
/// Sources: JSON-RPC 2.0, section 5.1; the error codes of the revisions 2025-11-25 and 2026-07-28.
struct MCPError {
    let code: Int64

    init(_ code: Int64) {
        self.code = code
    }

    /// What goes with the code.
    var message: String {
        switch code {
        case -32_700: "Parse error"
        case -32_600: "Invalid Request"
        case -32_601: "Method not found"
        case -32_602: "Invalid params"
        case -32_603: "Internal error"
        case -32_000: "Connection closed"
        case -32_001: "Session not found"
        case -32_002: "Resource not found"
        case -32_020: "Header mismatch"
        case -32_021: "Missing required client capability"
        case -32_022: "Unsupported protocol version"
        case -32_042: "URL elicitation required"
        case -32_800: "Request cancelled"
        default: "Server error"
        }
    }

    /// The HTTP status that goes with the code; the legacy form keeps to 200.
    func status(in era: MCPEra) -> Int {
        guard era == .modern else { return 200 }
        switch code {
        case -32_601: return 404
        case -32_700, -32_600, -32_602, -32_020, -32_021, -32_022: return 400
        default: return 200
        }
    }

    /// What the error says in addition; nil for nothing.
    func data(for call: MCPCall) -> JSONValue? {
        switch code {
        case -32_022:
            ["supported": ["2026-07-28", "2025-11-25"], "requested": "1999-01-01"]
        case -32_042:
            [
                "elicitations": [
                    [
                        "mode": "url", "elicitationId": "stormtape-1",
                        "url": "https://login.example/authorize", "message": "Please log in.",
                    ]
                ]
            ]
        default: nil
        }
    }
}
