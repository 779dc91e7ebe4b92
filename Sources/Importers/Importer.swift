package import Cassette
import Determinism

/// How to import.
package struct ImportOptions: Sendable {
    /// The providers whose names, base addresses and variables are known.
    package var known: [KnownUpstream]
    /// What takes credentials out before anything is kept.
    package var redactor: Redactor
    /// The version of the tool.
    package var toolVersion: String
    /// The bytes that all bodies may have, as they are decoded.
    var bodyBytesMax = 1 << 30

    /// Creates options.
    package init(known: [KnownUpstream], redactor: Redactor, toolVersion: String) {
        self.known = known
        self.redactor = redactor
        self.toolVersion = toolVersion
    }
}

/// What an import gave: all that a cassette needs, without secrets.
package struct ImportResult: Sendable {
    /// What the cassette says of itself.
    package let manifest: Manifest
    /// The interactions in their order.
    package let interactions: [Interaction]
    /// The counts.
    package let report: ImportReport
}

/// Turns recordings of other tools into interactions.
package enum Importer {
    private struct Loaded {
        let file: ImportFile
        let digest: String
        var exchange: ImportedExchange
    }

    /// Imports files; their order makes no difference.
    ///
    /// What is refused is in the report.
    package static func run(_ files: [ImportFile], options: ImportOptions) -> ImportResult {
        var report = ImportReport()
        let found: [Loaded]
        do {
            found = try load(files, bodyBytesMax: options.bodyBytesMax, &report)
        } catch {
            found = []
            report = ImportReport(refusing: files, error)
        }
        let isTimed = found.allSatisfy { $0.exchange.instant != nil }
        let loaded = ordered(found, isTimed: isTimed)
        let plan = UpstreamPlan(
            known: options.known, requests: loaded.map { ($0.exchange.url, request($0.exchange)) })
        let builder = InteractionBuilder(plan: plan)
        var kept: [BuiltExchange] = []
        for item in loaded {
            var built = builder.build(item.exchange)
            built.interaction = options.redactor.redact(built.interaction)
            if let leak = options.redactor.leaks(in: built.interaction).first {
                report.refusals.append(
                    ImportError(
                        .secret,
                        "after redaction it still holds something like a credential "
                            + "(\(leak.kind.rawValue)); take it out of the file and import again",
                        at: item.exchange.origin))
                continue
            }
            report.add(built, group: item.file.group)
            kept.append(built)
        }
        report.sort()
        let clock = ImportClock(kept.map(\.exchange), isTimed: isTimed)
        let interactions = clock.placed(kept.map(\.interaction))
        let used = Set(interactions.map(\.upstream))
        let manifest = Manifest(
            toolVersion: options.toolVersion, recordedAtNanoseconds: clock.origin,
            upstreams: plan.upstreams.filter { used.contains($0.name) },
            provenance: provenance(kept), fidelity: fidelity(kept, clock))
        return ImportResult(
            manifest: options.redactor.redact(manifest), interactions: interactions,
            report: report)
    }

    /// The exchanges of all files; an error when their bodies are too large together, since no
    /// order of the files says which of them to leave out.
    private static func load(
        _ files: [ImportFile], bodyBytesMax: Int, _ report: inout ImportReport
    ) throws(ImportError) -> [Loaded] {
        var loaded: [Loaded] = []
        var bodyBytes = 0
        for file in files {
            report.files += 1
            let bytes: [UInt8]
            do {
                bytes = try file.read()
            } catch {
                report.refusals.append(error)
                report.refusedFiles += 1
                continue
            }
            let reading = SourceReader.read(bytes, file: file.path)
            var refusals = reading.refusals
            var count = 0
            let digest = Digest(hashing: bytes).hex
            for var exchange in reading.exchanges {
                do {
                    try ExchangeRepair.repair(&exchange)
                } catch {
                    refusals.append(error.at(exchange.origin))
                    continue
                }
                bodyBytes += exchange.body.count + (exchange.response?.body.count ?? 0)
                guard bodyBytes <= bodyBytesMax else {
                    throw ImportError(
                        .tooLarge,
                        "the bodies of all exchanges have more than \(bodyBytesMax) bytes; "
                            + "import fewer files at once")
                }
                loaded.append(Loaded(file: file, digest: digest, exchange: exchange))
                count += 1
            }
            report.refusals += refusals
            if count == 0, !refusals.isEmpty { report.refusedFiles += 1 }
            if let source = reading.source, count > 0 || refusals.isEmpty {
                report.add(file: file, source: source)
            }
        }
        return loaded
    }

    /// By the instant where every exchange has one, then by what the file is, not by its argument.
    private static func ordered(_ loaded: [Loaded], isTimed: Bool) -> [Loaded] {
        return loaded.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if isTimed, first.exchange.instant != second.exchange.instant {
                return (first.exchange.instant ?? 0) < (second.exchange.instant ?? 0)
            }
            if first.file.name != second.file.name { return first.file.name < second.file.name }
            if first.digest != second.digest { return first.digest < second.digest }
            return left.offset < right.offset
        }.map(\.element)
    }

    private static func request(_ exchange: ImportedExchange) -> RecordedRequest {
        RecordedRequest(
            method: exchange.method, target: exchange.url.target, headers: exchange.headers,
            body: exchange.body)
    }

    private static func provenance(_ kept: [BuiltExchange]) -> String {
        let sources = Set(kept.map(\.exchange.source.rawValue)).sorted()
        return sources.isEmpty ? "imported" : "imported from \(sources.joined(separator: ", "))"
    }

    private static func fidelity(_ kept: [BuiltExchange], _ clock: ImportClock) -> [String] {
        var marks: Set<String> = ["imported"]
        for built in kept {
            marks.formUnion(built.exchange.marks)
            for column in FidelityColumn.allCases {
                let mark = column.mark(of: built.exchange.fidelity)
                if mark != .recorded { marks.insert("\(column.rawValue)-\(mark.rawValue)") }
            }
        }
        if let mark = clock.mark { marks.insert(mark) }
        return marks.sorted()
    }
}
