import Faults
import Judgement
import Search
import Testing

@Suite("Ten seeded bugs")
struct SeededBugsTests {
    @Test("there are ten, of one, two and three faults")
    func ten() {
        #expect(SeededBug.all.count == 10)
        #expect(Set(SeededBug.all.map(\.name)).count == 10)
        #expect(SeededBug.all.map(\.strength) == [1, 1, 1, 2, 2, 2, 2, 3, 3, 3])
        #expect(SeededBug.all.allSatisfy { $0.minimum.count == $0.strength })
    }

    @Test(
        "the ladder finds each, with as many faults as it needs and no fewer",
        arguments: SeededBug.all)
    func found(bug: SeededBug) throws {
        let exploration = try bug.explore()
        #expect(exploration.rows.first?.verdict == .passed, "without a fault it is well")
        #expect(exploration.isComplete)
        #expect(exploration.failures.count == 1, "\(exploration.failures.map(\.signature.text))")
        let first = try #require(exploration.failures.first)
        #expect(first.plan.faults.count == bug.strength, "\(first.plan.faults)")
        let kinds = first.plan.faults.map(\.fault)
        for need in bug.minimum { #expect(kinds.contains { need.faults.contains($0) }) }
        // Fewer faults never do.
        for row in exploration.rows where row.failure != nil {
            #expect(exploration.plan(of: row).faults.count >= bug.strength)
        }
    }

    @Test("nothing is found where the ladder is too low", arguments: SeededBug.all)
    func tooLow(bug: SeededBug) throws {
        var low = bug
        low.strength = bug.strength - 1
        guard low.strength > 0 else { return }
        if low.strength == 1 {
            // Follow-ups are two faults.
            let exploration = try low.explore()
            let failing = exploration.rows.filter { $0.failure != nil }
            #expect(failing.allSatisfy { $0.phase == .followUps || $0.phase == .boundaries })
        } else {
            #expect(try low.explore().failures.isEmpty)
        }
    }
}

extension SeededBug: CustomTestStringConvertible {
    var testDescription: String { name }
}
