internal import Cassette
internal import Determinism
internal import Judgement

/// Ways to fail as SARIF 2.1.0, for tools that show findings beside the code.
///
/// Only those that a line can be named for: that of the broken invariant in the scenario, or that
/// of the agent's own code in which an uncaught exception was raised. What waits for a judge is no
/// finding: a note for each rule says how often, so that no finding is not read as all is well.
package enum SARIFReport {
    /// GitHub shows no more of one file.
    static let resultsMax = 5_000

    /// A storm.
    package static func storm(_ storm: StormResult, _ context: ReportContext) -> [UInt8] {
        SafeJSON.bytes(json(ReportInput(storm), context))
    }

    /// One run.
    package static func replay(
        _ run: RunSummary, scenario: String, _ context: ReportContext
    ) -> [UInt8] {
        SafeJSON.bytes(
            json(ReportInput(run, scenario: scenario, cassette: context.cassette), context))
    }

    private static func json(_ input: ReportInput, _ context: ReportContext) -> JSONValue {
        let findings = findings(input, context).prefix(resultsMax)
        var rules: [String] = []
        var places: [String: Int] = [:]
        for finding in findings where places[finding.rule] == nil {
            places[finding.rule] = rules.count
            rules.append(finding.rule)
        }
        let results = findings.map { $0.json(ruleIndex: places[$0.rule] ?? 0) }
        let waiting = WaitingRule.all(input.runs).prefix(resultsMax)
        for rule in waiting where places[rule.name] == nil {
            places[rule.name] = rules.count
            rules.append(rule.name)
        }
        let notes = waiting.map { $0.json(ruleIndex: places[$0.name] ?? 0, context) }
        var driver = [JSONMember("name", "Stormtape")]
        if let version = context.version {
            driver.append(JSONMember("semanticVersion", .string(version)))
        }
        driver.append(JSONMember("rules", .array(rules.map(SARIFFinding.rule))))
        var run = [JSONMember("tool", ["driver": .object(driver)])]
        if !notes.isEmpty { run.append(JSONMember("invocations", invocations(notes))) }
        run += [
            JSONMember("columnKind", "unicodeCodePoints"),
            JSONMember("results", .array(results)),
            JSONMember(
                "properties",
                [
                    "scenario": .string(BoundedText.line(input.scenario, 200)),
                    "digest": .string(input.digest.hex),
                ]),
        ]
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [.object(run)],
        ]
    }

    /// The notes of the one invocation, which did all that it was to do.
    private static func invocations(_ notes: [JSONValue]) -> JSONValue {
        [["executionSuccessful": true, "toolExecutionNotifications": .array(notes)]]
    }
}

extension SARIFReport {
    /// Those of the storm's runs; then those of saved failures that no run of it has shown.
    private static func findings(
        _ input: ReportInput, _ context: ReportContext
    ) -> [SARIFFinding] {
        let groups = FailureGroup.all(input.runs).filter(\.example.verdict.isFailure)
        let own = groups.flatMap { SARIFFinding.all($0, context) }
        let known = Set(own.map(\.identity))
        let saved = FailureGroup.all(input.savedFailures.map(\.run))
            .flatMap { SARIFFinding.all($0, context) }
        return own + saved.filter { !known.contains($0.identity) }
    }
}

/// One finding: a way to fail, at a line.
struct SARIFFinding {
    /// The name of the invariant, or `crash`.
    let rule: String
    let level: String
    let message: String
    let place: SourcePlace
    /// What stays the same from one version of the code to the next.
    let identity: [String]
    let group: FailureGroup

    static func all(_ group: FailureGroup, _ context: ReportContext) -> [SARIFFinding] {
        let run = group.example
        let cause = FailureGroup.cause(of: run) ?? ""
        var findings = run.broken.compactMap { result -> SARIFFinding? in
            guard let place = context.place(of: result) else { return nil }
            return SARIFFinding(
                rule: BoundedText.line(result.ruleName, 80), level: level(result),
                message: "\(result.id): \(result.message)", place: place,
                identity: [result.ruleName, result.invariant.canonicalText(), cause], group: group)
        }
        if let place = context.crashPlace(of: run) {
            findings.append(
                SARIFFinding(
                    rule: "crash", level: "error", message: run.ruling.reason, place: place,
                    identity: ["crash", place.path, cause], group: group))
        }
        return findings
    }

