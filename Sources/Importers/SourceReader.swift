import Cassette
import Determinism

/// Finds out by content what wrote a file, and reads it.
struct SourceReader {
    static let bytesMax = 256 << 20
    /// A zip file in a compressed file, and no deeper.
    private static let wrappingsMax = 2

    static let tooLarge = ImportError(
        .tooLarge, "the file is larger than \(bytesMax) bytes; split the recording")

    private let file: String
    private let limits: SourceLimits

    /// The exchanges of a file; what is refused comes with its reason.
    static func read(
        _ bytes: [UInt8], file: String, limits: SourceLimits = .standard
    ) -> SourceReading {
        var unfolded = 0
        do {
            return try SourceReader(file: file, limits: limits)
                .read(bytes, wrappings: 0, &unfolded)
        } catch {
            return SourceReading(refusing: error.at(ImportOrigin(file: file, index: nil)))
        }
    }

    private func read(
        _ bytes: [UInt8], wrappings: Int, _ unfolded: inout Int
    ) throws(ImportError) -> SourceReading {
        guard bytes.count <= Self.bytesMax else { throw Self.tooLarge }
        guard !bytes.isEmpty else { throw ImportError(.unknownFormat, "the file is empty") }
        try count(0, &unfolded)
        if let inner = try unwrapped(bytes) {
            guard wrappings < Self.wrappingsMax else {
                throw ImportError(.tooLarge, "the file is compressed more than twice; unpack it")
            }
            try count(inner.count, &unfolded)
            return try read(inner, wrappings: wrappings + 1, &unfolded)
        }
        if ZipArchive.isZip(bytes) {
            return try archive(bytes, wrappings: wrappings, &unfolded)
        }
        if TnetstringReader.isTnetstring(bytes) {
            return MitmproxyFlows.read(bytes, file: file)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw ImportError(.unknownFormat, "the file is binary and no recording that is known")
        }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        return try read(text: text)
    }

    /// Adds to the bytes that all packed files within the file unfold to.
    private func count(_ bytes: Int, _ unfolded: inout Int) throws(ImportError) {
        unfolded += bytes
        guard unfolded <= limits.unfoldedBytesMax else {
            throw ImportError(
                .tooLarge,
                "the packed files in the file unfold to more than \(limits.unfoldedBytesMax) "
                    + "bytes; unpack it, and import the recordings in it")
        }
    }

    /// What gzip or zlib holds; nil where neither wraps the file.
    private func unwrapped(_ bytes: [UInt8]) throws(ImportError) -> [UInt8]? {
        let isGzip = bytes.starts(with: [0x1F, 0x8B])
        guard isGzip || (ContentCoding.isZlib(bytes) && bytes[0] == 0x78) else { return nil }
        // A text may begin with the two letters of zlib's header.
        guard isGzip || String(validating: bytes, as: UTF8.self) == nil else { return nil }
        do {
            return try Inflater.inflate(bytes, .wrapped)
        } catch {
            throw ImportError(
                error.code == .tooLarge ? .tooLarge : .malformed,
                "\(error.message); export the file again")
        }
    }

    private func archive(
        _ bytes: [UInt8], wrappings: Int, _ unfolded: inout Int
    ) throws(ImportError) -> SourceReading {
        guard wrappings < Self.wrappingsMax else {
            throw ImportError(.tooLarge, "the file is compressed more than twice; unpack it")
        }
        let entries = try ZipArchive.entries(bytes)
        try count(entries.reduce(0) { $0 + $1.bytes.count }, &unfolded)
        // One document at a time is in memory.
        let archives = entries.compactMap { httpArchive($0, attachments: entries) }
        if !archives.isEmpty { return SourceReading(joining: archives) }
        let readings = entries.map { entry in
            do throws(ImportError) {
                return try SourceReader(file: "\(file)!\(entry.name)", limits: limits)
                    .read(entry.bytes, wrappings: wrappings + 1, &unfolded)
            } catch {
                let origin = ImportOrigin(file: "\(file)!\(entry.name)", index: nil)
                return SourceReading(refusing: error.at(origin))
            }
        }
        guard !readings.isEmpty else {
            throw ImportError(.unknownFormat, "the zip file holds no file")
        }
        return SourceReading(joining: readings)
    }

