#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Two ports of loopback to which no connection comes about: one refuses, one never answers.
///
/// So the kernel itself fails a connection, in all the ways in which a program can hear of it.
struct DeadEnds: Sendable {
    let closedPort: UInt16
    let silentPort: UInt16
    private let descriptors: [Int32]

    init() throws(RunnerError) {
        var opened: [Int32] = []
        func fail() -> RunnerError {
            let reason = String(cString: strerror(errno))
            for descriptor in opened { _ = closeDescriptor(descriptor) }
            return RunnerError(
                .cannotStart,
                "no port of loopback could be reserved: \(reason); close other programs")
        }
        // What is bound and does not listen refuses.
        guard let refusing = Self.bound(&opened) else { throw fail() }
        // What listens with a full queue drops every further attempt.
        guard let full = Self.bound(&opened), listen(full.descriptor, 0) == 0,
            let filler = Self.opened(&opened), Self.connect(filler, to: full.port)
        else { throw fail() }
        (closedPort, silentPort, descriptors) = (refusing.port, full.port, opened)
    }

    func close() {
        for descriptor in descriptors { _ = closeDescriptor(descriptor) }
    }

    private static func opened(_ list: inout [Int32]) -> Int32? {
        let descriptor = socket(AF_INET, streamType, 0)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        list.append(descriptor)
        return descriptor
    }

    private static func bound(_ list: inout [Int32]) -> (descriptor: Int32, port: UInt16)? {
        guard let descriptor = opened(&list) else { return nil }
        var address = loopback(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withSocketAddress(&address) { bind(descriptor, $0, size) } == 0
        let isNamed = withSocketAddress(&address) { getsockname(descriptor, $0, &size) } == 0
        guard isBound, isNamed else { return nil }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private static func connect(_ descriptor: Int32, to port: UInt16) -> Bool {
        var address = loopback(port: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        #if canImport(Glibc)
            return withSocketAddress(&address) { Glibc.connect(descriptor, $0, size) } == 0
        #else
            return withSocketAddress(&address) { Darwin.connect(descriptor, $0, size) } == 0
        #endif
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    private static func withSocketAddress<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }

    #if canImport(Glibc)
        private static let streamType = Int32(SOCK_STREAM.rawValue)
    #else
        private static let streamType = SOCK_STREAM
    #endif
}

private func closeDescriptor(_ descriptor: Int32) -> Int32 {
    close(descriptor)
}
