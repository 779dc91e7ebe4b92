import Determinism

/// Cuts the arguments of one call, in their pieces and wherever they are repeated whole.
struct ResponsesArguments {
    private let key: String
    private let bytes: Int
    private var left: Int

    /// Keeps this many bytes of the arguments, which whole items have under `key`.
    init(key: String, bytes: Int) {
        self.key = key
        self.bytes = bytes
        left = bytes
    }

    /// An event of the call with at most what is kept; nil when nothing of it is left.
    mutating func shortened(_ event: StreamEvent, _ decoded: ResponsesEvent) -> StreamEvent? {
        var json = decoded.json
        if let fragment = decoded.argumentsDelta {
            let count = fragment.utf8.count
            guard count > left else {
                left -= count
                return event
            }
            guard left > 0 else { return nil }
            json["delta"] = .string(ArgumentPrefix.prefix(fragment, bytes: left))
            left = 0
        } else if decoded.wholeArguments != nil {
            json = shortened(json)
        } else if let item = decoded.openedItem ?? decoded.closedItem {
            json["item"] = shortened(item)
        }
        return json == decoded.json ? event : event.replacingJSON(json)
    }

    /// What has the whole arguments under the key, with only what is kept.
    func shortened(_ json: JSONValue) -> JSONValue {
        guard let whole = json[key]?.stringValue, whole.utf8.count > bytes else { return json }
        var json = json
        json[key] = .string(ArgumentPrefix.prefix(whole, bytes: bytes))
        return json
    }
}
