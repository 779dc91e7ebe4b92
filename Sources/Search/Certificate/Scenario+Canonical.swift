internal import Cassette
public import Determinism
public import Faults

extension Scenario {
    /// All that decides runs, and not the name, in one form: equal scenarios have equal digests,
    /// whichever file they were read from.
    public var decisive: JSONValue {
        var members = [
            JSONMember("faults", .array(faults.map(\.decisive))),
            JSONMember("invariants", .array(invariants.map(\.membersSorted))),
            JSONMember("off_tape", .string(offTape.rawValue)),
        ]
        if !stubs.isEmpty { members.append(JSONMember("stubs", .array(stubs.map(\.decisive)))) }
        if !normalisers.isEmpty {
            members.append(JSONMember("normalise", .array(normalisers.map(\.decisive))))
        }
        return .object(members)
    }

    /// The digest of all that decides runs.
    public var digest: Digest { Digest(hashing: decisive.canonical()) }
}

extension FaultEntry {
    fileprivate var decisive: JSONValue {
        let settings = settings.map { name, setting in JSONMember(name, setting.decisive) }
        return [
            "fault": .string(fault), "at": selector.decisive,
            "times": times.map { .int(Int64($0)) } ?? .null, "set": .object(settings),
        ]
    }
}

extension ParameterSetting {
    /// The three forms cannot be taken for each other.
    fileprivate var decisive: JSONValue {
        switch self {
        case .fixed(let value): .array([.string("fixed"), value])
        case .range(let range):
            .array([.string("range"), .int(range.lowerBound), .int(range.upperBound)])
        case .word(let word): .array([.string("word"), .string(word.rawValue)])
        }
    }
}

extension Selector {
    /// What is set of it.
    fileprivate var decisive: JSONValue {
        var members: [JSONMember] = []
        func add(_ name: String, _ value: JSONValue?) {
            if let value { members.append(JSONMember(name, value)) }
        }
        func number(_ value: Int?) -> JSONValue? { value.map { .int(Int64($0)) } }
        func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }
        add("upstream", text(upstream))
        add("kind", text(kind?.rawValue))
        add("tool", text(tool))
        add("route", text(route))
        add("protocol", text(wireProtocol))
        add("model", text(model))
        add("stream", stream.map { .bool($0) })
        add("call", number(call))
        add("attempt", number(attempt))
        add("every", number(every))
        add("first", number(first))
        add("after", number(after))
        add("window_ms", windowMilliseconds.map { [.int($0.lowerBound), .int($0.upperBound)] })
        add(
            "probability",
            [.int(Int64(probability.numerator)), .int(Int64(probability.denominator))])
        if !arguments.isEmpty { add("args", .object(arguments)) }
        return .object(members)
    }
}

extension Stub {
    fileprivate var decisive: JSONValue {
        var members = [
            JSONMember("status", .int(Int64(status))),
            JSONMember("content_type", .string(contentType)), JSONMember("body", .string(body)),
        ]
        if let upstream { members.append(JSONMember("upstream", .string(upstream))) }
        if let route { members.append(JSONMember("route", .string(route))) }
        if let contains { members.append(JSONMember("contains", .string(contains))) }
        return .object(members)
    }
}

extension Normaliser {
    fileprivate var decisive: JSONValue {
        var members = [
            JSONMember("path", .string(path)), JSONMember("as", .string(kind.rawValue)),
        ]
        if let upstream { members.append(JSONMember("upstream", .string(upstream))) }
        return .object(members)
    }
}
