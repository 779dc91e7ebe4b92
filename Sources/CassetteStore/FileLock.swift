import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An advisory lock that one recording holds on its cassette.
///
/// `flock` and not SQLite's own locks: those are lost when any descriptor of the file is closed in
/// this process, and they would keep readers of an unfinished recording away.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock; nil when another recording holds it or the file cannot be opened.
    init?(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        close(descriptor)
    }
}

/// Flushes a file or a folder to the disk, so that a rename cannot become visible before it.
package func synchronize(path: String) throws(CassetteFileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        throw CassetteFileError(
            .unwritable, path: path, "could not be flushed to the disk; check the folder",
            cause: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
        throw CassetteFileError(
            .failed, path: path, "could not be flushed to the disk; check the disk",
            cause: String(cString: strerror(errno)))
    }
}
