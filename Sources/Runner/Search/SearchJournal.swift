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

    /// The open file.
    let descriptor: Int32
    /// Where the last whole line ends.
    private var end: off_t = 0
    private var isBroken = false
    private var known: [Digest: Observation] = [:]

    /// Opens the journal of a search in a folder, or begins it.
    ///
    /// The identity says all that decides what is seen; a search with another one has another file.
    package init(folder: String, identity: JSONValue, restart: Bool = false) throws(RunnerError) {
        let head = identity.canonical()
        try SearchJournal.makeFolders(folder)
        // Journals are nothing for a repository.
        _ = System.createFile("\(folder)/.gitignore", "*\n")
        path = "\(folder)/\(Digest(hashing: head).hex.prefix(16)).journal"
        descriptor = try SearchJournal.hold(path)
        if restart { ftruncate(descriptor, 0) }
        try read(head)
    }

    deinit { close(descriptor) }

    func observation(of plan: Digest) -> Observation? { known[plan] }

    /// Keeps what was seen; throws when it can be written no more, and only the first time.
    ///
    /// What was written before stays whole, so that a later search goes on from there.
    func add(_ observation: Observation, of plan: Digest) throws(RunnerError) {
        known[plan] = observation
        guard !isBroken else { return }
        let line: JSONValue = ["plan": .string(plan.hex), "seen": observation.json]
        let bytes = line.canonical() + [0x0A]
        guard System.write(bytes, to: descriptor) else {
            let failure = SearchJournal.failure(path, "write")
            isBroken = true
            ftruncate(descriptor, end)
            throw failure
        }
        end += off_t(bytes.count)
    }

    /// Opens the file and takes its lock.
    private static func hold(_ path: String) throws(RunnerError) -> Int32 {
        do throws(HeldFile.Refusal) {
            return try HeldFile.hold(path)
        } catch {
            switch error {
            case .held:
                throw RunnerError(
                    .usage,
                    "the same search is running already: it holds \(path); wait for it to end")
            case .failed(let what, let number): throw failure(path, what, number)
            }
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
            end = off_t(head.count + 1)
            return
        }
        for line in lines.dropFirst() {
            guard let json = try? JSONValue.parse(Array(line)),
                let plan = json["plan"]?.stringValue.flatMap(Digest.init(hex:)),
                let observation = json["seen"].flatMap(Observation.init(json:))
            else { continue }
            known[plan] = observation
        }
        found = known.count
        end = off_t(bytes.count - rest)
        ftruncate(descriptor, end)
        lseek(descriptor, 0, SEEK_END)
    }

    private static func makeFolders(_ path: String) throws(RunnerError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made == "/") ? String(part) : "/\(part)"
            if !System.isFolder(made) { try System.makeFolder(made) }
        }
    }

    private static func failure(
        _ path: String, _ what: String, _ number: Int32 = errno
    ) -> RunnerError {
        RunnerError(
            .cannotStart, "cannot \(what) the journal \(path): \(System.errorText(number))")
    }
}