    /// The exchanges of an entry that is HAR; nil for any other, which may be a body.
    private func httpArchive(
        _ entry: ZipArchive.Entry, attachments: [ZipArchive.Entry]
    ) -> SourceReading? {
        let name = "\(file)!\(entry.name)"
        do throws(ImportError) {
            try limits.checkValues(entry.bytes)
        } catch {
            let marks = entry.bytes.lazy.filter { !" \t\r\n".utf8.contains($0) }
            guard marks.starts(with: "{\"log\":".utf8) else { return nil }
            return SourceReading(refusing: error.at(ImportOrigin(file: name, index: nil)))
        }
        guard let tree = (try? JSONValue.parse(entry.bytes)).map({ ImportTree($0) }),
            let list = tree[path: "log", "entries"]
        else { return nil }
        return HAR.read(list.list ?? [], file: name, attachments: attachments)
    }

    private func read(text: ArraySlice<UInt8>) throws(ImportError) -> SourceReading {
        let start = text.first { !" \t\r\n".utf8.contains($0) }
        if start == UInt8(ascii: "{") || start == UInt8(ascii: "[") {
            return try read(json: Array(text))
        }
        if EventList.isStream(text) { return EventList.read(Array(text), file: file) }
        let known = ["interactions:", "http_interactions:", "log:"]
        guard hasLine(text, beginningWith: known) else { throw unknown(text) }
        return try read(tree: try YAMLReader.read(String(decoding: text, as: UTF8.self)))
    }

    private func read(json bytes: [UInt8]) throws(ImportError) -> SourceReading {
        try limits.checkValues(bytes)
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes)
        } catch {
            return try read(lines: bytes, after: error)
        }
        if EventListForm.of([value]) != nil { return EventList.read(bytes, file: file) }
        return try read(tree: ImportTree(value))
    }

    /// One document a line, of which some may be broken, or a recording that is damaged.
    private func read(
        lines bytes: [UInt8], after failure: JSONError
    ) throws(ImportError) -> SourceReading {
        let count = EventListForm.eventsMax
        let lines = bytes.split(separator: 0x0A, maxSplits: count).prefix(count)
        for line in lines { try limits.checkValues(line) }
        let first = lines.lazy.compactMap { try? JSONValue.parse($0) }.first
        guard lines.count > 1, let first, first.objectValue != nil else {
            throw ImportError(.malformed, "this is not valid JSON: \(failure)")
        }
        if let trace = TraceFormat.of(ImportTree(first)) { throw trace.refusal }
        return EventList.read(bytes, file: file)
    }

    private func read(tree: ImportTree) throws(ImportError) -> SourceReading {
        if let items = tree["http_interactions"]?.list { return RubyVCR.read(items, file: file) }
        if let entries = tree[path: "log", "entries"]?.list {
            return HAR.read(entries, file: file)
        }
        if let items = tree["interactions"]?.list {
            let first = items.first?["request"]
            let isGo = first.map { $0["url"] != nil } ?? (tree["version"]?.int == 2)
            return isGo ? GoVCR.read(items, file: file) : VCRPy.read(items, file: file)
        }
        if let trace = TraceFormat.of(tree) { throw trace.refusal }
        throw ImportError(
            .unknownFormat,
            "the file is JSON or YAML, but no recording that is known; "
                + Self.known)
    }

    private func unknown(_ text: ArraySlice<UInt8>) -> ImportError {
        if String(decoding: text.prefix(4096), as: UTF8.self).contains("\"dotted_order\"") {
            return TraceFormat.langSmith.refusal
        }
        return ImportError(.unknownFormat, "the file is no recording that is known; " + Self.known)
    }

    private static let known =
        "known are cassettes of vcrpy, Ruby's VCR and go-vcr, HAR 1.2 (also zipped), flows of "
        + "mitmproxy, and lists of events, one JSON document a line"
}

/// Traces of a program from within, which hold too little to replay what went over the wire.
enum TraceFormat: String {
    case openTelemetry = "OpenTelemetry spans"
    case mlflow = "an MLflow trace"
    case langSmith = "LangSmith runs"

    static func of(_ tree: ImportTree) -> TraceFormat? {
        if tree["resourceSpans"] != nil || tree["resourceLogs"] != nil { return .openTelemetry }
        if tree[path: "info", "trace_id"] != nil, tree[path: "data", "spans"] != nil {
            return .mlflow
        }
        if tree["dotted_order"] != nil || (tree["post"] != nil && tree["patch"] != nil) {
            return .langSmith
        }
        return nil
    }

    var refusal: ImportError {
        ImportError(
            .unsupportedFormat,
            "these are \(rawValue): a trace from within the agent, without HTTP requests, failed "
                + "attempts and chunks; record the same run with `stormtape record`, or with a "
                + "proxy as HAR")
    }
}
