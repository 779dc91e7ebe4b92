#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// The functions of the C library whose names are taken below.
private let readBytes = read
private let writeBytes = write

/// The files of a local authority.
enum AuthorityFiles {
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Whether a folder can be put there: there is nothing, or a folder without files.
    static func isFree(_ path: String) -> Bool {
        guard exists(path) else { return true }
        guard let folder = opendir(path) else { return false }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // The folder itself, and the one that it is in.
        return count <= 2
    }

    /// Removes a file that is of no use.
    static func discard(_ path: String) {
        unlink(path)
    }

    static func read(_ path: String) throws(GatewayError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw problem("\(path) cannot be read") }
        defer { closeDescriptor(descriptor) }
        return try contents(descriptor, path)
    }

    /// Reads what nobody else may read.
    static func readSecret(_ path: String) throws(GatewayError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw problem("\(path) cannot be read") }
        defer { closeDescriptor(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw problem("\(path) cannot be read") }
        guard status.st_mode & 0o077 == 0 else {
            throw GatewayError(
                code: .badAuthority,
                message: "The key \(path) can be read by others, who could then pretend to be any "
                    + "server to your agents. Delete the authority's folder; another is made on "
                    + "the next use.")
        }
        return try contents(descriptor, path)
    }

    /// Makes a folder with files in one step: whoever sees it sees all of it.
    ///
    /// One that another process made meanwhile stays.
    static func makeFolder(
        _ path: String, files: [(name: String, bytes: [UInt8], mode: mode_t)], subfolder: String
    ) throws(GatewayError) {
        makeParents(of: path)
        var template = Array((path + ".XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw problem("\(path) cannot be made") }
        let temporary = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(GatewayError) {
            for file in files {
                try write(file.bytes, to: "\(temporary)/\(file.name)", mode: file.mode)
            }
            guard mkdir("\(temporary)/\(subfolder)", 0o700) == 0 else {
                throw problem("\(temporary) cannot be written")
            }
            if rename(temporary, path) != 0, !exists(path) {
                throw problem("\(path) cannot be made")
            }
        } catch {
            remove(temporary, files.map(\.name), subfolder)
            throw error
        }
        remove(temporary, files.map(\.name), subfolder)
    }

    /// Keeps bytes in a new file, unless there is one; that it cannot be made is no error.
    static func keep(_ bytes: [UInt8], at path: String) {
        // A name of its own: several threads of one process may be here at once.
        var template = Array((path + ".XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let temporary = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(temporary) }
        let isWritten =
            fchmod(descriptor, 0o644) == 0
            && (try? write(bytes, to: descriptor, path)) != nil
        closeDescriptor(descriptor)
        guard isWritten else { return }
        // Unlike a renamed file, a linked one never takes the place of the first.
        _ = link(temporary, path)
    }

    private static func contents(
        _ descriptor: CInt, _ path: String
    ) throws(GatewayError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = readBytes(descriptor, &piece, piece.count)
            guard count >= 0 else { throw problem("\(path) cannot be read") }
            if count == 0 { return bytes }
            bytes += piece.prefix(count)
        }
    }

    private static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t
    ) throws(GatewayError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw problem("\(path) cannot be written") }
        defer { closeDescriptor(descriptor) }
        try write(bytes, to: descriptor, path)
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: CInt, _ path: String
    ) throws(GatewayError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw problem("\(path) cannot be written") }
            rest = rest.dropFirst(count)
        }
    }

    private static func makeParents(of path: String) {
        let parts = path.split(separator: "/").dropLast()
        var parent = path.hasPrefix("/") ? "" : "."
        for part in parts {
            parent += "/" + part
            mkdir(parent, 0o700)
        }
    }

    private static func remove(_ folder: String, _ files: [String], _ subfolder: String) {
        guard exists(folder) else { return }
        for file in files { unlink("\(folder)/\(file)") }
        rmdir("\(folder)/\(subfolder)")
        rmdir(folder)
    }

    private static func problem(_ what: String) -> GatewayError {
        GatewayError(
            code: .badAuthority,
            message: "\(what): \(String(cString: strerror(errno))). The local authority is kept "
                + "there; STORMTAPE_AUTHORITY names another folder.")
    }
}