    static func rule(_ name: String) -> JSONValue {
        let known = InvariantCatalogue.all.first { $0.name == name }
        let text = known?.summary ?? "An uncaught exception ended the agent."
        return [
            "id": .string(name), "shortDescription": ["text": .string(SARIFFinding.plain(text))],
        ]
    }

    func json(ruleIndex: Int) -> JSONValue {
        let run = group.example
        let cause = FailureGroup.cause(of: run).map { " (after \($0))" } ?? ""
        let text = BoundedText.line(message, 1_000) + BoundedText.line(cause, 80)
        return [
            "ruleId": .string(rule), "ruleIndex": .int(Int64(ruleIndex)), "level": .string(level),
            "message": ["text": .string(SARIFFinding.plain(text))],
            "locations": SARIFFinding.locations(place),
            "partialFingerprints": [
                "stormtapeFailure/v1": .string(
                    Digest(hashing: Array(identity.joined(separator: "\u{0}").utf8)).hex)
            ],
            "properties": [
                "runs": .int(Int64(group.others.count + 1)), "example": .string(run.label),
                "digest": .string(run.digest.hex),
                "reproduce": .string(SafeText.line(run.reproduce)),
            ],
        ]
    }

    static func locations(_ place: SourcePlace) -> JSONValue {
        var region = [JSONMember("startLine", .int(Int64(place.line)))]
        if let column = place.column {
            region.append(JSONMember("startColumn", .int(Int64(column))))
        }
        return [
            [
                "physicalLocation": [
                    "artifactLocation": [
                        "uri": .string(SARIFFinding.uri(place.path)), "uriBaseId": "%SRCROOT%",
                    ],
                    "region": .object(region),
                ]
            ]
        ]
    }

    private static func level(_ result: InvariantResult) -> String {
        switch result.invariant["severity"]?.stringValue.flatMap(Severity.init(rawValue:)) {
        case .low: "note"
        case .medium, nil: "warning"
        case .high, .critical: "error"
        }
    }

    // Source: SARIF 2.1.0, 3.11.6: brackets of a plain message would begin a link.
    static func plain(_ text: String) -> String {
        [("\\", "\\\\"), ("[", "\\["), ("]", "\\]")].reduce(text) { text, pair in
            replacing(pair.0, with: pair.1, in: text)
        }
    }

    private static func uri(_ path: String) -> String {
        path.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
            default:
                "-._~/".utf8.contains(byte)
                    ? String(UnicodeScalar(byte))
                    : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

/// A rule that waits for a judge in some runs.
struct WaitingRule {
    let result: InvariantResult
    var count = 1

    var name: String { BoundedText.line(result.ruleName, 80) }

    /// Each once, in the order in which they come up.
    static func all(_ runs: [RunSummary]) -> [WaitingRule] {
        var rules: [WaitingRule] = []
        var places: [JSONValue: Int] = [:]
        for result in runs.flatMap(\.waiting) {
            if let place = places[result.invariant] {
                rules[place].count += 1
            } else {
                places[result.invariant] = rules.count
                rules.append(WaitingRule(result: result))
            }
        }
        return rules
    }

    // Source: SARIF 2.1.0, 3.58: a notification.
    func json(ruleIndex: Int, _ context: ReportContext) -> JSONValue {
        let text = BoundedText.line("\(result.id): \(OpenVerdicts.text(count))", 1_000)
        var members: [JSONMember] = [
            JSONMember(
                "associatedRule", ["id": .string(name), "index": .int(Int64(ruleIndex))]),
            JSONMember("level", "note"),
            JSONMember("message", ["text": .string(SARIFFinding.plain(text))]),
        ]
        if let place = context.place(of: result) {
            members.append(JSONMember("locations", SARIFFinding.locations(place)))
        }
        return .object(members)
    }
}

extension InvariantResult {
    /// The name of the rule: the key of its form that is not one of what all rules take.
    var ruleName: String {
        let common = ["when", "negate", "severity", "label"]
        return invariant.objectValue?.first { !common.contains($0.key) }?.key ?? id
    }
}
