package import Determinism
internal import History
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Which agent a search is about: its command, the files that the command names, what it is asked,
/// its clock, and the commit of the folder that it runs in with what was changed since.
///
/// Modules that the agent loads and git does not know are not seen.
package struct AgentIdentity: Hashable, Sendable {
    /// The command as a person would paste it.
    package let description: String
    /// The digest of all of it.
    package let digest: Digest

    /// Files beyond this size are named, not read.
    private static let fileBytesMax = 16 << 20

    /// Reads what is there now; `outputs` are files that the search itself writes, and no part of
    /// the agent.
    package init(_ configuration: RunConfiguration, besides outputs: [String] = []) {
        description = CommandLineText.agent(configuration)
        var rolling = RollingDigest()
        rolling.append(description)
        for word in configuration.command {
            guard let bytes = AgentIdentity.contents(word) else { continue }
            rolling.append(word)
            rolling.append(Digest(hashing: bytes).bytes)
        }
        if let ask = configuration.ask { rolling.append(ask.json.canonical()) }
        if !configuration.usesVirtualClock { rolling.append("clock real") }
        if configuration.sleepsForReal { rolling.append("pace real") }
        if let revision = SourceRevision.current() {
            rolling.append(revision.commit)
            // Most trees are clean: git need not look twice.
            if revision.isDirty != false,
                let changes = AgentIdentity.changes(
                    besides: outputs + (configuration.judges?.files ?? []))
            {
                rolling.append(changes.bytes)
            }
        }
        digest = rolling.value
    }

    private static func contents(_ path: String) -> [UInt8]? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= fileBytesMax
        else { return nil }
        return System.contents(of: path)
    }

    /// The digest of what differs from the commit in files that git knows; nil for nothing.
    private static func changes(besides outputs: [String]) -> Digest? {
        let words = ["diff", "--binary", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD"]
        // A file outside of the repository cannot be left out of it: git refuses to try.
        let without = outputs.filter { path in
            printed(["ls-files", "--", ":(literal)\(path)"]) != nil
        }.map { ":(exclude,literal)\($0)" }
        guard let found = printed(words + ["--", ":(top)"] + without), !found.isEmpty else {
            return nil
        }
        return found.digest
    }

    /// What git prints; nil when it fails.
    private static func printed(_ words: [String]) -> PiecewiseDigest? {
        var found = PiecewiseDigest()
        let status = try? GitRepository.git(words, in: ".") { found.append($0) }
        return status == 0 ? found : nil
    }
}

/// A digest of bytes that come in pieces, which does not depend on where these end.
struct PiecewiseDigest {
    private static let blockSize = 1 << 16

    private var rolling = RollingDigest()
    private var rest: [UInt8] = []

    mutating func append(_ piece: ArraySlice<UInt8>) {
        rest += piece
        var start = 0
        while rest.count - start >= Self.blockSize {
            rolling.append(Array(rest[start..<start + Self.blockSize]))
            start += Self.blockSize
        }
        rest.removeFirst(start)
    }

    /// Whether nothing came.
    var isEmpty: Bool { rest.isEmpty && rolling.count == 0 }

    /// The digest of all that came.
    var digest: Digest {
        var rolling = rolling
        rolling.append(rest)
        return rolling.value
    }
}
