import CStormtape
import NIOCore

/// What only the socket of a connection can do; called on its loop.
extension Channel {
    /// Keeps what is written from now on in the kernel until the output ends.
    func holdBack() {
        _ = try? pipeline.syncOperations.withUnsafeTransportIfAvailable {
            (socket: NIOBSDSocket.Handle) in stormtape_hold_back(socket)
        }
    }

    /// Makes its close a reset (RST).
    func resetOnClose() {
        // A socket that is gone cannot be reset, and need not be.
        _ = try? pipeline.syncOperations.withUnsafeTransportIfAvailable {
            (socket: NIOBSDSocket.Handle) in stormtape_reset_on_close(socket)
        }
    }
}
