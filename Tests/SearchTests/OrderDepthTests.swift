import Cassette
import Determinism
import Faults
import Judgement
import Search
import Simulation
import Testing

/// Asks the same two questions at once, wave after wave, and fails when the waves were answered in
/// just these orders.
private struct WaveAgent: InProcessAgent {
    /// For each wave, whether the first question is answered first.
    let badWaves: [Bool]

    private var seen: [Bool] = []
    private var tags = 0
    private var open: [RequestTag] = []
    private var hasHead = false

    init(badWaves: [Bool]) { self.badWaves = badWaves }

    mutating func handle(
        _ input: AgentInput, at now: SimInstant, into outputs: inout [AgentOutput]
    ) {
        switch input {
        case .started: ask(&outputs)
        case .head(let tag, _, _):
            if !hasHead { seen.append(tag == open.first) }
            hasHead = true
        case .ended(let tag):
            open.removeAll { $0 == tag }
            guard open.isEmpty else { return }
            guard seen.count < badWaves.count else {
                outputs.append(.exit(.code(seen == badWaves ? 1 : 0)))
                return
            }
            ask(&outputs)
        case .body, .closed, .reset, .timer: return
        }
    }

    private mutating func ask(_ outputs: inout [AgentOutput]) {
        hasHead = false
        for number in 1...2 {
            tags += 1
            open.append(RequestTag(tags))
            outputs.append(
                .request(RequestTag(tags), upstream: "shop", ExplorerFixture.order(number)))
        }
    }
}

@Suite("Orders of requests that wait together, by depth")
struct OrderDepthTests {
    private static let count = 720

    private static func space(waves: Int) throws -> FaultSpace {
        let tape = try ExplorerFixture.tape(
            (0..<waves).flatMap { _ in
                (1...2).map { number in
                    ("shop", ExplorerFixture.order(number), ExplorerFixture.response(["{}"]))
                }
            })
        return try FaultSpace(ExplorerFixture.scenario(["server-error"]), tape: tape)
    }

    private static func explore(_ bad: [Bool], depth: Int) throws -> Exploration {
        let space = try space(waves: bad.count)
        var options = ExplorationOptions(phases: [.orders])
        options.orders = count
        options.orderDepth = depth
        var explorer = Explorer(
            space, runner: InProcessRunner(WaveAgent(badWaves: bad), tape: space.tape),
            options: options)
        return try explorer.explore()
    }

    /// With n requests and k choices the bound is 1/(n * k^(depth - 1)); each wave is one choice.
    @Test(
        "A bug of a depth is found with that depth about as often as the bound says, never with less",
        arguments: [
            (bad: [true], depth: 1, share: 2),
            (bad: [true, false], depth: 2, share: 2 * 2),
            (bad: [false, true], depth: 2, share: 2 * 2),
            (bad: [true, true, false], depth: 2, share: 2 * 3),
            (bad: [true, false, true], depth: 3, share: 2 * 3 * 3),
        ])
    func bound(bad: [Bool], depth: Int, share: Int) throws {
        for less in 1..<depth {
            #expect(try Self.explore(bad, depth: less).failures.isEmpty, "depth \(less)")
        }
        let found = try Self.explore(bad, depth: depth)
        let failed = found.rows.count { $0.phase == .orders && $0.verdict == .violated }
        // Draws are keyed, so that the count is the same every time: it is near, not equal.
        let expected = Self.count / share
        #expect(
            (expected * 3 / 4...expected * 5 / 4).contains(failed), "\(failed) of \(Self.count)")
        // More depth than the bug needs still finds it.
        #expect(try !Self.explore(bad, depth: 3).failures.isEmpty)
    }

    @Test("Depth 1 is what it was: the plans have no changes, and their text names none")
    func depthOne() throws {
        let found = try Self.explore([true], depth: 1)
        for row in found.rows where row.phase == .orders {
            let plan = found.plan(of: row)
            #expect(
                plan
                    == Plan(
                        cassette: plan.cassette, order: plan.order, invariants: plan.invariants))
            #expect(plan.json["order_changes"] == nil)
        }
    }

    @Test("A plan with changes reads back equal; one that no run could have is refused")
    func text() throws {
        var plan = try Self.space(waves: 1).base
        plan.orderChanges = [3, 1, 1_000_000]
        #expect(try Plan(json: plan.json) == plan)
        #expect(plan.closed(keeping: []) == plan)
        for value in [
            [], [0], [-1], [1_000_001], ["1"], 3, .array(Array(repeating: 1, count: 17)),
        ] as [JSONValue] {
            var json = plan.json
            json["order_changes"] = value
            #expect(throws: PlanError.self, "\(value)") { try Plan(json: json) }
        }
    }

    @Test("Shrinking keeps the changes that a failure needs, and only those")
    func shrinking() throws {
        let bad = [true, false]
        let space = try Self.space(waves: bad.count)
        let runner = InProcessRunner(WaveAgent(badWaves: bad), tape: space.tape)
        let failure = try #require(try Self.explore(bad, depth: 2).failures.first)
        #expect(failure.plan.orderChanges == [2])
        var plan = failure.plan
        plan.orderChanges += [900, 901]
        var shrinker = Shrinker(plan, runner: runner, tape: space.tape)
        let result = try shrinker.shrink()
        #expect(result.outcome == .shrunk)
        #expect(result.plan.order == plan.order)
        #expect(result.plan.orderChanges == [2])
        #expect(result.isMinimal)
    }

    @Test("Of three that wait, a change puts back the first, and a later one still goes behind it")
    func three() throws {
        let requests = (1...3).map { ExplorerFixture.order($0) }
        let tape = try ExplorerFixture.tape(
            requests.map { ("shop", $0, ExplorerFixture.response(["{}"])) })
        func order(_ changes: [Int]) -> [Int?] {
            let plan = Plan(cassette: tape.hash, orderChanges: changes)
            let agent = GroupAgent(
                requests.map { .init(upstream: "shop", request: $0) }, groups: [[0, 1, 2]])
            return InProcessRunner(agent, tape: tape).trace(plan).exchanges.map(\.ordinal)
        }
        let drawn = order([])
        let (first, second, third) = (drawn[0], drawn[1], drawn[2])
        #expect(order([1]) == [second, third, first])
        #expect(order([2]) == [first, third, second])
        #expect(order([1, 2]) == [second, third, first], "the first of the list goes last")
        #expect(order([2, 1]) == [second, first, third])
        #expect(order([1, 1]) == [third, second, first])
        #expect(order([3]) == drawn, "the last of those that wait is no choice")
    }
}
