internal import CStormtape
package import Determinism
internal import Search
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What a search has seen so far, in a file, so that one that was cut off goes on.
///
/// Each observation is a line of JSON behind a head that says which search it belongs to. A line
/// that was cut off is dropped. One process at a time has it.
package final class SearchJournal {
    /// How many observations were there.
    package private(set) var found = 0
    /// The file.
    package let path: String

    private let descriptor: Int32
    private var known: [Digest: Entry] = [:]

    /// What is kept of a run.
    struct Entry {
        var observation: Observation
        /// The letter of its grade.
        var grade: String
    }

    /// Opens the journal of a search in a folder, or begins it.
    ///
    /// The identity says all that decides what is seen; a search with another one has another file.
    package init(folder: String, identity: JSONValue, restart: Bool = false) throws(RunnerError) {
        let head = identity.canonical()
        try SearchJournal.makeFolders(folder)
        path = "\(folder)/\(Digest(hashing: head).hex.prefix(16)).journal"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SearchJournal.failure(path, "open") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw RunnerError(
                .usage,
                "the same search is running already: it holds \(path); wait for it to end")
        }
        if restart { ftruncate(descriptor, 0) }
        try read(head)
    }

    deinit { close(descriptor) }

    func entry(of plan: Digest) -> Entry? { known[plan] }

    func add(_ entry: Entry, of plan: Digest) throws(RunnerError) {
        known[plan] = entry
        let line: JSONValue = [
            "plan": .string(plan.hex), "grade": .string(entry.grade),
            "seen": entry.observation.json,
        ]
        guard System.write(line.canonical() + [0x0A], to: descriptor) else {
            throw SearchJournal.failure(path, "write")
        }
    }

    /// Removes the file: the search is complete, and the next one begins anew.
    package func remove() { unlink(path) }

    private func read(_ head: [UInt8]) throws(RunnerError) {
        let bytes = System.contents(of: path) ?? []
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        // What stands behind the last line break was cut off.
        let rest = lines.popLast()?.count ?? 0
        guard let first = lines.first, Array(first) == head else {
            ftruncate(descriptor, 0)
            guard System.write(head + [0x0A], to: descriptor) else {
                throw SearchJournal.failure(path, "write")
            }
            return
        }
        for line in lines.dropFirst() {
            guard let json = try? JSONValue.parse(Array(line)),
                let plan = json["plan"]?.stringValue.flatMap(Digest.init(hex:)),
                let grade = json["grade"]?.stringValue,
                let observation = json["seen"].flatMap(Observation.init(json:))
            else { continue }
            known[plan] = Entry(observation: observation, grade: grade)
        }
        found = known.count
        ftruncate(descriptor, off_t(bytes.count - rest))
        lseek(descriptor, 0, SEEK_END)
    }

    private static func makeFolders(_ path: String) throws(RunnerError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made == "/") ? String(part) : "/\(part)"
            if !System.isFolder(made) { try System.makeFolder(made) }
        }
    }

    private static func failure(_ path: String, _ what: String) -> RunnerError {
        RunnerError(.usage, "cannot \(what) the journal \(path): \(System.errorText(errno))")
    }
}
