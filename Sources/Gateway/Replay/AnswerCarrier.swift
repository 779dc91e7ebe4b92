import Determinism
import Simulation

/// What carries the answer to one request at a time: a connection of HTTP/1.1, or one stream of a
/// connection of HTTP/2.
protocol AnswerCarrier: AnyObject {
    /// Its place in the order in which connections were accepted and, on a connection, streams
    /// were opened.
    var position: CarrierPosition { get }
    /// The upstream that its last request is for.
    var upstream: String { get }
    /// Whether the agent can read no more from it.
    var isGone: Bool { get }

    /// Gives the request that arrived its number.
    func begin(_ id: ExchangeID)
    /// Writes a step when the steps before it are taken and, at real pace, its time has come.
    func send(_ step: DeliveryStep, after delay: SimDuration)
    /// Looks whether the agent took the last step or left meanwhile, and reports it.
    func lookForDeparture()
    /// Writes the next piece of a long step; false when there is none.
    func writeNextPiece() -> Bool
    /// Closes the connection together with the last byte of the answer that is under way.
    func closeAfterAnswer()
}

/// A place in the order of connections and their streams.
struct CarrierPosition: Comparable {
    /// The connection's number, from 1.
    var connection: Int
    /// The identifier of the stream; 0 for a connection of HTTP/1.1.
    var stream = 0

    static func < (left: CarrierPosition, right: CarrierPosition) -> Bool {
        (left.connection, left.stream) < (right.connection, right.stream)
    }
}
