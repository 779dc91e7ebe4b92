internal import Determinism

/// What in a message of JSON-RPC 2.0 only ties answers to requests, and so decides nothing.
///
/// Clients number their requests, and after a fault the numbers run on. Tokens of progress are such
/// numbers too, and a cancellation names one.
package enum JSONRPCIdentity {
    /// With this begins the state that a fault tells a client to bring back.
    package static let injectedStatePrefix = "stormtape-"

    /// The body of a request with these numbers made equal; any other body as it is.
    static func normalised(_ body: JSONValue) -> JSONValue {
        if case .array(let batch) = body, !batch.isEmpty, batch.allSatisfy(isMessage) {
            return .array(batch.map(message))
        }
        return isMessage(body) ? message(body) : body
    }

    private static let mark = JSONValue.string("\u{27E6}id\u{27E7}")

    private static func isMessage(_ value: JSONValue) -> Bool {
        value["jsonrpc"]?.stringValue == "2.0"
    }

    private static func message(_ value: JSONValue) -> JSONValue {
        var message = value
        if value["id"] != nil { message["id"] = mark }
        guard var params = value["params"] else { return message }
        for name in tied(value["method"]?.stringValue) where params[name] != nil {
            params[name] = mark
        }
        if var meta = params["_meta"], meta["progressToken"] != nil {
            meta["progressToken"] = mark
            params["_meta"] = meta
        }
        if params["requestState"]?.stringValue?.hasPrefix(injectedStatePrefix) == true {
            // A fault asked for this input; the recorded request had no cause to bring any.
            params["requestState"] = nil
            params["inputResponses"] = nil
        }
        message["params"] = params
        return message
    }

    /// The parameters of a notification that name a request.
    private static func tied(_ method: String?) -> [String] {
        switch method {
        case "notifications/cancelled": ["requestId"]
        case "notifications/progress": ["progressToken"]
        default: []
        }
    }
}
