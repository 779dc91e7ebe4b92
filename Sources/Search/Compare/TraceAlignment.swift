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
        var (left, right) = (0, 0)
        for match in matches {
            rows += gap(first[left..<match.left], second[right..<match.right])
            for offset in 0..<match.count {
                rows.append(pair(first[match.left + offset], second[match.right + offset]))
            }
            (left, right) = (match.left + match.count, match.right + match.count)
        }
        return rows + gap(first[left...], second[right...])
    }

    /// What stands between two common stretches: events of one kind are paired in order.
    private static func gap(
        _ first: ArraySlice<EventReading.Entry>, _ second: ArraySlice<EventReading.Entry>
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
                rows.append(pair(first[leftStart + offset], second[rightStart + offset]))
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
        _ first: EventReading.Entry, _ second: EventReading.Entry
    ) -> TraceDifference.Row {
        let members = self.members(first, second)
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
        _ first: EventReading.Entry, _ second: EventReading.Entry
    ) -> [TraceDifference.Member] {
        func whole(_ entry: EventReading.Entry) -> JSONValue {
            var value = entry.content
            for name in EventReading.instants {
                if let instant = entry.event[name] { value[name] = instant }
                if entry.kind == "request", let instant = entry.event["exchange"]?[name] {
                    value[name] = instant
                }
            }
            return value
        }
        return differences(whole(first), whole(second), "")
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
