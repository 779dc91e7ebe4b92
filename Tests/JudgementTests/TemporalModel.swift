import Cassette
import Determinism
import Judgement
import Simulation

/// Draws of one seed, one after the other.
struct TemporalDraws {
    private let random: KeyedRandom
    private var lane: UInt16 = 0

    init(seed: UInt64) {
        random = KeyedRandom(seed: Seed(seed), callID: 1, take: 1, attempt: 1)
    }

    mutating func below(_ bound: Int) -> Int {
        lane += 1
        return Int(random.below(UInt64(bound), .content, lane: lane))
    }

    mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
}

/// A tool call of a short run: the facts from which both the trace and the reference are made.
struct ModelCall: Hashable {
    var tool: String
    var key: Int
    var isOK: Bool
    var at: Int64

    static func draw(_ draws: inout TemporalDraws, count: Int) -> [ModelCall] {
        var now: Int64 = 0
        return (0..<count).map { _ in
            now += Int64(draws.below(3))
            return ModelCall(
                tool: draws.pick(["a", "b"]), key: draws.below(2), isOK: draws.below(3) > 0,
                at: now)
        }
    }

    static func trace(_ calls: [ModelCall]) -> Trace {
        var builder = TraceBuilder(clock: .virtual)
        for call in calls {
            builder.ask(
                call.tool, "POST /\(call.tool)", kind: .tool, body: "{\"k\":\(call.key)}",
                status: call.isOK ? 200 : 500, at: call.at)
        }
        return builder.ended()
    }
}

/// A moment of the reference.
struct ModelMoment {
    var call: ModelCall?
    var isAnswer = false
    var at: Int64
    var steps: Int

    /// The call, its answer, and the end.
    static func all(_ calls: [ModelCall]) -> [ModelMoment] {
        var moments: [ModelMoment] = []
        for (index, call) in calls.enumerated() {
            moments.append(ModelMoment(call: call, at: call.at, steps: index + 1))
            moments.append(
                ModelMoment(call: call, isAnswer: true, at: call.at, steps: index + 1))
        }
        let last = calls.last?.at ?? 0
        return moments + [ModelMoment(call: nil, at: last, steps: calls.count)]
    }
}
