internal import Cassette
internal import Determinism
internal import Faults

/// Other values of one parameter of a plan.
struct ParameterProbe {
    let plan: Plan
    let place: Int
    let spec: ParameterSpec
    let value: JSONValue

    func plan(_ value: JSONValue) -> Plan {
        plan.setting(spec, of: place, to: value)
    }

    /// The ends of the range, the neighbours, the usual value and drawn ones; each once, without
    /// the plan's own.
    func samples(
        _ own: Int64, _ range: ClosedRange<Int64>, _ options: ExplainOptions
    ) -> [Int64] {
        let (low, high) = (range.lowerBound, range.upperBound)
        var numbers = [
            low, low &+ 1, own &- 1, own &+ 1, own &- 2, own &+ 2, own / 2, own &* 2, high,
        ]
        if let usual = spec.usualMember?.value.intValue { numbers.append(usual) }
        let random = ParameterProbe.keyed(plan.faults[place], spec.name, options.seed)
        for draw in 0..<UInt16(clamping: min(options.draws, 1_000)) {
            numbers.append(ParameterProbe.draw(own, range, random, lane: draw))
        }
        var seen: Set<Int64> = [own]
        return numbers.filter { range.contains($0) && seen.insert($0).inserted }
    }

    /// The draws for a parameter of a fault.
    static func keyed(
        _ fault: PlannedFault, _ name: String, _ seed: Seed, round: Int = 0
    ) -> KeyedRandom {
        var digest = RollingDigest()
        digest.append(fault.anchor.fingerprint.bytes)
        digest.append(fault.fault)
        digest.append(name)
        return KeyedRandom(
            seed: seed, callID: digest.value.prefix64, take: fault.anchor.take & 0xFFFF,
            attempt: round & 0xFFFF)
    }

    /// A number of a range: every other one is of any order of magnitude, the rest is not far
    /// from the plan's own.
    ///
    /// Evenly drawn ones would nearly all be large, and beyond the end of the answer.
    static func draw(
        _ own: Int64, _ range: ClosedRange<Int64>, _ random: KeyedRandom, lane: UInt16
    ) -> Int64 {
        let span = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        let offset = UInt64(bitPattern: own &- range.lowerBound)
        let width: UInt64
        if lane % 2 == 0 {
            let bits = UInt64(64 - span.leadingZeroBitCount)
            let drawn = random.below(bits + 1, .parameter, lane: lane * 2)
            width = drawn >= bits ? span : min(span, 1 << drawn)
        } else {
            width = offset > span / 2 ? span : min(span, offset * 2 + 16)
        }
        guard width < .max else { return range.lowerBound }
        let chosen = random.below(width + 1, .parameter, lane: lane * 2 + 1)
        return range.lowerBound &+ Int64(bitPattern: chosen)
    }
}
