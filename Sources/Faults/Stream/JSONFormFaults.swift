import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let u2028InJSON = FaultKind(
        id: "u2028-in-json",
        summary:
            "A text in the stream holds, unescaped, a character that some take for a line end.",
        layer: .stream, target: .model, signature: .quiet, weight: 3, replaces: false,
        parameters: [
            textEvent("Which event with text, from 1."),
            ParameterSpec(
                "char", .choice(LineCharacter.allCases.map(\.rawValue)), default: .fixed("u2028"),
                "The character; vt and ff must be escaped in JSON and are not."),
            ParameterSpec(
                "where", .choice(["start", "end"]), default: .fixed("end"),
                "On which side of the event's text it is put."),
        ],
        documentation: FaultDocumentation(
            wireForm: "The character raw in the JSON text of one event, in UTF-8, and in every "
                + "later copy of the whole text, as in Responses' response.completed.",
            clients: "ollama and code that uses httpx's iter_lines split the line there, since "
                + "str.splitlines does; Node's readline too. The JSON breaks or, where the client "
                + "skips broken lines, the last event is lost.",
            robustAgent: "Notices the missing terminator, and runs the turn again.",
            evidence: [
                "codex-lb#1010", "dify#39008", "httpx-sse#37",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            guard let character = LineCharacter(rawValue: parameters.text("char")) else {
                throw Inapplicable("no character is called \(parameters.text("char"))")
            }
            try insert(
                character.bytes, atEnd: parameters.text("where") == "end", into: &delivery,
                parameters, context)
        })

    static let loneSurrogateEscape = FaultKind(
        id: "lone-surrogate-escape",
        summary: "A text in the stream holds the escape of half a character.",
        layer: .stream, target: .model, signature: .loud, weight: 2, replaces: false,
        parameters: [textEvent("Which event with text, from 1.")],
        documentation: FaultDocumentation(
            wireForm: "\\ud83d behind the text of one event, without its other half.",
            clients: "Python and JavaScript take it, and fail later, when the text is encoded; "
                + "Swift and Rust refuse the event.",
            robustAgent: "Cleans texts before it stores or sends them."),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            try insert(
                Array("\\ud83d".utf8), atEnd: true, into: &delivery, parameters, context)
        })

    static let invalidJSONChunk = FaultKind(
        id: "invalid-json-chunk",
        summary: "The data of one event is no JSON.",
        layer: .stream, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [
            numbered("at", "Which event with JSON is broken, from 1.") { delivery, context in
                (try? EventStreamBody(delivery, context))?.jsonPlaces
            },
            .variant(
                ["truncated", "trailing-comma", "two-objects"],
                "truncated: the first half; trailing-comma: a comma before the last brace; "
                    + "two-objects: the object twice."),
        ],
        documentation: FaultDocumentation(
            wireForm: "{\"choices\":[{\"ind, {…,} or {…}{…} as the data of one event in a frame "
                + "that is whole; checksums of binary messages are true.",
            clients: "openai and anthropic raise JSONDecodeError, which is none of their own "
                + "errors; google-genai UnknownApiResponseError; cohere skips the event with a "
                + "warning, so that text is missing.",
            robustAgent: "Treats it as a broken stream, and runs the turn again.",
            evidence: ["googleapis/python-genai#1162"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var stream = try EventStreamBody(delivery, context)
            let place = try place("at", parameters, among: stream.jsonPlaces, "events with JSON")
            let event = stream.timed[place].event
            guard let data = event.data else { return }
            let broken: String
            switch parameters.text("variant") {
            case "trailing-comma":
                let end = data.lastIndex { $0 == "}" } ?? data.endIndex
                broken = data[..<end] + "," + data[end...]
            case "two-objects": broken = data + data
            default:
                let scalars = data.unicodeScalars
                broken = String(String.UnicodeScalarView(scalars.prefix(scalars.count / 2)))
            }
            stream.timed[place].event = event.replacingData(broken)
            stream.write(to: &delivery)
        })

    static let garbageBytes = FaultKind(
        id: "garbage-bytes",
        summary: "Bytes that are no text stand between two events.",
        layer: .stream, target: .any, signature: .loud, weight: 3, replaces: false,
        parameters: [
            .place("at", "Before which event they stand, from 1.") { delivery, context in
                guard let stream = try? EventStreamBody(delivery, context) else { return nil }
                return 1...Int64(stream.timed.count)
            },
            ParameterSpec(
                "bytes", .choice(["ff", "nul", "random"]), default: .fixed("ff"),
                "ff and nul: that byte again and again; random: any from 20 to FF."),
            ParameterSpec(
                "count_bytes", .integer(1...4_096), default: .fixed(8), "How many there are."),
            ParameterSpec(
                "pattern", .integer(0...1 << 40), default: .drawn { _, _ in 0...1 << 32 },
                "Which random bytes."),
        ],
        documentation: FaultDocumentation(
            wireForm: "FF, 00 or bytes from 20 to FF, and a line feed before an event; without "
                + "the line feed in a JSON array and between binary messages.",
            clients: "openai and anthropic raise UnicodeDecodeError; JavaScript turns them into "
                + "U+FFFD and ignores the line; botocore loses the frames.",
            robustAgent: "Treats it as a broken stream, and runs the turn again.",
            evidence: ["openai-python 3.54.0, read", "botocore 1.44.5, read"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var stream = try EventStreamBody(delivery, context)
            let at = parameters.integer("at")
            guard at >= 1, at <= stream.timed.count else {
                throw noEvent(at, of: stream.timed.count, "events")
            }
            let framing = stream.timed[0].event.framing
            var bytes = garbage(parameters)
            if framing == .sse || framing == .jsonLines { bytes.append(0x0A) }
            stream.insert([.noise(bytes, framing: framing)], at: Int(at) - 1)
            stream.write(to: &delivery)
        })

    private static func garbage(_ parameters: FaultParameters) -> [UInt8] {
        let count = Int(max(1, min(parameters.integer("count_bytes"), 4_096)))
        switch parameters.text("bytes") {
        case "nul": return Array(repeating: 0, count: count)
        case "random":
            let pattern = UInt64(bitPattern: parameters.integer("pattern"))
            return (0..<count).map { place in
                let random = KeyedRandom(
                    seed: Seed(pattern), callID: UInt64(place), take: 0, attempt: 0)
                // 0x20 to 0xFF: line ends would make lines of their own.
                return UInt8(truncatingIfNeeded: 0x20 + random.below(0xE0, .content))
            }
        default: return Array(repeating: 0xFF, count: count)
        }
    }

    /// Puts bytes into the text of the chosen event and into all later copies of the whole text.
    private static func insert(
        _ added: [UInt8], atEnd: Bool, into delivery: inout Delivery,
        _ parameters: FaultParameters, _ context: FaultContext
    ) throws(Inapplicable) {
        var (stream, wire) = try modelStream(delivery, context)
        let place = try place("at", parameters, among: stream.textPlaces(wire), "events with text")
        let event = stream.timed[place].event
        guard case .text(let text) = wire.role(of: event), let data = event.data,
            let edited = JSONText(data).inserting(
                added, intoStringsOf: text, behind: atEnd ? text.utf8.count : 0)
        else { throw Inapplicable("the event's text is not one string of its JSON") }
        let whole = WholeText(around: place, in: stream, wire)
        stream.timed[place].event = event.replacingData(edited)
        if let whole {
            let offset = whole.before.utf8.count + (atEnd ? text.utf8.count : 0)
            for later in stream.timed.indices where later > place {
                let copy = stream.timed[later].event
                guard let data = copy.data, !copy.isSigned else { continue }
                let edited = JSONText(data).inserting(
                    added, intoStringsOf: whole.text, behind: offset)
                if let edited { stream.timed[later].event = copy.replacingData(edited) }
            }
        }
        stream.write(to: &delivery)
    }
}

/// A character that `str.splitlines` of Python takes for a line end.
enum LineCharacter: String, Hashable, CaseIterable {
    case u2028
    case u2029
    case u0085
    case verticalTab = "vt"
    case formFeed = "ff"

    /// Its bytes in UTF-8.
    var bytes: [UInt8] {
        switch self {
        case .u2028: [0xE2, 0x80, 0xA8]
        case .u2029: [0xE2, 0x80, 0xA9]
        case .u0085: [0xC2, 0x85]
        case .verticalTab: [0x0B]
        case .formFeed: [0x0C]
        }
    }
}

extension EventStreamBody {
    /// The place of each visible event whose data is a JSON object.
    fileprivate var jsonPlaces: [Int] {
        visiblePlaces.filter { timed[$0].event.json?.objectValue?.isEmpty == false }
    }
}
