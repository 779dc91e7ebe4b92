/// Joins recorded and fresh content into one stream, so that what did not change keeps its events.
///
/// An atom is the smallest piece of content; an event holds none, one or several. Events without
/// content keep their places between those around them.
struct StreamWeaver {
    /// What the new stream says next.
    enum Strand {
        /// A recorded atom, by its number, of a recorded part, by its number.
        case recorded(Int, part: Int)
        /// An event that was not recorded.
        case fresh(StreamEvent)
    }

    /// The recorded events.
    let events: [StreamEvent]
    /// The event of each atom, in ascending order.
    let atomEvents: [Int]
    /// The first event that must follow all content.
    let stop: Int
    /// What an event leaves that does not carry its content any more; nil for nothing.
    let rest: (_ event: Int) -> StreamEvent?
    /// An event that says one atom and nothing else.
    let single: (_ atom: Int) -> StreamEvent

    /// A recorded part that is text, in the pieces in which it came.
    struct RecordedText {
        let part: Int
        /// The numbers of its atoms.
        let atoms: [Int]
        /// What each of them says.
        let fragments: [String]
    }

    /// The pieces of a text: the recorded ones while it begins with them, then fresh events.
    static func pieces(
        of text: String, like recorded: RecordedText?, _ event: (String) -> StreamEvent
    ) -> [Strand] {
        let fragments = recorded?.fragments ?? []
        var isSame = true
        return TextPieces.cut(text, like: fragments).enumerated().map { number, piece in
            isSame =
                isSame && number < fragments.count
                && fragments[number].utf8.elementsEqual(piece.utf8)
            guard isSame, let recorded else { return .fresh(event(piece)) }
            return .recorded(recorded.atoms[number], part: recorded.part)
        }
    }

    /// The stream that says this.
    func woven(_ threads: [Strand]) -> [StreamEvent] {
        let groups = groups(of: threads)
        var counts = Array(repeating: 0, count: events.count)
        for event in atomEvents where counts.indices.contains(event) { counts[event] += 1 }
        var isWhole = Array(repeating: false, count: events.count)
        for (place, group) in groups.enumerated() {
            guard case .recorded(let event, let atoms) = group else { continue }
            let mayStay = event < stop || (event == stop && place == groups.count - 1)
            isWhole[event] = mayStay && atoms.count == counts[event]
        }
        var flow = Flow(weaver: self, counts: counts, isWhole: isWhole)
        // Where nothing was recorded, what is fresh comes right before the end.
        flow.flush(to: min(stop, atomEvents.first.map { $0 + 1 } ?? stop))
        for group in groups { flow.add(group) }
        flow.flush(to: events.count)
        return flow.result
    }

    /// What stands in one place of the new stream.
    private enum Group {
        case recorded(event: Int, atoms: [Int])
        case fresh(StreamEvent)
    }

    /// The threads in the order of the new stream; recorded ones that follow each other in the
    /// order of their parts are again woven as they were.
    private func groups(of threads: [Strand]) -> [Group] {
        var groups: [Group] = []
        var run: [Int] = []
        var lastPart = -1
        func close() {
            var atoms: [Int] = []
            for atom in run.sorted() {
                if let last = atoms.last, atomEvents[last] != atomEvents[atom] {
                    groups.append(.recorded(event: atomEvents[last], atoms: atoms))
                    atoms = []
                }
                atoms.append(atom)
            }
            if let last = atoms.last {
                groups.append(.recorded(event: atomEvents[last], atoms: atoms))
            }
            run = []
            lastPart = -1
        }
        for thread in threads {
            switch thread {
            case .recorded(let atom, let part):
                if part < lastPart { close() }
                lastPart = part
                run.append(atom)
            case .fresh(let event):
                close()
                groups.append(.fresh(event))
            }
        }
        close()
        return groups
    }

    /// The new stream while it is written.
    private struct Flow {
        let weaver: StreamWeaver
        let counts: [Int]
        let isWhole: [Bool]
        var result: [StreamEvent] = []
        private var cursor = 0

        init(weaver: StreamWeaver, counts: [Int], isWhole: [Bool]) {
            (self.weaver, self.counts, self.isWhole) = (weaver, counts, isWhole)
        }

        /// Writes what stays of the events up to a place beside their content.
        mutating func flush(to end: Int) {
            while cursor < end {
                let event = cursor
                cursor += 1
                if counts[event] == 0 || (event == weaver.stop && isWhole[event]) {
                    result.append(weaver.events[event])
                } else if !isWhole[event], let rest = weaver.rest(event) {
                    result.append(rest)
                }
            }
        }

        mutating func add(_ group: Group) {
            switch group {
            case .fresh(let event): result.append(event)
            case .recorded(let event, let atoms):
                flush(to: min(weaver.stop, event + 1))
                if !isWhole[event] {
                    result += atoms.map(weaver.single)
                } else if event < weaver.stop {
                    result.append(weaver.events[event])
                }
            }
        }
    }
}
