#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A file that one process at a time has open; whoever has it may remove it.
enum HeldFile {
    /// Why it cannot be had.
    enum Refusal: Error {
        /// Another process has it.
        case held
        /// What was tried, a verb, and the number of the system's error.
        case failed(what: String, number: Int32)
    }

    /// Opens the file, or makes it, and takes its lock; the descriptor gives it up when closed.
    static func hold(_ path: String) throws(Refusal) -> Int32 {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw .failed(what: "open", number: errno) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let number = errno
                close(descriptor)
                throw number == EWOULDBLOCK ? .held : .failed(what: "lock", number: number)
            }
            if isStill(descriptor, at: path) { return descriptor }
            // A process that ended in between has removed it.
            close(descriptor)
        }
    }

    /// Whether the open file is the one at the path.
    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var own = stat()
        var there = stat()
        guard fstat(descriptor, &own) == 0, stat(path, &there) == 0 else { return false }
        return own.st_ino == there.st_ino && own.st_dev == there.st_dev
    }
}
