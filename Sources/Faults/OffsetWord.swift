import Determinism
import WireProtocols

/// A place in an answer by name, which the expansion turns into a number.
public enum OffsetWord: String, Hashable, Sendable, CaseIterable {
    /// The first place that fits.
    case first
    /// The one in the middle.
    case middle
    /// The last place that fits.
    case last
    /// Right before what ends the answer.
    case beforeTerminator = "before-terminator"
    /// Inside the arguments of the first tool call.
    case insideToolArguments = "inside-tool-arguments"
    /// Inside the first character of several bytes.
    case insideCharacter = "inside-character"

    /// The number that a word stands for; nil where the answer has no such place.
    func place(
        in range: ClosedRange<Int64>, of spec: ParameterSpec, _ delivery: Delivery,
        _ context: FaultContext
    ) -> Int64? {
        guard let number = number(in: range, of: spec, delivery, context),
            spec.domain.normalised(.int(number)) != nil
        else { return nil }
        return number
    }

    private func number(
        in range: ClosedRange<Int64>, of spec: ParameterSpec, _ delivery: Delivery,
        _ context: FaultContext
    ) -> Int64? {
        switch self {
        case .first, .middle, .last:
            guard let range = spec.domain.clamped(range) else { return nil }
            switch self {
            case .first: return range.lowerBound
            case .last: return range.upperBound
            default: return range.lowerBound + (range.upperBound - range.lowerBound) / 2
            }
        case .beforeTerminator, .insideToolArguments, .insideCharacter:
            // A place by name may lie beyond those that are drawn.
            return spec.unit.number(of: self, in: delivery, context)
        }
    }
}

/// What a parameter that names a place counts.
public enum PlaceUnit: Hashable, Sendable {
    /// Bytes of the body.
    case bytes
    /// Events of a stream, whatever they say.
    case events
    /// Events of a stream that carry content, the n-th counted from 1.
    case contentEvents
    /// Anything else.
    case other

    fileprivate func number(
        of word: OffsetWord, in delivery: Delivery, _ context: FaultContext
    ) -> Int64? {
        if word == .insideCharacter {
            guard self == .bytes else { return nil }
            return FaultKind.longCharacters(in: delivery.bodyBytes).first.map { Int64($0) + 1 }
        }
        guard let (stream, wire) = try? FaultKind.modelStream(delivery, context) else { return nil }
        let place =
            word == .beforeTerminator
            ? stream.endPlace(wire)
            : stream.timed.firstIndex { timed in
                if case .toolArguments = wire.role(of: timed.event) { true } else { false }
            }
        guard let place else { return nil }
        let before = stream.events[..<place]
        switch self {
        case .bytes:
            let bytes = before.reduce(0) { $0 + $1.bytes.count }
            let inside = word == .insideToolArguments ? stream.events[place].bytes.count / 2 : 0
            return Int64(bytes + inside)
        case .events: return Int64(place + (word == .insideToolArguments ? 1 : 0))
        case .contentEvents:
            let contents = stream.contentPlaces(wire)
            guard word == .insideToolArguments else {
                return Int64(contents.count { $0 < place })
            }
            return contents.firstIndex(of: place).map { Int64($0) + 1 }
        case .other: return nil
        }
    }
}
