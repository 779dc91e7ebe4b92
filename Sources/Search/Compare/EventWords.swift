internal import Determinism

/// Events of a run in one short line of words each.
enum EventWords {
    /// The event, with the instant before it where it has one.
    static func text(_ entry: EventReading.Entry) -> String {
        let event = entry.event
        let words = visible(words(event, entry.kind))
        guard let nanoseconds = event["at_ns"]?.intValue else { return words }
        return "\(time(nanoseconds))  \(words)"
    }

    private static func words(_ event: JSONValue, _ kind: String) -> String {
        func number(_ name: String) -> String { event[name]?.encodedText() ?? "?" }
        switch kind {
        case "run": return "\(event["clock"]?.stringValue ?? "?") clock"
        case "request": return request(event)
        case "step": return step(event)
        case "agent_closed": return "the agent hangs up on request \(number("agent_closed"))"
        case "waits":
            return "waits until \(event["until_ns"]?.intValue.map(time) ?? "?")"
                + waiter(event["waits"])
        case "woke": return "the wait is over" + waiter(event["woke"])
        case "output":
            let stream = event["output"]?.stringValue == "stderr" ? " on standard error" : ""
            return "prints \(number("bytes")) bytes\(stream)"
        case "foreign": return "tries to reach \(event["foreign"]?.stringValue ?? "?")"
        case "ended": return "ends with \(event["ended"]?.stringValue ?? "?")"
        case "end": return end(event)
        case "listening": return "listens"
        case "checked": return "is checked: status \(number("checked"))"
        case "asked": return "is asked \(event["request"]?.stringValue ?? "?")"
        case "answered": return "answers with status \(number("status"))"
        case "dismissed": return "is told to end"
        default: return event.canonicalText()
        }
    }

    private static func request(_ event: JSONValue) -> String {
        let exchange = event["exchange"] ?? event
        func word(_ name: String) -> String { exchange[name]?.stringValue ?? "?" }
        var text = event["request"]?.intValue.map { "request \($0) " } ?? ""
        text += "\(word("upstream")) \(word("request"))"
        let attempt = exchange["attempt"]?.intValue ?? 1
        if attempt > 1 { text += ", attempt \(attempt)" }
        text += " -> " + (exchange["status"]?.intValue.map(String.init) ?? "no status")
        let ending = word("ending")
        if ending != "complete" { text += " (\(ending))" }
        if let span = exchange["duration_ns"]?.intValue, span > 0 { text += " in \(time(span))" }
        let faults = (exchange["faults"]?.arrayValue ?? []).compactMap { $0["fault"]?.stringValue }
        if !faults.isEmpty { text += " [\(faults.joined(separator: ", "))]" }
        let source = word("source")
        return source == "recorded" ? text : text + " (\(source))"
    }

    private static func step(_ event: JSONValue) -> String {
        let of = event["of"]?.encodedText() ?? "?"
        switch event["kind"]?.stringValue {
        case "head": return "answer \(of) begins"
        case "body": return "answer \(of): \(event["bytes"]?.encodedText() ?? "?") bytes"
        case "end": return "answer \(of) is complete"
        case "close": return "answer \(of) is cut off"
        case "reset": return "answer \(of) is reset"
        case "goaway": return "answer \(of) is broken off by GOAWAY"
        case "rst-stream": return "answer \(of) is broken off by RST_STREAM"
        case "hang": return "answer \(of) comes to a stop"
        case let other: return "answer \(of): \(other ?? "?")"
        }
    }

    /// There is one waiter in most agents, which needs no name.
    private static func waiter(_ value: JSONValue?) -> String {
        guard let number = value?.intValue, number > 1 else { return "" }
        return " (waiter \(number))"
    }

    private static func end(_ event: JSONValue) -> String {
        let output = event["stdout"]?.stringValue ?? ""
        let printed = output.isEmpty ? "" : ", printed \(quoted(output))"
        return "the end: \(event["end"]?.stringValue ?? "?")\(printed)"
    }

    private static func quoted(_ text: String) -> String {
        let line = text.split(omittingEmptySubsequences: true) { $0.isNewline }.last ?? ""
        return "\"\(line.prefix(60))\""
    }

    /// A span or an instant, cut to three decimals, as `20 ms` or `30.001 s`.
    ///
    /// What differs below that is told by member.
    static func time(_ nanoseconds: Int64) -> String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        if magnitude == 0 { return "0 s" }
        if magnitude < 1_000 { return "\(sign)\(magnitude) ns" }
        if magnitude < 1_000_000 { return "\(sign)\(magnitude / 1_000) µs" }
        if magnitude < 1_000_000_000 { return "\(sign)\(magnitude / 1_000_000) ms" }
        let fraction = String(magnitude / 1_000_000 % 1_000 + 1_000).dropFirst()
        return "\(sign)\(magnitude / 1_000_000_000)\(fraction == "000" ? "" : ".\(fraction)") s"
    }

    /// One line in which nothing commands a terminal.
    static func visible(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
                out.append(scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}")
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}
