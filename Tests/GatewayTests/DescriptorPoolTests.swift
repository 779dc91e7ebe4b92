import Synchronization
import Testing

@testable import Gateway

@Suite("Sockets that are handed on")
struct DescriptorPoolTests {
    private final class Opener: Sendable {
        private let count = Atomic<Int32>(0)

        func open() -> Int32 { count.add(1, ordering: .relaxed).newValue }
    }

    @Test(
        "One that is in use is nobody else's, and one that was given back is taken before a new one"
    )
    func handedOn() {
        let opener = Opener()
        let pool = DescriptorPool { opener.open() }
        let (first, second) = (pool.take(), pool.take())
        #expect([first, second] == [1, 2])
        pool.giveBack(first)
        #expect(pool.take() == first)
        #expect(pool.take() == 3)
    }

    @Test("One that could not be opened is not kept")
    func refused() {
        let answers = Mutex<[Int32]>([4, -1])
        let pool = DescriptorPool { answers.withLock { $0.popLast() ?? -2 } }
        let refused = pool.take()
        #expect(refused == -1)
        pool.giveBack(refused)
        #expect(pool.take() == 4)
    }
}
