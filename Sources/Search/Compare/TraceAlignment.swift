internal import Determinism

/// Puts the events of two runs side by side.
enum TraceAlignment {
    /// The rows; events with one key stand side by side where their order allows it, and in
    /// between those of one kind.
    static func rows(
        _ first: [EventReading.Entry], _ second: [EventReading.Entry], _ editsMax: Int
    ) -> [TraceDifference.Row] {
        let matches = SequenceAlignment.matches(
            first.map(\.key), second.map(\.key), limit: editsMax)
        var rows: [TraceDifference.Row] = []
        var requests = RequestPairs()
        var (left, right) = (0, 0)
        for match in matches {
            rows += gap(first[left..<match.left], second[right..<match.right], &requests)
            for offset in 0..<match.count {
                rows.append(
                    pair(first[match.left + offset], second[match.right + offset], &requests))
            }
            (left, right) = (match.left + match.count, match.right + match.count)
        }
        return rows + gap(first[left...], second[right...], &requests)
    }

    /// Which requests of the two runs stand side by side, by their numbers.
    private struct RequestPairs {
        private var seconds: [Int64: Int64] = [:]
        private var firsts: [Int64: Int64] = [:]

        /// Whether these two do; when neither has another partner, they do from now on.
        ///
        /// A request comes before all that belongs to it, so its own row is asked for first.
        mutating func join(_ first: Int64, _ second: Int64) -> Bool {
            if seconds[first] == nil, firsts[second] == nil {
                seconds[first] = second
                firsts[second] = first
            }
            return seconds[first] == second
        }
    }

    /// What stands between two common stretches: events of one kind are paired in order.
    private static func gap(
        _ first: ArraySlice<EventReading.Entry>, _ second: ArraySlice<EventReading.Entry>,
        _ requests: inout RequestPairs
    ) -> [TraceDifference.Row] {
        let matches = SequenceAlignment.matches(
            first.map(\.kind), second.map(\.kind), limit: 200)
        var rows: [TraceDifference.Row] = []
        var (left, right) = (first.startIndex, second.startIndex)
        func rest(upTo leftEnd: Int, _ rightEnd: Int) {
            rows += first[left..<leftEnd].map { alone($0, .first) }
            rows += second[right..<rightEnd].map { alone($0, .second) }
        }
        for match in matches {
            let (leftStart, rightStart) = (
                first.startIndex + match.left, second.startIndex + match.right
            )
            rest(upTo: leftStart, rightStart)
            for offset in 0..<match.count {
                rows.append(
                    pair(first[leftStart + offset], second[rightStart + offset], &requests))
            }
            (left, right) = (leftStart + match.count, rightStart + match.count)
        }
        rest(upTo: first.endIndex, second.endIndex)
        return rows
    }

    private static func alone(
        _ entry: EventReading.Entry, _ side: TraceDifference.Relation
    ) -> TraceDifference.Row {
        let text = EventWords.text(entry)
        return TraceDifference.Row(
            relation: side, first: side == .first ? text : nil,
            second: side == .second ? text : nil, members: [])
    }

    private static func pair(
        _ first: EventReading.Entry, _ second: EventReading.Entry, _ requests: inout RequestPairs
    ) -> TraceDifference.Row {
        let members = self.members(first, second, &requests)
        let relation: TraceDifference.Relation =
            if members.isEmpty {
                .same
            } else if members.allSatisfy({ isInstant($0, members) }) {
                .timing
            } else {
                .changed
            }
        return TraceDifference.Row(
            relation: relation, first: EventWords.text(first), second: EventWords.text(second),
            members: members)
    }

    /// The digest of a delivery covers its instants: it differs wherever they do.
    private static func isInstant(
        _ member: TraceDifference.Member, _ all: [TraceDifference.Member]
    ) -> Bool {
        let name = member.name.split(separator: ".").last.map(String.init) ?? ""
        if EventReading.instants.contains(name) { return true }
        return name == "delivery" && all.contains { $0.name.hasSuffix("duration_ns") }
    }

    /// The members that differ, by path; numbers of requests are compared by what they name.
    private static func members(
        _ first: EventReading.Entry, _ second: EventReading.Entry, _ requests: inout RequestPairs
    ) -> [TraceDifference.Member] {
        let members = differences(first.content, second.content, "")
        guard let mine = first.request, let theirs = second.request,
            !requests.join(mine, theirs), first.kind != "request"
        else { return members }
        let name = first.kind == "step" ? "of" : first.kind
        return members + [
            TraceDifference.Member(name: name, first: .int(mine), second: .int(theirs))
        ]
    }

    private static func differences(
        _ first: JSONValue?, _ second: JSONValue?, _ path: String
    ) -> [TraceDifference.Member] {
        if first?.canonical() == second?.canonical() { return [] }
        guard let mine = first?.objectValue, let theirs = second?.objectValue else {
            return [TraceDifference.Member(name: path, first: first, second: second)]
        }
        let known = mine.map(\.key)
        let names = known + theirs.map(\.key).filter { !known.contains($0) }
        return names.flatMap { name in
            differences(first?[name], second?[name], path.isEmpty ? name : "\(path).\(name)")
        }
    }
}
