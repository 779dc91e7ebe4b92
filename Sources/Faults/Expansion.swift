public import Cassette
public import Determinism

/// From a scenario and a seed to an explicit plan.
public enum Expansion {
    /// Expands a scenario on a tape, which was made with the scenario's normalisers.
    ///
    /// Each draw is keyed by the fingerprint, the fault's identifier, the entry's place among
    /// entries with that identifier, the take and the attempt. So another entry, another name or
    /// another interaction never shifts it. Throws `ExpansionError`, or what the store throws.
    public static func expand(
        _ scenario: Scenario, seed: Seed, tape: Tape, prompt: String? = nil,
        catalogue: [FaultKind] = FaultCatalogue.all
    ) throws -> ExpansionResult {
        var expander = Expander(seed: seed, tape: tape)
        var seen: [String: Int] = [:]
        for (index, entry) in scenario.faults.enumerated() {
            let kind = try EntryCheck(entry: entry, index: index).kind(
                in: catalogue, upstreams: tape.manifest.upstreams)
            let occurrence = seen[entry.fault, default: 0]
            seen[entry.fault] = occurrence + 1
            let rows = try Selection(entry.selector, target: kind.target).rows(of: tape)
            if rows.isEmpty { expander.result.unmatched.append(index) }
            for row in rows {
                try expander.hit(row, with: kind, entry: entry, occurrence: occurrence)
            }
        }
        expander.result.plan.invariants = scenario.invariants
        expander.result.plan.offTape = scenario.offTape
        expander.result.plan.stubs = scenario.stubs
        expander.result.plan.normalisers = scenario.normalisers
        expander.result.plan.prompt = prompt
        return expander.result
    }
}

/// Draws for one selected interaction after the other.
private struct Expander {
    /// The recorded answer in the form in which parameters look at it.
    private struct Material {
        let delivery: Delivery
        let context: FaultContext
    }

    private enum Drawn {
        case parameters(FaultParameters)
        case inapplicable(String)
    }

    let seed: Seed
    let tape: Tape
    var result: ExpansionResult
    private var earlier: EarlierAnswers?
    private var material: (ordinal: Int, value: Material)?

    init(seed: Seed, tape: Tape) {
        self.seed = seed
        self.tape = tape
        result = ExpansionResult(plan: Plan(cassette: tape.hash, order: seed))
    }

    mutating func hit(
        _ row: TapeEntry, with kind: FaultKind, entry: FaultEntry, occurrence: Int
    ) throws {
        let callID = callID(of: row, fault: kind.id, occurrence: occurrence)
        let start = entry.selector.attempt
        let fires = random(callID, row, attempt: start)
            .chance(entry.selector.probability, .fires)
        guard fires else { return }
        let attempts: [Int?] = entry.times.map { times in (0..<times).map { start + $0 } } ?? [nil]
        for attempt in attempts {
            let anchor = Anchor(
                fingerprint: row.fingerprint, take: row.take, attempt: attempt,
                upstream: row.upstream, call: row.call)
            let random = random(callID, row, attempt: attempt ?? start)
            switch try draw(kind, entry: entry, row: row, random: random) {
            case .parameters(let parameters):
                result.plan.faults.append(
                    PlannedFault(fault: kind.id, anchor: anchor, parameters: parameters))
            case .inapplicable(let reason):
                result.inapplicable.append(
                    InapplicableFault(fault: kind.id, anchor: anchor, reason: reason))
            }
        }
    }

    /// The number that stands for a fingerprint and an entry in the keys of draws.
    private func callID(of row: TapeEntry, fault: String, occurrence: Int) -> UInt64 {
        var digest = RollingDigest()
        digest.append(row.fingerprint.bytes)
        digest.append(fault)
        digest.append(String(occurrence))
        // The key has 16 bits for the take; what is beyond them tells calls apart here.
        if row.take > 0xFFFF { digest.append(String(row.take >> 16)) }
        return digest.value.prefix64
    }

    private func random(_ callID: UInt64, _ row: TapeEntry, attempt: Int) -> KeyedRandom {
        KeyedRandom(seed: seed, callID: callID, take: row.take & 0xFFFF, attempt: attempt)
    }

    private mutating func draw(
        _ kind: FaultKind, entry: FaultEntry, row: TapeEntry, random: KeyedRandom
    ) throws -> Drawn {
        let settings = entry.settings
        var members: [JSONMember] = []
        for (index, spec) in kind.parameters.enumerated() {
            let lane = UInt16(index)
            let setting = settings.first { $0.name == spec.name }?.setting
            switch (setting, spec.defaultValue) {
            case (.fixed(let value), _):
                members.append(JSONMember(spec.name, spec.domain.normalised(value) ?? value))
            case (.range(let range), _):
                let number = random.pick(in: range, .parameter, lane: lane)
                members.append(JSONMember(spec.name, .int(number)))
            case (.word(let word), .drawn(let rangeOf)):
                let material = try material(of: row)
                let number = rangeOf(material.delivery, material.context).flatMap { range in
                    word.place(in: range, of: spec, material.delivery, material.context)
                }
                guard let number else {
                    return .inapplicable(
                        "the recorded answer has no place '\(word.rawValue)' for '\(spec.name)'")
                }
                members.append(JSONMember(spec.name, .int(number)))
            case (.word, .fixed(let value)), (nil, .fixed(let value)):
                members.append(JSONMember(spec.name, spec.domain.normalised(value) ?? value))
            case (nil, .drawn(let rangeOf)):
                let material = try material(of: row)
                guard let range = rangeOf(material.delivery, material.context),
                    let value = spec.domain.pick(in: range, random, lane: lane)
                else {
                    return .inapplicable("no '\(spec.name)' fits the recorded answer")
                }
                members.append(JSONMember(spec.name, value))
            }
        }
        return .parameters(FaultParameters(members))
    }

    private mutating func material(of row: TapeEntry) throws -> Material {
        if let material, material.ordinal == row.ordinal { return material.value }
        let earlier = self.earlier ?? EarlierAnswers(tape)
        self.earlier = earlier
        guard let context = try FaultContext(ordinal: row.ordinal, tape: tape, earlier: earlier)
        else { preconditionFailure("the upstream \(row.upstream) was selected") }
        let value = Material(delivery: Delivery(context.interaction), context: context)
        material = (row.ordinal, value)
        return value
    }
}

extension ParameterDomain {
    /// A value drawn from a range, for words of their places; nil when none is in the domain.
    fileprivate func pick(
        in range: ClosedRange<Int64>, _ random: KeyedRandom, lane: UInt16
    ) -> JSONValue? {
        guard let range = clamped(range) else { return nil }
        let number = random.pick(in: range, .parameter, lane: lane)
        if case .choice(let words) = self { return .string(words[Int(number)]) }
        return .int(number)
    }
}
