#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The folder of a recording service, which must not grow without end.
struct ServeFolder: Sendable {
    let path: String
    private let lock: Int32

    private static let suffix = ".cassette"

    /// Opens the folder, made if need be, for one service at a time.
    init(_ path: String) throws(RunnerError) {
        self.path = path
        try System.makeFolder(path)
        lock = open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw RunnerError(.usage, "cannot write \(path): \(System.errorText(errno))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw RunnerError(
                .usage, "another `stormtape serve` writes into \(path); give each its own folder")
        }
    }

    /// Lets another service have it.
    func leave() {
        close(lock)
    }

    /// The path of a new cassette: sorted by name they are sorted by age.
    func newPath(key: String, number: Int) -> String {
        let characters = key.utf8.prefix(40).map { byte -> Character in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F:
                Character(UnicodeScalar(byte))
            default: "-"
            }
        }
        let name = key.isEmpty ? "session" : String(characters)
        let stem = "\(path)/\(Self.timeStamp())-\(name)-\(number)"
        // A service that was started again in the same second counts anew.
        var candidate = stem + Self.suffix
        var copy = 2
        while access(candidate, F_OK) == 0 {
            candidate = "\(stem).\(copy)" + Self.suffix
            copy += 1
        }
        return candidate
    }

    /// Removes the oldest cassettes until all files take no more than so many bytes.
    ///
    /// Those that are open stay; false when it is still too much. Which ones these are is asked
    /// once the folder is listed: one that is opened meanwhile is open, or not in the list.
    func trim(to bytesMax: Int64, sparing open: () -> Set<String>) -> Bool {
        var files = files()
        var total = files.reduce(0) { $0 + $1.bytes }
        let spared = Set(open().map { String($0.dropFirst(path.count + 1)) })
        while total > bytesMax {
            let next = files.firstIndex { file in
                !spared.contains { file.name.hasPrefix($0) }
            }
            guard let next else { return false }
            unlink(path + "/" + files[next].name)
            total -= files[next].bytes
            files.remove(at: next)
        }
        return true
    }

    /// How many bytes the cassettes take.
    var byteCount: Int64 { files().reduce(0) { $0 + $1.bytes } }

    /// The cassettes, with what belongs to them, by name.
    private func files() -> [(name: String, bytes: Int64)] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var found: [(name: String, bytes: Int64)] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard name.contains(Self.suffix), stat(path + "/" + name, &status) == 0 else {
                continue
            }
            found.append((name, Int64(status.st_size)))
        }
        return found.sorted { $0.name < $1.name }
    }

    private static func timeStamp() -> String {
        var seconds = time_t(System.wallClockNanoseconds / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))T"
            + "\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))Z"
    }
}
