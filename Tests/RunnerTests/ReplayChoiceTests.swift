import Determinism
import Testing

@testable import Runner

@Suite("Which saved failures a storm of several begins with")
struct ReplayChoiceTests {
    private let first = Digest(hashing: [1])
    private let second = Digest(hashing: [2])
    private let earlier = Digest(hashing: [3])

    @Test("One that was replayed is not replayed by a later storm")
    func once() {
        var choice = ReplayChoice(cassettes: [first])
        for name in [ReplayChoice.Name.row(7), .file("a.failure")] {
            #expect(choice.leaves(name, plan: "p", of: first, to: first))
            choice.take(name)
            #expect(!choice.leaves(name, plan: "p", of: first, to: first))
        }
        #expect(choice.leaves(.row(8), plan: "p", of: first, to: first))
    }

    @Test("One of another recording is left to the storm on that recording")
    func home() {
        var choice = ReplayChoice(cassettes: [first, second])
        #expect(!choice.leaves(.row(7), plan: "p", of: second, to: first))
        #expect(choice.leaves(.row(7), plan: "p", of: second, to: second))
        #expect(choice.leaves(.row(8), plan: "q", of: earlier, to: first))
        choice.take(.row(8))
        #expect(!choice.leaves(.row(8), plan: "q", of: earlier, to: second))
    }

    @Test("What a storm found itself is not replayed by a later one")
    func found() {
        var choice = ReplayChoice(cassettes: [first])
        choice.note(failing: "p")
        #expect(!choice.leaves(.row(7), plan: "p", of: first, to: first))
        #expect(!choice.leaves(.file("a.failure"), plan: "p", of: first, to: first))
        #expect(choice.leaves(.row(8), plan: "q", of: first, to: first))
    }
}
