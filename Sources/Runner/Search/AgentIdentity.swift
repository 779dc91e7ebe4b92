package import Determinism
internal import History
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Which agent a search is about: its command, the files that the command names, and the commit of
/// the folder that it runs in.
///
/// Modules that the agent loads and git does not know are not seen.
package struct AgentIdentity: Hashable, Sendable {
    /// The command as a person would paste it.
    package let description: String
    /// The digest of all of it.
    package let digest: Digest

    /// Files beyond this size are named, not read.
    private static let fileBytesMax = 16 << 20

    package init(_ configuration: RunConfiguration) {
        description = CommandLineText.agent(configuration)
        var rolling = RollingDigest()
        rolling.append(description)
        for word in configuration.command {
            guard let bytes = AgentIdentity.contents(word) else { continue }
            rolling.append(word)
            rolling.append(Digest(hashing: bytes).bytes)
        }
        if let revision = SourceRevision.current() { rolling.append(revision.commit) }
        digest = rolling.value
    }

    private static func contents(_ path: String) -> [UInt8]? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= fileBytesMax
        else { return nil }
        return System.contents(of: path)
    }
}
