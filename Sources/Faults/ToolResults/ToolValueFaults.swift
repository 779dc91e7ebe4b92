import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let toolEmpty = FaultKind(
        result: "tool-empty", "The tool finds nothing.",
        signature: .quiet, weight: 3,
        parameters: [
            ParameterSpec(
                "variant", .choice(["array", "inner", "null", "object", "text"]),
                default: .fixed("inner"),
                "inner: every list in the result is empty, an empty object where it has none; "
                    + "else the whole result is [], null, {} or nothing.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The status as recorded, the result empty.",
            clients: "Passed on; models ask again with other filters, again and again.",
            robustAgent: "Accepts that there is nothing, and says so.",
            evidence: ["superplane#4123", "oh-my-claudecode#2871"])
    ) { (result, parameters, _) throws(Inapplicable) in
        switch parameters.text("variant") {
        case "array": return Array("[]".utf8)
        case "null": return Array("null".utf8)
        case "object": return Array("{}".utf8)
        case "text": return []
        default:
            let json = try result.json()
            // What lay inside of a list is gone with it.
            let emptied = json.replacingValues { _, value in
                value.arrayValue?.isEmpty == false ? [] : nil
            }
            return emptied == json ? Array("{}".utf8) : emptied.encoded()
        }
    }

    static let toolPartial = FaultKind(
        result: "tool-partial", "The tool leaves out a part and does not say so.",
        signature: .quiet, weight: 4,
        parameters: [
            ParameterSpec(
                "kept_percent", .integer(0...99), default: .fixed(50),
                "How much of the longest list is kept, or of the text where there is no list.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The first elements of the longest list; a text stops; counts beside it "
                + "stay.",
            clients: "Passed on.",
            robustAgent: "Compares with the count or total that the tool gives.",
            evidence: ["ReliabilityBench, PartialResponse (arXiv 2601.06112)"])
    ) { (result, parameters, _) throws(Inapplicable) in
        let percent = Int(min(99, max(0, parameters.integer("kept_percent"))))
        func kept(of count: Int) -> Int { count / 100 * percent + count % 100 * percent / 100 }
        if let json = try? result.json() {
            let lists = JSONPlace.all(in: json) { ($0.arrayValue?.isEmpty ?? true) == false }
            let counted = lists.map { ($0, $0.value(in: json)?.arrayValue ?? []) }
            if let most = counted.map(\.1.count).max(),
                let (place, elements) = counted.first(where: { $0.1.count == most })
            {
                let fewer = Array(elements.prefix(kept(of: elements.count)))
                return place.replacing(in: json, by: .array(fewer)).encoded()
            }
            guard json.stringValue != nil else {
                throw Inapplicable("the result of the tool has no list")
            }
        }
        guard let scalars = result.text?.unicodeScalars, !scalars.isEmpty else {
            throw Inapplicable("the result of the tool is no text")
        }
        let cut = String.UnicodeScalarView(scalars.prefix(kept(of: scalars.count)))
        return Array(String(cut).utf8)
    }

    /// What is far too long is at most 16 MiB.
    static let oversizeBytesMax: Int64 = 16_777_216

    static let toolOversize = FaultKind(
        result: "tool-oversize", "The tool answers with far too much.",
        signature: .loud, weight: 3,
        parameters: [
            ParameterSpec(
                "bytes", .integer(1...oversizeBytesMax), default: .fixed(1_048_576),
                "How long the result is at least.")
        ],
        documentation: FaultDocumentation(
            wireForm: "The elements of the longest list again and again; else the text.",
            clients: "It goes into the context whole: the next request is refused, the session "
                + "is dead.",
            robustAgent: "Cuts or pages before it reaches the context.",
            evidence: ["spec-workflow#107", "crush#3480", "archi#599", "Zoo-Code#648"])
    ) { (result, parameters, _) throws(Inapplicable) in
        let wanted = parameters.integer("bytes")
        guard (1...oversizeBytesMax).contains(wanted) else {
            throw Inapplicable("bytes \(wanted) is no length of a result")
        }
        let bytes = Int(wanted)
        guard !result.bytes.isEmpty, result.bytes.count < bytes else {
            throw Inapplicable("the result of the tool is empty, or as long already")
        }
        if let json = try? result.json() {
            let lists = JSONPlace.all(in: json) { ($0.arrayValue?.isEmpty ?? true) == false }
            let longest = lists.map { ($0, $0.value(in: json)?.arrayValue ?? []) }
                .max { $0.1.count < $1.1.count }
            if let (place, elements) = longest {
                let size = max(1, JSONValue.array(elements).encoded().count - 2)
                let times = bytes / size + 1
                let more = Array(repeating: elements, count: times).flatMap { $0 }
                return place.replacing(in: json, by: .array(more)).encoded()
            }
            let filler = String(repeating: "0123456789abcdef", count: bytes / 16 + 1)
            guard json.objectValue != nil else { return JSONValue.string(filler).encoded() }
            var longer = json
            longer["details"] = .string(filler)
            return longer.encoded()
        }
        let times = bytes / result.bytes.count + 1
        return Array(repeating: result.bytes, count: times).flatMap { $0 }
    }

    static let toolHTMLInsteadOfJSON = FaultKind(
        result: "tool-html-instead-of-json", "The tool answers with a page for people.",
        signature: .ambiguous, weight: 3,
        parameters: [
            ParameterSpec(
                "variant", .choice(["challenge", "gateway", "login"]), default: .fixed("login"),
                "A page to log in, one of a gateway, or one that wants a human.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Status and headers as recorded, the body an HTML page.",
            clients: "JSON parsers raise; programs that pass text on feed it to the model.",
            robustAgent: "Checks what kind of content it got.")
    ) { (_, parameters, _) throws(Inapplicable) in
        let (title, text) =
            switch parameters.text("variant") {
            case "challenge": ("Just a moment...", "Verify you are human by completing the action.")
            case "gateway": ("502 Bad Gateway", "The server returned an invalid response.")
            default: ("Sign in", "Your session has expired. Sign in to continue.")
            }
        let page =
            "<!DOCTYPE html>\n<html><head><title>\(title)</title></head>\n"
            + "<body><h1>\(title)</h1><p>\(text)</p></body></html>\n"
        return Array(page.utf8)
    }

    static let toolPaginationRepeat = FaultKind(
        result: "tool-pagination-repeat", "The pages of the tool's list do not lead on.",
        signature: .quiet, weight: 3,
        parameters: [
            ParameterSpec(
                "variant",
                .choice(["cursor-empty-string", "cursor-invalid", "never-ends", "repeat", "skip"]),
                default: .fixed("repeat"),
                "The cursor is empty; is no cursor; there is one on every page, the last too; "
                    + "leads to the same page; a page is left out.")
        ],
        documentation: FaultDocumentation(
            wireForm: "nextCursor, next_cursor, next_page_token, cursor or next of the result is "
                + "another; skip empties the list beside it.",
            clients: "SDKs that page by themselves loop without end.",
            robustAgent: "Remembers the cursors it has seen, and caps the pages.",
            evidence: [
                "codebase-memory-mcp#1247", "java-sdk#628", "csharp-sdk#1072", "fastmcp#5025",
                "mcp-proxy#233",
            ])
    ) { (result, parameters, context) throws(Inapplicable) in
        let json = try result.json()
        let variant = parameters.text("variant")
        let names = [
            "nextCursor", "next_cursor", "next_page_token", "nextPageToken", "cursor", "next",
        ]
        guard json.objectValue != nil else { throw Inapplicable("the result is no object") }
        let key = names.first { json[$0] != nil }
        guard let key = key ?? (variant == "never-ends" ? "next_cursor" : nil) else {
            throw Inapplicable("the result has no cursor")
        }
        var edited = json
        switch variant {
        case "cursor-empty-string": edited[key] = ""
        case "cursor-invalid": edited[key] = .int(-1)
        case "never-ends": edited[key] = .string("cursor-" + context.interaction.request.path)
        case "skip":
            guard
                let list = JSONPlace.all(
                    in: json, where: { ($0.arrayValue?.isEmpty ?? true) == false }
                ).first
            else { throw Inapplicable("the page has no list") }
            edited = list.replacing(in: edited, by: [])
        default: edited[key] = .string(usedCursor(context) ?? "cursor-1")
        }
        return edited.encoded()
    }

    /// The cursor that the request itself came with.
    private static func usedCursor(_ context: FaultContext) -> String? {
        let request = context.interaction.request
        let query = request.target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let pairs = query.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
        let named = pairs.first { pair in
            pair.count == 2 && (pair[0].hasSuffix("ursor") || pair[0].hasSuffix("oken"))
        }
        if let named { return String(named[1]) }
        let body = try? JSONValue.parse(request.body)
        return (body?["cursor"] ?? body?["params"]?["cursor"])?.stringValue
    }
}
