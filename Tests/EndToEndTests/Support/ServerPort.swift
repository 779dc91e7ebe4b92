import Foundation

#if os(Linux)
    /// Ports for agents that are servers.
    enum ServerPort {
        /// A port that nobody has; the system does not give it out again soon.
        static func free() throws -> UInt16 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                    bind(descriptor, raw, size) == 0 && getsockname(descriptor, raw, &size) == 0
                }
            }
            guard bound else { throw SetUpError("no free port: errno \(errno)") }
            return UInt16(bigEndian: address.sin_port)
        }
    }
#endif
