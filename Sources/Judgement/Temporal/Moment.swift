internal import Determinism
internal import Simulation

/// One moment of a run: one thing that happened, of which temporal formulas speak.
struct Moment {
    enum Event {
        /// A request arrived, or a tool within the agent was used.
        case request
        /// The answer to it ended, or its result is known.
        case answer
        /// A fault changed what follows; its identifier.
        case fault(String)
        /// Lines that the agent wrote, or an answer of an agent that is a server.
        case output([String])
        /// The run ended.
        case exit(RunEnd)
    }

    var event: Event
    var at: SimInstant
    /// How many requests the agent had made, this one among them.
    var steps: Int
    /// The index in `conduct.exchanges`; nil for what belongs to none.
    var exchange: Int?
    /// The uses of tools that it shows, as indices of `conduct.toolUses`.
    var uses: [Int] = []
    /// Whether the tool ran within the agent: the exchange only tells of it.
    var isTold = false
    /// Which of several tools that one request calls or one answer asks for; all else that is true
    /// of the request or answer is true at the first moment only.
    var number = 0
    /// When it was seen, for what it may rest on.
    var position: WitnessPosition
}
