internal import Determinism

/// The events of one run, read for a comparison.
struct EventReading {
    /// One event.
    struct Entry {
        /// The event as the digest covers it.
        var event: JSONValue
        /// What it has in common with its counterpart in another run, whatever else differs.
        var key: String
        /// The kind: `request`, `step`, `waits` and so on.
        var kind: String
        /// Its content without the numbers of requests, which a request more or less shifts.
        var content: JSONValue
        /// The number of the request that it is or belongs to; nil for none.
        var request: Int64?
    }

    let entries: [Entry]

    /// Members that say when, and those that are derived from it.
    static let instants = ["at_ns", "until_ns", "duration_ns"]

    init(_ events: [JSONValue]) {
        var routes: [Int64: String] = [:]
        var entries: [Entry] = []
        for (index, event) in events.enumerated() {
            let isFirst = index == 0
            let isLast = index == events.count - 1 && index > 0
            entries.append(EventReading.entry(event, isFirst, isLast, &routes))
        }
        self.entries = entries
    }

    private static func entry(
        _ event: JSONValue, _ isFirst: Bool, _ isLast: Bool, _ routes: inout [Int64: String]
    ) -> Entry {
        let kind = isFirst ? "run" : isLast ? "end" : self.kind(event)
        var content = event
        var key = kind
        var request: Int64?
        switch kind {
        case "request":
            let exchange = event["exchange"] ?? event
            key = "request \(identity(exchange))"
            request = event["request"]?.intValue
            if let request { routes[request] = route(exchange) }
            content = exchange
            for name in instants where content[name] == nil { content[name] = event[name] }
        case "step":
            request = event["of"]?.intValue
            if request != nil { content["of"] = nil }
            key =
                "step \(event["step"]?.encodedText() ?? "") \(event["kind"]?.stringValue ?? "")"
                + " of \(request.flatMap { routes[$0] } ?? "")"
        case "agent_closed":
            request = event["agent_closed"]?.intValue
            if request != nil { content["agent_closed"] = nil }
            key = "closed \(request.flatMap { routes[$0] } ?? "")"
        case "waits", "woke": key = "\(kind) \(event[kind]?.encodedText() ?? "")"
        case "output": key = "output \(event["output"]?.stringValue ?? "")"
        case "run", "end": break
        default: key = "\(kind) \(withoutInstants(event).canonicalText())"
        }
        return Entry(event: event, key: key, kind: kind, content: content, request: request)
    }

    /// The request itself; what it got may differ.
    private static func identity(_ exchange: JSONValue) -> String {
        ["upstream", "request", "fingerprint", "take", "attempt"]
            .map { exchange[$0]?.stringValue ?? exchange[$0]?.encodedText() ?? "" }
            .joined(separator: " ")
    }

    /// What the steps of an answer are known by: a body that differs does not make them others.
    private static func route(_ exchange: JSONValue) -> String {
        ["upstream", "request"].map { exchange[$0]?.stringValue ?? "" }.joined(separator: " ")
    }

    /// An event is named by the member that only its kind has.
    static func kind(_ event: JSONValue) -> String {
        if event["fingerprint"] != nil { return "request" }
        // What a server is asked has a member `request` too.
        let kinds = [
            "asked", "answered", "step", "agent_closed", "waits", "woke", "output", "foreign",
            "listening", "checked", "dismissed", "ended", "request",
        ]
        return kinds.first { event[$0] != nil } ?? "event"
    }

    /// A value without the members that say when.
    static func withoutInstants(_ value: JSONValue) -> JSONValue {
        guard let members = value.objectValue else { return value }
        return .object(members.filter { !instants.contains($0.key) })
    }
}
