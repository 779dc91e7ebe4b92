#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where a bridge belongs: the address of its mount, and whether the run is a recording.
///
/// Clients start servers with an environment of their own making, so that the variables of the run
/// may be missing; then they are those of the nearest ancestor that has them.
package struct MCPBridgePlace {
    let address: String
    let isRecording: Bool

    /// The variable that holds the address of an upstream's mount.
    ///
    /// Names may differ and give one variable.
    package static func variable(_ name: String) -> String {
        let letters = name.map { character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
        }
        return "STORMTAPE_MCP_" + String(letters).uppercased()
    }

    /// Looks in the own environment and in those of the ancestors; nil outside of a run.
    static func find(_ name: String) -> MCPBridgePlace? {
        if let own = place(name, in: System.environment) { return own }
        var pid = getppid()
        for _ in 0..<ancestorsMax {
            guard pid > 0 else { return nil }
            if let bytes = System.contents(of: "/proc/\(pid)/environ"),
                let found = place(name, in: variables(bytes))
            {
                return found
            }
            guard let parent = parent(of: pid) else { return nil }
            pid = parent
        }
        return nil
    }

    private static let ancestorsMax = 64

    private static func place(
        _ name: String, in environment: [(name: String, value: String)]
    ) -> MCPBridgePlace? {
        let wanted = variable(name)
        guard let address = environment.last(where: { $0.name == wanted })?.value else {
            return nil
        }
        let mode = environment.last { $0.name == "STORMTAPE_MODE" }?.value
        return MCPBridgePlace(address: address, isRecording: mode == "record")
    }

    private static func variables(_ bytes: [UInt8]) -> [(name: String, value: String)] {
        bytes.split(separator: 0).compactMap { line in
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return (
                String(decoding: line[..<equals], as: UTF8.self),
                String(decoding: line[(equals + 1)...], as: UTF8.self)
            )
        }
    }

    /// The fourth field of the status; the second is a name in brackets that may hold anything.
    private static func parent(of pid: pid_t) -> pid_t? {
        guard let bytes = System.contents(of: "/proc/\(pid)/stat"),
            let bracket = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = bytes[(bracket + 1)...].split(separator: 0x20)
        return fields.count > 1 ? pid_t(String(decoding: fields[1], as: UTF8.self)) : nil
    }
}
