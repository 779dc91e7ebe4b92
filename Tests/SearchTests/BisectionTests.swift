import Search
import Testing

@Suite("Bisection over versions")
struct BisectionTests {
    static let skip = BisectAnswer.skipped(BisectSkip(.build, ""))

    /// Bisects a list whose versions from `culprit` on are bad, but for those that say nothing.
    static func bisect(
        count: Int, culprit: Int, silent: Set<Int> = []
    ) -> (step: Bisection<Int>.Step, tried: [Int]) {
        var bisection = Bisection(good: 0, bad: count - 1)
        var tried: [Int] = []
        while true {
            let step = bisection.next(
                BisectList.ranked(good: bisection.goods.max() ?? 0, bad: bisection.bad))
            guard case .test(let place) = step, tried.count < 2 * count else {
                return (step, tried)
            }
            tried.append(place)
            bisection.note(
                place, silent.contains(place) ? skip : place >= culprit ? .bad : .good)
        }
    }

    @Test("finds each culprit of a list in logarithmic steps", arguments: [2, 3, 7, 64, 100])
    func finds(_ count: Int) {
        for culprit in 1..<count {
            let (step, tried) = Self.bisect(count: count, culprit: culprit)
            #expect(step == .found(culprit))
            #expect(1 << max(0, tried.count - 1) <= count, "\(tried)")
        }
    }

    @Test("finds the culprit past versions that say nothing, and names those in the way")
    func skips() {
        let silent: Set = [20, 29, 30, 31, 32, 33, 34, 40, 41, 50]
        for culprit in 1..<60 {
            let (step, tried) = Self.bisect(count: 60, culprit: culprit, silent: silent)
            #expect(Set(tried).count == tried.count, "none is tried twice: \(tried)")
            #expect(tried.count <= 20, "\(culprit): \(tried)")
            // What says nothing just before the first one that is seen to be bad is in the way.
            var first = culprit
            while silent.contains(first) { first += 1 }
            var named = [first]
            while silent.contains(first - 1) {
                first -= 1
                named.insert(first, at: 0)
            }
            switch step {
            case .found(let found): #expect(named == [found])
            case .stuck(let items):
                #expect(items.sorted() == named)
                #expect(items.last == named.last, "the bad one is the last")
            case .test: Issue.record("it did not end")
            }
        }
    }

    @Test("says that all may be it when nothing between the ends says anything")
    func nothing() {
        let (step, tried) = Self.bisect(count: 6, culprit: 3, silent: [1, 2, 3, 4])
        #expect(tried.count == 4)
        guard case .stuck(let items) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(items.sorted() == [1, 2, 3, 4, 5])
    }

    @Test("moves away from a version that says nothing")
    func spreads() {
        var bisection = Bisection(good: 0, bad: 100)
        let ranked = BisectList.ranked(good: 0, bad: 100)
        guard case .test(let first) = bisection.next(ranked) else {
            Issue.record("there is nothing to try")
            return
        }
        #expect(first == 50)
        bisection.note(first, Self.skip)
        guard case .test(let second) = bisection.next(ranked) else {
            Issue.record("there is nothing to try")
            return
        }
        #expect(abs(second - first) > 1)
    }

    @Test("takes the ranking of whoever knows the versions, good ones and the bad one aside")
    func ranked() {
        var bisection = Bisection(good: "a", bad: "z")
        #expect(bisection.next(["m", "c", "z"]) == .test("m"))
        bisection.note("m", .good)
        #expect(bisection.next(["c", "m", "z"]) == .test("c"))
        bisection.note("c", .bad)
        #expect(bisection.bad == "c")
        #expect(bisection.next(["c"]) == .found("c"))
    }

    @Test(
        "a pass is repeated until a wrong one is rarer than 1 in 100",
        arguments: [
            (10, 10, 2), (9, 10, 3), (5, 10, 8), (1, 10, 49), (1, 1, 7), (0, 10, 200),
            (1, 999, 200),
            (5, 3, 4),
        ])
    func repetition(_ failures: Int, _ runs: Int, _ needed: Int) {
        let repetition = Repetition(failures: failures, of: runs)
        #expect(repetition.needed == needed)
    }
}
