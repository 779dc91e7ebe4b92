import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An advisory lock around the opening of a ledger, so that one storm creates it.
///
/// SQLite's own lock does not wait when a file is turned to its write-ahead log. The kernel gives
/// the lock back when the process ends, however it ends.
struct LedgerLock: ~Copyable {
    private static let pauseMicroseconds: UInt32 = 5_000
    private let descriptor: Int32

    /// Takes the lock; nil when it cannot be had in time.
    init?(path: String, waitMilliseconds: Int) throws(LedgerError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unwritable(path, String(cString: strerror(errno)))
        }
        var left = waitMilliseconds * 1_000 / Int(LedgerLock.pauseMicroseconds)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard left > 0, errno == EWOULDBLOCK || errno == EINTR else {
                close(descriptor)
                return nil
            }
            left -= 1
            usleep(LedgerLock.pauseMicroseconds)
        }
    }

    deinit {
        close(descriptor)
    }
}
