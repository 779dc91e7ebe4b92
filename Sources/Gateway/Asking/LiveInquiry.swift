import Cassette
import NIOCore
import NIOPosix
package import Simulation

/// Asks an agent that is a server while it is recorded: on the real clock, with no world around.
package final class LiveInquiry: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let core: NIOLoopBoundBox<LiveInquiryCore>

    /// Prepares an inquiry; both closures are called on its own loop, each at most once.
    ///
    /// `listeningPort` is any port of this machine that listens: by it is found out what the kernel
    /// tells.
    package init(
        _ questions: Questions, listeningPort: Int?,
        onDismiss: @escaping @Sendable () -> Void, onGiveUp: @escaping @Sendable () -> Void
    ) {
        let loop = group.next()
        core = .makeBoxSendingValue(
            LiveInquiryCore(
                questions, listeningPort: listeningPort, onDismiss: onDismiss, onGiveUp: onGiveUp),
            eventLoop: loop)
    }

    /// Begins to wait for the agent to listen.
    package func start() {
        let (core, loop) = (core, group.next())
        loop.execute { core.value.start(on: loop) }
    }

    /// Asks no more, and gives back how far it came.
    package func end() throws -> Inquiry {
        let core = core
        let inquiry = try group.next().submit { core.value.end() }.wait()
        try group.syncShutdownGracefully()
        return inquiry
    }
}

/// The confined part of a live inquiry.
private final class LiveInquiryCore: AskerOwner {
    let probe: PeerProbe
    private var inquiry: Inquiry
    private let port: Int
    private var asker: Asker?
    private let onDismiss: @Sendable () -> Void
    private let onGiveUp: @Sendable () -> Void

    init(
        _ questions: Questions, listeningPort: Int?, onDismiss: @escaping @Sendable () -> Void,
        onGiveUp: @escaping @Sendable () -> Void
    ) {
        probe = PeerProbe(listeningPort: listeningPort)
        inquiry = Inquiry(questions)
        port = questions.port
        self.onDismiss = onDismiss
        self.onGiveUp = onGiveUp
    }

    func start(on loop: any EventLoop) {
        let asker = Asker(
            Asker.Manner(port: port, fixesOwnPorts: false, inPieces: false), owner: self,
            loop: loop)
        self.asker = asker
        handle(.started)
        asker.awaitListener { [weak self] in self?.handle(.listens) }
    }

    func end() -> Inquiry {
        asker?.close()
        asker = nil
        inquiry.end()
        return inquiry
    }

    func heard() {}

    func replied(_ reply: Reply) { handle(.replied(reply)) }

    private func handle(_ event: InquiryEvent) {
        guard let asker else { return }
        for action in inquiry.handle(event) {
            switch action {
            case .ask(let request): asker.ask(request)
            case .hangUp(let number): asker.hangUp(number)
            case .remind(let number, let span):
                asker.later(span) { [weak self] in self?.handle(.reminded(number)) }
            case .dismiss: onDismiss()
            case .giveUp:
                asker.close()
                onGiveUp()
            }
        }
    }
}
