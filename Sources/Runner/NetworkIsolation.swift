internal import CStormtape
#if canImport(Glibc)
    internal import Glibc
#endif

/// Whether the agent can reach nothing but the mounts.
package struct NetworkIsolation: Hashable, Sendable {
    /// Whether this process is in a network namespace of its own.
    package let isolated: Bool
    /// Why not, in words; nil when it is.
    package let reason: String?

    /// Moves this process into a network namespace of its own.
    ///
    /// To be called while the process has one thread: the kernel refuses it otherwise.
    package static func enter() -> NetworkIsolation {
        var stage: UnsafePointer<CChar>?
        let error = stormtape_isolate_network(&stage)
        if error == 0 { return NetworkIsolation(isolated: true, reason: nil) }
        let what = stage.map { String(cString: $0) } ?? "a namespace"
        return NetworkIsolation(
            isolated: false,
            reason: "\(what) was refused (\(System.errorText(-error)))")
    }

    /// Not tried.
    package static let declined = NetworkIsolation(
        isolated: false, reason: "isolation was switched off")
}
