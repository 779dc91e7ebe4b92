import NIOCore
import NIOPosix

/// Calls back after the loop has handled everything that was ready when it was raised.
///
/// A task handed to the loop may run before the next look at the sockets. A byte in a pipe is
/// behind all that is ready already: the kernel reports ready descriptors in that order.
final class LoopBarrier: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var passed: () -> Void
    private var pipe: (any Channel)?
    private var isRaised = false

    private init(passed: @escaping () -> Void) {
        self.passed = passed
    }

    /// Opens a barrier on its loop.
    static func open(
        on loop: any EventLoop, passed: @escaping () -> Void
    ) -> EventLoopFuture<NIOLoopBound<LoopBarrier>> {
        guard let ends = makePipe() else {
            return loop.makeFailedFuture(
                GatewayError(
                    code: .noEventLoop,
                    message: "No pipe could be opened: the process has too many open files. "
                        + "Raise the limit (ulimit -n)."))
        }
        let barrier = NIOLoopBound(LoopBarrier(passed: passed), eventLoop: loop)
        return NIOPipeBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(barrier.value)
                }
            }
            .takingOwnershipOfDescriptors(input: ends.reading, output: ends.writing)
            .map { channel in
                barrier.value.pipe = channel
                return barrier
            }
    }

    /// Asks for one call back; more requests before it comes are the same request.
    func raise() {
        guard !isRaised, let pipe else { return }
        isRaised = true
        pipe.writeAndFlush(ByteBuffer(bytes: [1]), promise: nil)
    }

    /// Calls back no more, and lets go of whom it called.
    func close() {
        passed = {}
        pipe?.close(promise: nil)
        pipe = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isRaised = false
        passed()
    }
}
