import Cassette
import Determinism
import Faults
import Judgement
import Measuring
import Search
import Simulation

/// Plans of many faults of which a few are needed, made small by `Shrinker` and by ddmin.
struct Shrinking {
    static let faultCount = 200
    static let neededCount = 3
    static let failureCount = 20

    private let requests: [RecordedRequest]
    let tape: Tape
    private let plan: Plan
    private let cache = DeliveryCache()

    init() throws {
        let requests = (1...Shrinking.faultCount).map { number in
            RecordedRequest(method: "GET", target: "/orders/\(number)", body: [])
        }
        let interactions = requests.enumerated().map { index, request in
            Interaction(
                ordinal: index + 1, upstream: "shop", request: request,
                response: RecordedResponse(
                    status: 200, headers: [HeaderField("content-type", "application/json")],
                    headAt: .milliseconds(10),
                    chunks: [Chunk(at: .milliseconds(20), bytes: Array(#"{"state":"sent"}"#.utf8))],
                    endAt: .milliseconds(30)))
        }
        let manifest = Manifest(
            toolVersion: "benchmark",
            upstreams: [Upstream(name: "shop", kind: .tool, address: "https://shop.example")])
        tape = try Tape(MemoryStore(manifest: manifest, interactions: interactions))
        let scenario = Scenario(
            name: "benchmark", faults: [FaultEntry(fault: "server-error")],
            invariants: [["exit_code": 0]])
        plan = try Expansion.expand(scenario, seed: Seed(1), tape: tape).plan
        self.requests = requests
        precondition(plan.faults.count == Shrinking.faultCount, "not every call has a fault")
    }

    /// What came of shrinking all failures.
    struct Result {
        var runs = 0
        var seconds = 0.0
    }

    /// Shrinks each failure to the faults that are needed; without what makes these simpler, which
    /// ddmin does not do.
    func shrinkAll() throws -> Result {
        let options = ShrinkOptions(
            stages: [.confirm, .close, .calm, .singles, .prefixes, .sweep])
        return try all { needed in
            var shrinker = Shrinker(plan, runner: runner(needed), options: options)
            let result = try shrinker.shrink()
            precondition(result.isMinimal, "the budget was too small")
            return (result.plan, result.runs)
        }
    }

    /// The same by ddmin.
    func ddminAll() throws -> Result {
        let failure = FailureSignature(verdict: .violated, rule: "exit_code == 0")
        return try all { needed in
            let result = try DeltaDebugging.ddmin(
                plan, runner: runner(needed), signature: failure)
            return (result.plan, result.runs)
        }
    }

    /// As many runs of a bare event loop; gives how many seconds they take.
    func bareLoop(_ loop: BareLoop, runs: Int) -> Double {
        var sum: UInt64 = 0
        let spent = seconds { for _ in 0..<runs { sum &+= loop.run() } }
        precondition(sum > 0, "the bare loop touched nothing")
        return spent
    }

    private func all(_ shrink: (Set<Int>) throws -> (plan: Plan, runs: Int)) throws -> Result {
        var result = Result()
        for failure in 0..<Shrinking.failureCount {
            let needed = Shrinking.needed(failure)
            var found: (plan: Plan, runs: Int)?
            result.seconds += try seconds { found = try shrink(needed) }
            guard let found else { continue }
            precondition(
                Set(found.plan.faults.map(\.anchor.call)) == needed, "other faults were found")
            result.runs += found.runs
        }
        return result
    }

    private func runner(_ needed: Set<Int>) -> InProcessRunner<BrittleAgent> {
        InProcessRunner(
            BrittleAgent(requests, needed: needed), tape: tape, cache: cache,
            sharesBeginnings: true)
    }

    /// Different calls, drawn by a number.
    private static func needed(_ failure: Int) -> Set<Int> {
        var found: Set<Int> = []
        var lane: UInt16 = 0
        let random = KeyedRandom(seed: Seed(UInt64(failure)), callID: 0, take: 0, attempt: 0)
        while found.count < neededCount {
            found.insert(1 + Int(random.below(UInt64(faultCount), .parameter, lane: lane)))
            lane += 1
        }
        return found
    }
}

/// Goes on after errors, and ends with 1 when certain calls have all failed.
struct BrittleAgent: InProcessAgent {
    private let requests: [RecordedRequest]
    private let needed: Set<Int>
    private var sent = 0
    private var failed: Set<Int> = []

    init(_ requests: [RecordedRequest], needed: Set<Int>) {
        self.requests = requests
        self.needed = needed
    }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started, .ended, .closed, .reset: next(&outputs)
        case .head(_, let status, _):
            if status >= 400, needed.contains(sent) { failed.insert(sent) }
        case .body, .timer: break
        }
    }

    private mutating func next(_ outputs: inout [AgentOutput]) {
        guard sent < requests.count else {
            outputs.append(.exit(.code(failed == needed ? 1 : 0)))
            return
        }
        sent += 1
        outputs.append(.request(RequestTag(sent), upstream: "shop", requests[sent - 1]))
    }
}
