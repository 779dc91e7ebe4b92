import NIOCore
import Simulation

/// An agent that is a server: what it is sent, and what came back.
extension ReplayCore: AskerOwner {
    /// Begins to wait for the agent to listen.
    func startAsking(
        _ manner: Asker.Manner, loop: any EventLoop, dismiss: @escaping @Sendable () -> Void
    ) {
        guard !isClosed else { return }
        let asker = Asker(manner, owner: self, loop: loop)
        self.asker = asker
        self.dismiss = dismiss
        handle(.inquiry(.started))
        guard !isVirtual else { return }
        asker.awaitListener { [weak self] in self?.handle(.inquiry(.listens)) }
    }

    func replied(_ reply: Reply) {
        guard !isClosed else { return }
        heard()
        // Under the virtual clock the world hears of everything at quiescence.
        replies.append(reply)
        if !isVirtual { tellReplies() }
    }

    func tellReplies() {
        // Of answers that came together the kernel decides which is found first.
        let told = replies.sorted { ($0.ask ?? 0) < ($1.ask ?? 0) }
        replies = []
        for reply in told { handle(.inquiry(.replied(reply))) }
        if isVirtual, asker?.findsListener() == true { handle(.inquiry(.listens)) }
    }

    func execute(_ action: InquiryAction) {
        switch action {
        case .ask(let request): asker?.ask(request)
        case .hangUp(let number): asker?.hangUp(number)
        case .remind(let number, let span):
            asker?.later(span) { [weak self] in self?.handle(.inquiry(.reminded(number))) }
        case .dismiss: dismiss?()
        // A world that gives up stops the run.
        case .giveUp: break
        }
    }
}
