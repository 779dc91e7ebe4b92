import Synchronization

/// Sockets that are handed on from run to run, because to close one takes long: the kernel waits
/// until every processor has let go of it, ten milliseconds and more.
///
/// They are closed with the process.
package final class DescriptorPool: Sendable {
    private let free = Mutex<[CInt]>([])
    private let open: @Sendable () -> CInt

    package init(open: @escaping @Sendable () -> CInt) {
        self.open = open
    }

    /// One that nobody else has, as it was given back; negative where there is none.
    package func take() -> CInt {
        free.withLock { $0.popLast() } ?? open()
    }

    package func giveBack(_ descriptor: CInt) {
        guard descriptor >= 0 else { return }
        free.withLock { $0.append(descriptor) }
    }
}
