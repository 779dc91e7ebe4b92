internal import CStormtape
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Small things that the operating system does.
package enum System {
    /// The inherited environment, in the order of the process.
    package static var environment: [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        var cursor = environ
        while let line = cursor.pointee {
            let text = String(cString: line)
            if let equals = text.firstIndex(of: "=") {
                found.append(
                    (String(text[..<equals]), String(text[text.index(after: equals)...])))
            }
            cursor += 1
        }
        return found
    }

    /// The wall clock, nanoseconds since 1970.
    package static var wallClockNanoseconds: Int64 { clock(CLOCK_REALTIME) }

    /// A clock that only goes forward, in nanoseconds.
    package static var monotonicNanoseconds: Int64 { clock(CLOCK_MONOTONIC) }

    private static func clock(_ id: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(id, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The text for an error number.
    static func errorText(_ number: Int32) -> String {
        String(cString: strerror(number))
    }

    /// Finds a command as the shell does; nil when there is none.
    static func find(_ command: String, searchPath: String) -> String? {
        if command.contains("/") { return access(command, X_OK) == 0 ? command : nil }
        for folder in searchPath.split(separator: ":") {
            let candidate = "\(folder)/\(command)"
            if access(candidate, X_OK) == 0, !isFolder(candidate) { return candidate }
        }
        return nil
    }

    static func isFolder(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// The path of the running program.
    package static var executablePath: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return CommandLine.arguments[0] }
        return String(
            decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// How many processors may be used.
    package static var processorCount: Int {
        Int(stormtape_processor_count())
    }

    /// Whether a descriptor is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// Makes a file that outgrows its limit an error of the write, as a full disk is; by default
    /// it ends the program, and with it the agent's way to its upstreams.
    package static func ignoreFileSizeSignal() {
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Writes all bytes to a descriptor; false when the reader is gone.
    @discardableResult
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let wrote = bytes[offset...].withUnsafeBytes {
                #if canImport(Glibc)
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                #else
                    Darwin.write(descriptor, $0.baseAddress, $0.count)
                #endif
            }
            if wrote < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&poller, 1, -1)
                    continue
                }
                return false
            }
            offset += wrote
        }
        return true
    }

    /// A private folder that is removed by `removeTree`.
    static func makeTemporaryFolder() throws(RunnerError) -> String {
        let base = String(cString: getenv("TMPDIR") ?? strdup("/tmp"))
        var template = Array("\(base)/stormtape-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw RunnerError(
                .cannotStart,
                "cannot make a temporary folder in \(base): "
                    + errorText(errno) + "; set TMPDIR to a folder that can be written")
        }
        return String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Makes a folder that may be there already, private to its owner.
    static func makeFolder(_ path: String) throws(RunnerError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw RunnerError(.cannotStart, "cannot make the folder \(path): \(errorText(errno))")
    }

    /// Gives a file another name and mode; failing to is shown by the file still being there.
    static func move(_ path: String, to other: String, mode: mode_t) {
        chmod(path, mode)
        rename(path, other)
    }

    /// Removes a folder and all below it; symbolic links are not followed.
    static func removeTree(_ path: String) {
        stormtape_remove_tree(path)
    }
}

extension System {
    /// The bytes of a file; nil when it cannot be read.
    package static func contents(of path: String) -> [UInt8]? {
        guard !isFolder(path), let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = fread(&buffer, 1, buffer.count, file)
            if got == 0 { return ferror(file) == 0 ? bytes : nil }
            bytes += buffer[..<got]
        }
    }

    /// Writes a new file; false when there is one already or it cannot be written.
    package static func createFile(_ path: String, _ text: String) -> Bool {
        guard let file = fopen(path, "wxe") else { return false }
        let written = fputs(text, file) >= 0
        return fclose(file) == 0 && written
    }

    /// Writes a file in place of one that may exist, and the folder it is in; false when it
    /// cannot be written.
    package static func replaceFile(_ path: String, _ bytes: [UInt8]) -> Bool {
        var folder = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            folder += part + "/"
            if !isFolder(folder) { mkdir(folder, 0o777) }
        }
        guard let file = fopen(path, "we") else { return false }
        let written = bytes.isEmpty || fwrite(bytes, 1, bytes.count, file) == bytes.count
        return fclose(file) == 0 && written
    }

    /// Writes a new file of bytes; false when there is one already or it cannot be written.
    static func createFile(_ path: String, _ bytes: [UInt8]) -> Bool {
        guard let file = fopen(path, "wxe") else { return false }
        let written = fwrite(bytes, 1, bytes.count, file) == bytes.count
        return fclose(file) == 0 && written
    }
}
