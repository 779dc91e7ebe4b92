import Cassette
import Determinism
import WireProtocols

/// Reads the events of one answer: a stream of server-sent events as it is, or its data, one JSON
/// document a line.
///
/// There is no request, no head, no framing and no time in it. A request to the provider's usual
/// route stands in, whose prompt is the name of the file, so that each list has a fingerprint of
/// its own. A line that is no JSON stays as it is: broken events are what some lists are for.
enum EventList {
    static func read(_ bytes: [UInt8], file: String) -> SourceReading {
        SourceReading(.eventList, [bytes], file: file) { bytes, origin throws(ImportError) in
            try exchange(bytes, origin, file: file)
        }
    }

    /// Whether a text begins as a stream of server-sent events.
    static func isStream(_ bytes: ArraySlice<UInt8>) -> Bool {
        let start = bytes.drop { " \r\n".utf8.contains($0) }.prefix(32)
        let text = String(decoding: start, as: UTF8.self)
        return ["data:", "event:", "id:", "retry:"].contains { text.hasPrefix($0) }
            || (text.hasPrefix(":") && hasLine(bytes, beginningWith: ["data:"]))
    }

    private static func exchange(
        _ bytes: [UInt8], _ origin: ImportOrigin, file: String
    ) throws(ImportError) -> ImportedExchange {
        try ExchangeRepair.checkSize(bytes)
        let isStream = isStream(bytes[...])
        let datas =
            isStream
            ? StreamFraming.sse.events(of: bytes).compactMap(\.data)
            : bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
                .map(trimmed).filter { !$0.isEmpty }
        let events = try first(of: datas)
        guard let form = EventListForm.of(events) else {
            throw ImportError(
                .unknownFormat,
                "the lines are JSON, but no events of a provider that is known; "
                    + "save the stream of server-sent events as it is, or record HTTP")
        }
        guard let route = form.route(of: events) else {
            throw ImportError(
                .notHTTP,
                "these are events of a WebSocket (\(form.rawValue)); only HTTP is "
                    + "imported")
        }
        let body = isStream ? bytes : form.body(datas)
        return ImportedExchange(
            origin: origin, source: .eventList, method: "POST", url: try ImportedURL(route.url),
            headers: [HeaderField("content-type", "application/json")],
            body: form.request(model: route.model, prompt: stem(file)).encoded(),
            response: ImportedResponse(
                status: 200, headers: [HeaderField("content-type", form.contentType)], body: body),
            fidelity: ExchangeFidelity(
                request: .absent, response: isStream ? .recorded : .reconstructed,
                chunks: .reconstructed, timing: .absent, retries: .absent),
            marks: ["request-made-up"])
    }

    /// As many events as are looked at to tell the form; those that are broken say nothing.
    private static func first(of datas: [String]) throws(ImportError) -> [JSONValue] {
        var events: [JSONValue] = []
        for data in datas where events.count < EventListForm.eventsMax {
            try SourceLimits.standard.checkValues(data.utf8)
            if let event = try? JSONValue.parse(text: data) { events.append(event) }
        }
        return events
    }

    /// The name of the file without folder and endings.
    private static func stem(_ file: String) -> String {
        var name = file.split(separator: "/").last.map(String.init) ?? file
        for ending in [".txt", ".jsonl", ".ndjson", ".sse", ".json", ".chunks"]
        where name.hasSuffix(ending) {
            name = String(name.dropLast(ending.count))
        }
        return name
    }
}
