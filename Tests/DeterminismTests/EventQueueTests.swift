import Determinism
import Testing

@Suite("EventQueue")
struct EventQueueTests {
    struct Key: Comparable {
        let instant: Int64
        let `class`: UInt8
        let sequence: UInt64

        static func < (lhs: Key, rhs: Key) -> Bool {
            (lhs.instant, lhs.class, lhs.sequence) < (rhs.instant, rhs.class, rhs.sequence)
        }
    }

    /// Pushes events with many ties; gives what was pushed.
    private func fill(_ queue: inout EventQueue<UInt64>, seed: UInt64, count: Int) -> [Key] {
        (0..<count).map { index in
            let random = KeyedRandom(
                seed: Seed(seed), callID: UInt64(index), take: 1, attempt: 1)
            let instant = random.pick(in: -5...20, .order, lane: 0)
            let eventClass = UInt8(random.below(3, .order, lane: 1))
            let sequence = queue.push(
                at: SimInstant(nanoseconds: instant), class: eventClass, UInt64(index))
            return Key(instant: instant, class: eventClass, sequence: sequence)
        }
    }

    private func drain(_ queue: inout EventQueue<UInt64>) -> [Key] {
        var order: [Key] = []
        while let next = queue.next, let entry = queue.pop() {
            #expect(next.sequence == entry.sequence)
            #expect(entry.payload == entry.sequence)
            order.append(
                Key(
                    instant: entry.instant.nanoseconds, class: entry.class,
                    sequence: entry.sequence))
        }
        #expect(queue.isEmpty)
        return order
    }

    @Test("events leave in the order of a sorted reference", arguments: [UInt64(1), 2, 3, 4])
    func totalOrder(seed: UInt64) {
        var queue = EventQueue<UInt64>()
        let pushed = fill(&queue, seed: seed, count: 500)
        #expect(queue.count == 500)
        let order = drain(&queue)
        #expect(order == pushed.sorted())
    }

    @Test("cancelled events never leave, and the rest keep their order", arguments: [UInt64(5), 6])
    func cancellation(seed: UInt64) {
        var queue = EventQueue<UInt64>()
        let pushed = fill(&queue, seed: seed, count: 300)
        let cancelled = pushed.filter { $0.sequence % 3 == 1 }
        for key in cancelled {
            let results = [
                queue.cancel(sequence: key.sequence), queue.cancel(sequence: key.sequence),
            ]
            #expect(results == [true, false])
        }
        #expect(queue.count == pushed.count - cancelled.count)
        let order = drain(&queue)
        #expect(order == pushed.filter { $0.sequence % 3 != 1 }.sorted())
    }

    @Test("ties leave in the order in which they were pushed")
    func ties() {
        var queue = EventQueue<String>()
        queue.push(at: .zero, class: 1, "second")
        queue.push(at: .zero, class: 1, "third")
        queue.push(at: .zero, class: 0, "first")
        var order: [String] = []
        while let entry = queue.pop() { order.append(entry.payload) }
        #expect(order == ["first", "second", "third"])
    }

    @Test("an event that left, or never was, cannot be cancelled")
    func cancelAbsent() {
        var queue = EventQueue<Int>()
        let sequence = queue.push(at: .zero, class: 0, 1)
        let isFutureCancelled = queue.cancel(sequence: sequence + 1)
        #expect(!isFutureCancelled)
        #expect(queue.next?.payload == 1)
        let first = queue.pop()
        #expect(first?.sequence == sequence)
        let isPastCancelled = queue.cancel(sequence: sequence)
        #expect(!isPastCancelled)
        let none = queue.pop()
        #expect(none?.payload == nil)
        let following = queue.push(at: .zero, class: 0, 2)
        #expect(following == sequence + 1)
    }
}
