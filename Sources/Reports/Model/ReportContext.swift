package import Determinism
internal import Judgement
internal import Simulation

/// A line of a file, its path counted from the root of the repository.
struct SourcePlace: Hashable {
    let path: String
    let line: Int
    var column: Int?
}

/// Where an invariant stands in the file of the scenario.
package struct InvariantPlace: Hashable, Sendable {
    /// The rule as the scenario has it.
    package let source: JSONValue
    /// The line, from 1.
    package let line: Int
    /// The column, from 1.
    package let column: Int

    package init(source: JSONValue, line: Int, column: Int) {
        self.source = source
        self.line = line
        self.column = column
    }
}

/// What reports know of the world around a result: the files that it can point to.
package struct ReportContext: Hashable, Sendable {
    /// The file of the scenario, absolute or from the working folder; nil for none.
    package var scenarioFile: String?
    /// Where its invariants stand.
    package var invariants: [InvariantPlace]
    /// The folder in which the agent ran, absolute.
    package var folder: String
    /// The path of that folder from the root of the repository; empty for the root itself.
    package var folderInRepository: String
    /// A file that tells more, as CI keeps it; nil for none.
    package var attachment: String?
    /// The version of this tool; nil when it is not to be named.
    package var version: String?
    /// The hash of the cassette, for a single run, which does not name it.
    package var cassette: Digest?

    package init(
        scenarioFile: String? = nil, invariants: [InvariantPlace] = [], folder: String = "",
        folderInRepository: String = "", attachment: String? = nil, version: String? = nil
    ) {
        self.scenarioFile = scenarioFile
        self.invariants = invariants
        self.folder = folder
        self.folderInRepository = folderInRepository
        self.attachment = attachment
        self.version = version
    }
}

extension ReportContext {
    /// The scenario; nil when its file is unknown or lies elsewhere.
    var scenarioPlace: SourcePlace? {
        scenarioFile.flatMap(path).map { SourcePlace(path: $0, line: 1) }
    }

    /// Where an invariant is written.
    func place(of result: InvariantResult) -> SourcePlace? {
        guard let path = scenarioFile.flatMap(path),
            let found = invariants.first(where: { $0.source == result.invariant })
        else { return nil }
        return SourcePlace(path: path, line: found.line, column: found.column)
    }

    /// Where an uncaught exception was raised in the agent's own code.
    func crashPlace(of run: RunSummary) -> SourcePlace? {
        guard run.verdict == .crashed else { return nil }
        return Traceback.frames(run.standardErrorTail).lazy.compactMap { frame in
            path(frame.file).map { SourcePlace(path: $0, line: frame.line) }
        }.first
    }

    /// The line that says most of why a run failed.
    func place(of run: RunSummary) -> SourcePlace? {
        crashPlace(of: run) ?? run.broken.lazy.compactMap { place(of: $0) }.first ?? scenarioPlace
    }

    /// A path from the root of the repository; nil for one that leads elsewhere or is none.
    private func path(_ text: String) -> String? {
        var path = text[...]
        if path.hasPrefix("/") {
            guard !folder.isEmpty, path.hasPrefix(folder) else { return nil }
            path = path.dropFirst(folder.count)
            guard folder.hasSuffix("/") || path.hasPrefix("/") else { return nil }
        }
        let parts = path.split(separator: "/").filter { $0 != "." }
        let isPlain =
            path.unicodeScalars.count <= 400 && String(path) == SafeText.line(String(path))
        guard isPlain, let last = parts.last, !last.hasPrefix("<"),
            !parts.contains(where: { ReportContext.foreignFolders.contains(String($0)) })
        else { return nil }
        let prefix = folderInRepository.split(separator: "/")
        return (prefix + parts).joined(separator: "/")
    }

    /// What leads out of the folder, and where the code of others is installed.
    private static let foreignFolders: Set<String> = [
        "..", "site-packages", "dist-packages", "node_modules", ".venv", "venv",
    ]
}
