import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let newlineCRLF = FaultKind(
        id: "newline-crlf",
        summary: "The lines of the stream end in another of the ways that the standard allows.",
        layer: .stream, target: .any, signature: .loud, weight: 2, replaces: false,
        parameters: [
            .variant(
                ["newline-crlf", "newline-cr", "newline-mixed"],
                "newline-crlf: carriage return and line feed; newline-cr: carriage return alone; "
                    + "newline-mixed: each line in turn another way.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Every line of every frame ends in CR LF, in CR, or in LF, CR LF and CR in "
                + "turn. Gemini's own streams have CR LF.",
            clients: "openai, anthropic and mistralai read all three; parsers that split at two "
                + "line feeds see no event at all.",
            robustAgent: "Nothing to do; its client must give the same events.",
            evidence: [
                "routstr-core#543",
                "https://html.spec.whatwg.org/multipage/server-sent-events.html",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var stream = try sseStream(delivery, context)
            var endings = LineEndings(variant: parameters.text("variant"))
            for place in stream.timed.indices {
                guard let event = stream.timed[place].event.sse else { continue }
                stream.timed[place].event = .sse(
                    event.replacingLineEndings { endings.next(isBlank: $0) })
            }
            try stream.writeChange(to: &delivery)
        })

    static let sseBOM = FaultKind(
        id: "sse-bom",
        summary: "The stream opens with a byte order mark.",
        layer: .stream, target: .any, signature: .quiet, weight: 3, replaces: false,
        documentation: FaultDocumentation(
            wireForm: "The bytes EF BB BF before the first field; the standard says that they are "
                + "to be ignored.",
            clients: "mistralai strips it; openai takes \\ufeffdata for an unknown field and loses "
                + "the first event; anthropic loses message_start and raises \"Unexpected event "
                + "order\".",
            robustAgent: "Notices that the stream has no start, and asks again.",
            evidence: [
                "openai-python 3.54.0, read", "anthropic-sdk-python 2.12.0, read",
                "https://html.spec.whatwg.org/multipage/server-sent-events.html",
            ]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            var stream = try sseStream(delivery, context)
            // With a mark in it a blank line would not be blank.
            guard let first = stream.timed[0].event.sse, first.data != nil else {
                throw Inapplicable("the stream does not begin with an event")
            }
            stream.timed[0].event = .sse(first.withByteOrderMark)
            try stream.writeChange(to: &delivery)
        })

    static let sseNoSpace = FaultKind(
        id: "sse-no-space",
        summary: "The fields of the stream have no space behind their colon.",
        layer: .stream, target: .any, signature: .loud, weight: 2, replaces: false,
        documentation: FaultDocumentation(
            wireForm: "data:{…} in place of data: {…}, in every field of every frame; the standard "
                + "leaves the space open.",
            clients: "google-genai looks for 'data: ' and raises UnknownApiResponseError; the "
                + "other SDKs do not care.",
            robustAgent: "Nothing to do; its client must give the same events.",
            evidence: [
                "google-genai 3.4.0, read",
                "https://html.spec.whatwg.org/multipage/server-sent-events.html",
            ]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            var stream = try sseStream(delivery, context)
            for place in stream.timed.indices {
                guard let event = stream.timed[place].event.sse else { continue }
                stream.timed[place].event = .sse(event.withoutSpaces)
            }
            try stream.writeChange(to: &delivery)
        })

    static let sseMultilineData = FaultKind(
        id: "sse-multiline-data",
        summary: "The JSON of every event is written over several lines of data.",
        layer: .stream, target: .any, signature: .loud, weight: 2, replaces: false,
        documentation: FaultDocumentation(
            wireForm: "A line break behind each brace, bracket and comma between JSON tokens, each "
                + "line as a data field of its own; no other byte of the JSON changes.",
            clients: "SDKs join the lines as the standard says; parsers that read one line a time "
                + "fail on the first.",
            robustAgent: "Nothing to do; its client must give the same events.",
            evidence: ["https://html.spec.whatwg.org/multipage/server-sent-events.html"]),
        apply: edit { (delivery, _, context) throws(Inapplicable) in
            var stream = try sseStream(delivery, context)
            for place in stream.timed.indices {
                let event = stream.timed[place].event
                guard event.json != nil, let data = event.data else { continue }
                stream.timed[place].event = event.replacingData(JSONText(data).brokenIntoLines)
            }
            try stream.writeChange(to: &delivery)
        })
}

/// Line endings, one after the other.
private struct LineEndings {
    private let cycle: [SSELineEnding]
    private var count = 0
    private var previous: SSELineEnding?

    init(variant: String) {
        switch variant {
        case "newline-cr": cycle = [.cr]
        case "newline-mixed": cycle = [.lf, .crlf, .cr]
        default: cycle = [.crlf]
        }
    }

    /// The ending of the next line.
    ///
    /// A line feed right behind a carriage return would be one ending with it.
    mutating func next(isBlank: Bool) -> SSELineEnding {
        var ending = cycle[count % cycle.count]
        count += 1
        if isBlank, previous == .cr, ending == .lf { ending = .crlf }
        previous = ending
        return ending
    }
}
