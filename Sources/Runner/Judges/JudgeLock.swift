#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The right to write a cassette of judges, which one process has at a time.
///
/// The cassette itself is replaced, so the lock is a file beside it. One that a killed process left
/// is nobody's.
struct JudgeLock {
    private let path: String
    private let descriptor: Int32

    /// Takes it; where another process has it, that is the error.
    init(_ judges: String) throws(RunnerError) {
        path = JudgeLock.path(besides: judges)
        descriptor = try JudgeLock.hold(path, judges)
    }

    /// Gives it up.
    func release() {
        unlink(path)
        close(descriptor)
    }

    static func path(besides judges: String) -> String { judges + ".judging.lock" }

    private static func hold(_ path: String, _ judges: String) throws(RunnerError) -> Int32 {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw RunnerError(
                    .usage, "cannot write beside \(judges): \(System.errorText(errno))")
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let (isHeld, reason) = (errno == EWOULDBLOCK, System.errorText(errno))
                close(descriptor)
                throw RunnerError(
                    .usage,
                    isHeld
                        ? "another `stormtape judge` is asking for \(judges); wait for it to end"
                        : "cannot lock \(path): \(reason)")
            }
            if isStill(descriptor, at: path) { return descriptor }
            // One that ended in between has removed it.
            close(descriptor)
        }
    }

    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var own = stat()
        var there = stat()
        guard fstat(descriptor, &own) == 0, stat(path, &there) == 0 else { return false }
        return own.st_ino == there.st_ino && own.st_dev == there.st_dev
    }
}
