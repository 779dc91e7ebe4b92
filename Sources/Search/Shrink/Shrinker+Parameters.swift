internal import Determinism
internal import Faults

/// Which values the parameters have.
///
/// A quantity goes to its threshold: the mildest value that still fails, exact to one unit. A value
/// that may be anything becomes the usual one. Anything else becomes the first of these that still
/// fails: the usual value, the smallest, the smallest of a stretch that fails.
extension Shrinker {
    /// A parameter of one fault of the plan.
    struct Parameter {
        let place: Int
        let spec: ParameterSpec
        let plan: Plan

        var value: JSONValue? { plan.faults[place].parameters.value(spec.name) }

        /// The value when the scenario does not say; nil where it is drawn.
        var usual: JSONValue? { spec.usualMember?.value }

        func with(_ value: JSONValue) -> Plan { plan.setting(spec, of: place, to: value) }

        func with(_ number: Int64) -> Plan { with(.int(number)) }
    }

    mutating func simplifyParameters() throws {
        guard options.stages.contains(.parameter) else { return }
        for place in current.faults.indices {
            guard let kind = FaultCatalogue.named(current.faults[place].fault) else { continue }
            for spec in kind.parameters {
                let parameter = Parameter(place: place, spec: spec, plan: current)
                guard let value = parameter.value, let found = try simplest(parameter, value),
                    found != value
                else { continue }
                let name = current.faults[place].placeText
                let (from, to) = (ShrinkWords.value(value, spec), ShrinkWords.value(found, spec))
                accept(
                    parameter.with(found), .parameter, "\(name): \(spec.name) \(from) -> \(to)")
            }
        }
    }

    private mutating func simplest(
        _ parameter: Parameter, _ value: JSONValue
    ) throws -> JSONValue? {
        switch parameter.spec.domain {
        case .integer(let range):
            guard let number = value.intValue, range.contains(number) else { return nil }
            return .int(
                parameter.spec.isQuantity
                    ? try mildest(parameter, number, parameter.spec.searched(range, from: number))
                    : try simplest(parameter, number, range))
        case .choice(let words):
            let own = words.firstIndex { .string($0) == value } ?? 0
            return try firstFailing(parameter, words[..<own].map { .string($0) })
        case .text: return try shortest(parameter, value)
        }
    }

    private mutating func firstFailing(
        _ parameter: Parameter, _ values: [JSONValue]
    ) throws -> JSONValue? {
        for (place, value) in values.enumerated()
        where try oracle.fails(
            parameter.with(value),
            beside: { values[(place + 1)...].map { parameter.with($0) } })
        {
            return value
        }
        return nil
    }

    private mutating func simplest(
        _ parameter: Parameter, _ value: Int64, _ range: ClosedRange<Int64>
    ) throws -> Int64 {
        let low = range.lowerBound
        if parameter.usual == .int(value) || value == low { return value }
        if let usual = parameter.usual, try oracle.fails(parameter.with(usual)) {
            return usual.intValue ?? value
        }
        if try oracle.fails(parameter.with(low)) { return low }
        return try smallest(parameter, from: low, value)
    }

    /// The threshold of a quantity, or its usual value where it has none.
    private mutating func mildest(
        _ parameter: Parameter, _ value: Int64, _ range: ClosedRange<Int64>
    ) throws -> Int64 {
        let (low, high) = (range.lowerBound, range.upperBound)
        guard low < high else { return value }
        let likely = [value &- 1, low + 1, high, parameter.usual?.intValue ?? low]
            .filter { range.contains($0) }
        let lowFails = try oracle.fails(parameter.with(low)) { likely.map { parameter.with($0) } }
        if value > low, !lowFails {
            return try smallest(parameter, from: low, value)
        }
        // The least value alone can have a meaning of its own, as a stall of 0 has, which never
        // ends: what counts is the threshold of the others.
        if value != low + 1, try !oracle.fails(parameter.with(low + 1)) {
            if value > low { return try smallest(parameter, from: low + 1, value) }
            guard high > low + 1, try oracle.fails(parameter.with(high)) else { return low }
            return try smallest(parameter, from: low + 1, high)
        }
        // It fails from below.
        if value != high, try !oracle.fails(parameter.with(high)) {
            return try largest(parameter, max(value, low + 1), below: high)
        }
        guard let usual = parameter.usual?.intValue, range.contains(usual),
            try oracle.fails(parameter.with(usual))
        else { return low }
        return usual
    }

    private mutating func smallest(
        _ parameter: Parameter, from passing: Int64, _ failing: Int64
    ) throws -> Int64 {
        // It is at its threshold already, as most are the second time.
        if try !oracle.fails(parameter.with(failing - 1)) { return failing }
        return try oracle.farEdge(passing: passing, failing: failing - 1) { parameter.with($0) }
    }

    private mutating func largest(
        _ parameter: Parameter, _ failing: Int64, below passing: Int64
    ) throws -> Int64 {
        if try !oracle.fails(parameter.with(failing + 1)) { return failing }
        return try oracle.farEdge(
            passing: passing, failing: failing + 1, isNearPassing: false
        ) { parameter.with($0) }
    }

    /// The usual text, none, or the shortest beginning of this one.
    private mutating func shortest(
        _ parameter: Parameter, _ value: JSONValue
    ) throws -> JSONValue? {
        guard let text = value.stringValue, value != parameter.usual else { return nil }
        let simple = [parameter.usual, .string("")].compactMap { $0 }
        if let found = try firstFailing(parameter, simple) { return found }
        guard text.count > 1 else { return nil }
        let length = try oracle.edge(passing: 0, failing: Int64(text.count)) { length in
            parameter.with(.string(String(text.prefix(Int(length)))))
        }
        return .string(String(text.prefix(Int(length))))
    }
}

extension ParameterSpec {
    /// The parameter with the value that it has when the scenario does not say; nil where that is
    /// drawn.
    var usualMember: JSONMember? {
        guard case .fixed(let value) = defaultValue else { return nil }
        return JSONMember(name, domain.normalised(value) ?? value)
    }

    /// Whether it counts a quantity that can be milder or worse, by the unit at the end of its
    /// name; a place in an answer is none.
    var isQuantity: Bool {
        guard case .fixed = defaultValue, case .integer = domain else { return false }
        return unitWord != nil || name == "bytes"
    }

    /// The part of a range in which thresholds of an agent are looked for.
    ///
    /// A run is ended by its own limit of virtual time, which is no time-out of the agent; so of
    /// times only those up to four hours are tried, or up to that of the plan.
    func searched(_ range: ClosedRange<Int64>, from own: Int64) -> ClosedRange<Int64> {
        let most: Int64
        switch unitWord {
        case "ms": most = 4 * 3_600_000
        case "seconds": most = 4 * 3_600
        default: return range
        }
        return range.lowerBound...max(range.lowerBound, min(range.upperBound, max(own, most)))
    }

    /// The unit at the end of the name.
    var unitWord: String? {
        let words = ["_ms", "_seconds", "_per_second", "_percent", "_bytes", "_tokens", "_days"]
        return words.first { name.hasSuffix($0) }.map { String($0.dropFirst()) }
    }
}
