internal import History
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The commit of the working folder, and whether files of it were changed.
enum SourceRevision {
    static func current() -> Revision? {
        guard let folder = currentFolder() else { return nil }
        // Forms of repositories that we do not read are left to git, where it is there.
        guard let commit = GitHead.commit(at: folder) ?? output("git rev-parse --verify -q HEAD")
        else { return nil }
        let changes = output("git status --porcelain --untracked-files=no")
        return Revision(commit: commit, isDirty: changes.map { !$0.isEmpty })
    }

    private static func currentFolder() -> String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// What a command prints, without the last line break; nil when it fails or is not there.
    private static func output(_ command: String) -> String? {
        // Without the variable, `git status` writes to the repository.
        guard let stream = popen("GIT_OPTIONAL_LOCKS=0 \(command) 2>/dev/null", "r") else {
            return nil
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 {
            bytes += buffer[..<count]
        }
        guard pclose(stream) == 0 else { return nil }
        return String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}

/// The wall clock as text for people.
enum WallClockText {
    static func now() -> String { text(ofSeconds: System.wallClockNanoseconds / 1_000_000_000) }

    static func text(ofSeconds seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)) UTC"
    }
}
