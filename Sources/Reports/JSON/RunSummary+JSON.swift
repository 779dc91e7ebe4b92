package import Determinism
internal import Faults
internal import Judgement
internal import Simulation

extension RunSummary {
    /// Everything, for the way from a worker to its storm.
    package var json: JSONValue {
        .object(
            reportMembers + [
                JSONMember("exchanges", .array(exchanges.map(\.json))),
                JSONMember("ending", .string(ending)),
                JSONMember("foreign", .array(foreignAddresses.map { .string($0) })),
                JSONMember("stdout_tail", OutputText.json(standardOutputTail)),
                JSONMember("stderr_tail", OutputText.json(standardErrorTail)),
                JSONMember("asked", .array(asked.map(\.json))),
                JSONMember("prompt", prompt.map { .string($0) } ?? .null),
                JSONMember("tokens", tokens.map { .int(Int64($0)) } ?? .null),
                JSONMember("clock", .string(clock.rawValue)),
            ])
    }

    /// What the run's digest vouches for, so that a storm's report repeats byte by byte.
    var reportMembers: [JSONMember] {
        [
            JSONMember("seed", seed.map { .number($0.description) } ?? .null),
            JSONMember("plan", .string(plan)),
            JSONMember("digest", .string(digest.hex)),
            JSONMember("verdict", .string(verdict.rawValue)),
            JSONMember("reason", .string(ruling.reason)),
            JSONMember("grade", .string(grade.letter.rawValue)),
            JSONMember("grade_reasons", .array(grade.reasons.map { .string($0) })),
            JSONMember("virtual_ns", .int(virtualTime.nanoseconds)),
            JSONMember("faults", .array(fired.map(FaultJSON.json))),
            JSONMember("planned", .array(planned.map(FaultJSON.json))),
            JSONMember("masked", .array(met.filter(\.isMasked).map(FaultJSON.json))),
            JSONMember("inapplicable", .array(met.filter(\.isInapplicable).map(FaultJSON.json))),
            JSONMember("unreached", .array(unreached.map(FaultJSON.json))),
            JSONMember("invariants", .array(invariants.map(InvariantJSON.json))),
            JSONMember("reproduce", .string(reproduce)),
        ]
    }

    /// Reads back what `json` wrote.
    package init(json: JSONValue) throws(ReportFormatError) {
        let fields = ReportFields(json)
        self.init(
            seed: try RunSummary.seed(fields), plan: try fields.text("plan"),
            digest: try fields.digest("digest"),
            ruling: Ruling(
                verdict: try fields.choice("verdict", Verdict.self),
                reason: try fields.text("reason")),
            grade: Grade(
                try fields.choice("grade", Grade.Letter.self),
                reasons: try fields.texts("grade_reasons")),
            virtualTime: SimDuration(nanoseconds: try fields.long("virtual_ns")),
            planned: try fields.list("planned", FaultJSON.planned),
            met: try RunSummary.met(fields),
            unreached: try fields.list("unreached", FaultJSON.planned),
            invariants: try fields.list("invariants", InvariantJSON.result),
            reproduce: try fields.text("reproduce"),
            exchanges: try fields.list("exchanges") { (item) throws(ReportFormatError) in
                try ExchangeSummary(item)
            },
            ending: try fields.text("ending"), foreignAddresses: try fields.texts("foreign"),
            standardOutputTail: try fields.bytes("stdout_tail"),
            standardErrorTail: try fields.bytes("stderr_tail"),
            asked: try fields.list("asked") { (item) throws(ReportFormatError) in
                try AskedSummary(item)
            }, prompt: try fields.member("prompt").value.stringValue,
            tokens: try fields.member("tokens").value.intValue.map { Int($0) },
            clock: try fields.choice("clock", ClockMode.self))
    }

    private static func seed(_ fields: ReportFields) throws(ReportFormatError) -> Seed? {
        let value = try fields.member("seed").value
        if value.isNull { return nil }
        guard let seed = value.numberText.flatMap({ Seed(text: $0) }) else {
            throw fields.wrong("seed", "a whole number of 64 bits")
        }
        return seed
    }

    private static func met(_ fields: ReportFields) throws(ReportFormatError) -> [MetFault] {
        let fired = try fields.list("faults") { (item) throws(ReportFormatError) in
            try FaultJSON.met(item) { _ in .fired }
        }
        let masked = try fields.list("masked") { (item) throws(ReportFormatError) in
            try FaultJSON.met(item) { (each) throws(ReportFormatError) in
                .masked(by: try each.text("by"))
            }
        }
        let inapplicable = try fields.list("inapplicable") { (item) throws(ReportFormatError) in
            try FaultJSON.met(item) { (each) throws(ReportFormatError) in
                .inapplicable(try each.text("reason"))
            }
        }
        return fired + masked + inapplicable
    }
}

extension MetFault {
    var isMasked: Bool {
        if case .masked = fate { true } else { false }
    }

    var isInapplicable: Bool {
        if case .inapplicable = fate { true } else { false }
    }
}
