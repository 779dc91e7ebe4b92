/// A queue of future events in a total order: by instant, then class, then sequence.
///
/// The sequence is the order of `push`, so two events are never equal and the order in which they
/// leave does not depend on how the heap happened to be laid out. Push and pop take O(log n).
/// Inlinable, since a generic that another module calls unspecialised costs ten times as much.
public struct EventQueue<Payload: Sendable>: Sendable {
    /// One event that is due.
    public struct Entry: Sendable {
        /// When the event is due.
        public let instant: SimInstant
        /// What goes first at the same instant: the lower class.
        public let `class`: UInt8
        /// What goes first in the same class: the lower sequence, pushed earlier.
        public let sequence: UInt64
        /// What is to happen.
        public let payload: Payload

        @inlinable
        init(instant: SimInstant, class: UInt8, sequence: UInt64, payload: Payload) {
            self.instant = instant
            self.class = `class`
            self.sequence = sequence
            self.payload = payload
        }

        @inlinable
        func precedes(_ other: Entry) -> Bool {
            if instant != other.instant { return instant < other.instant }
            if self.class != other.class { return self.class < other.class }
            return sequence < other.sequence
        }
    }

    @usableFromInline var heap: [Entry] = []
    @usableFromInline var sequenceNext: UInt64 = 0

    /// An empty queue whose first sequence is 0.
    @inlinable
    public init() {}

    /// How many events are pending.
    @inlinable public var count: Int { heap.count }

    /// Whether no event is pending.
    @inlinable public var isEmpty: Bool { heap.isEmpty }

    /// The event that `pop` would give.
    @inlinable public var next: Entry? { heap.first }

    /// Adds an event and returns its sequence, by which it can be cancelled.
    @inlinable
    @discardableResult
    public mutating func push(at instant: SimInstant, class: UInt8, _ payload: Payload) -> UInt64 {
        let sequence = sequenceNext
        sequenceNext += 1
        heap.append(Entry(instant: instant, class: `class`, sequence: sequence, payload: payload))
        siftUp(from: heap.count - 1)
        return sequence
    }

    /// Removes and returns the first event in order.
    @inlinable
    public mutating func pop() -> Entry? {
        // Most runs wait for one thing at a time.
        heap.count > 1 ? remove(at: 0) : heap.popLast()
    }

    /// Removes a pending event; false when it has left the queue already or never was in it.
    ///
    /// Takes O(n): a run holds few events, and cancels fewer.
    @inlinable
    @discardableResult
    public mutating func cancel(sequence: UInt64) -> Bool {
        guard let position = heap.firstIndex(where: { $0.sequence == sequence }) else {
            return false
        }
        _ = remove(at: position)
        return true
    }

    @inlinable
    mutating func remove(at position: Int) -> Entry {
        let last = heap.count - 1
        heap.swapAt(position, last)
        let removed = heap.removeLast()
        if position < last {
            siftDown(from: position)
            siftUp(from: position)
        }
        return removed
    }

    @inlinable
    mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    @inlinable
    mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var first = parent
            let left = 2 * parent + 1
            let right = left + 1
            if left < heap.count, heap[left].precedes(heap[first]) { first = left }
            if right < heap.count, heap[right].precedes(heap[first]) { first = right }
            if first == parent { return }
            heap.swapAt(parent, first)
            parent = first
        }
    }
}
