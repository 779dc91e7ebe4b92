#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Files that a search writes when it is done, which may be hours later.
package enum OutputFile {
    /// Refuses a path where no file can be written, as far as that can be said before.
    package static func demand(_ path: String, _ what: String) throws(RunnerError) {
        let isNew = access(path, F_OK) != 0
        // One that waits for a reader must not be waited for.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
        guard descriptor < 0 else {
            close(descriptor)
            if isNew { unlink(path) }
            return
        }
        // A folder that is missing is made when the file is written.
        guard errno == ENOENT || errno == ENXIO else {
            throw RunnerError(
                .usage, "cannot write the \(what) \(path): \(System.errorText(errno))")
        }
    }

    /// Refuses a path where something is already.
    package static func demandNew(_ path: String, _ what: String) throws(RunnerError) {
        guard access(path, F_OK) != 0 else {
            throw RunnerError(.usage, "the \(what) \(path) exists; give another name")
        }
    }
}
