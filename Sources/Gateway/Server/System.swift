#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// The few names of the C library that the Gateway uses, so that one file knows which one it is.

let portTaken = EADDRINUSE
let noSuchSocket = ENOENT

func closeDescriptor(_ descriptor: CInt) {
    _ = close(descriptor)
}

/// The reading and the writing end of a new pipe, or nil when there are no descriptors left.
func makePipe() -> (reading: CInt, writing: CInt)? {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}

/// The IPv4 address in host byte order.
func hostOrder(_ address: sockaddr_in) -> UInt32 {
    // By offset: which C module owns the field's name depends on who else includes its header.
    withUnsafeBytes(of: address) { raw in
        UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    }
}
