internal import Cassette
internal import CassetteStore
internal import Determinism
package import Faults
internal import Judgement
internal import Reports
internal import Scenarios
internal import Search
internal import Simulation

/// What one job asks for.
struct Job: Hashable, Sendable {
    /// When a run is made a second time and compared.
    enum Confirmation: String, Hashable, Sendable {
        case never
        case failures
        case always
    }

    /// The position of the answer.
    var number: Int
    /// The seed that expands the scenario; nil with a plan.
    var seed: Seed?
    /// The plan; nil with a seed.
    var plan: JSONValue?
    /// When the run is made twice.
    var confirmation: Confirmation
    /// Whether the whole trace is wanted.
    var wantsTrace: Bool
    /// Whether bodies, steps and the log are wanted, within bounds.
    var wantsDetail: Bool
    /// Whether it is a saved failure: an error of it is an answer, and ends no storm.
    var isSaved: Bool
    /// Whether only what search sees is wanted.
    var observes: Bool

    var json: JSONValue {
        .object([
            JSONMember("number", .int(Int64(number))),
            JSONMember("seed", seed.map { .string(String($0.rawValue)) } ?? .null),
            JSONMember("plan", plan ?? .null),
            JSONMember("confirmation", .string(confirmation.rawValue)),
            JSONMember("trace", .bool(wantsTrace)),
            JSONMember("detail", .bool(wantsDetail)),
            JSONMember("saved", .bool(isSaved)),
            JSONMember("observes", .bool(observes)),
        ])
    }

    init(
        number: Int, seed: Seed?, plan: JSONValue? = nil, confirmation: Confirmation = .never,
        wantsTrace: Bool = false, wantsDetail: Bool = false, isSaved: Bool = false,
        observes: Bool = false
    ) {
        self.number = number
        self.seed = seed
        self.plan = plan
        self.confirmation = confirmation
        self.wantsTrace = wantsTrace
        self.wantsDetail = wantsDetail
        self.isSaved = isSaved
        self.observes = observes
    }

    init?(json: JSONValue) {
        guard let number = json["number"]?.intValue,
            let confirmation = json["confirmation"]?.stringValue.flatMap(Confirmation.init),
            let wantsTrace = json["trace"]?.boolValue,
            let wantsDetail = json["detail"]?.boolValue,
            let isSaved = json["saved"]?.boolValue,
            let observes = json["observes"]?.boolValue
        else { return nil }
        self.init(
            number: Int(number), seed: json["seed"]?.stringValue.flatMap(Seed.init(text:)),
            plan: json["plan"].flatMap { $0 == .null ? nil : $0 }, confirmation: confirmation,
            wantsTrace: wantsTrace, wantsDetail: wantsDetail, isSaved: isSaved,
            observes: observes)
    }
}

/// Executes jobs in this process, one after the other.
final class RunExecutor {
    private let configuration: RunConfiguration
    private let isolation: NetworkIsolation
    private let confinement: Confinement
    private let reader: CassetteReader
    private let scenario: Scenario?
    private let forkServer: ForkServer?
    private let judges: JudgeDesk
    private let redactor = Redactor(RedactionRules(environment: System.environment))
    /// The cassette as it is read under some rules, with what was prepared of it.
    private typealias Reading = (normalisers: [Normaliser], tape: Tape, cache: DeliveryCache)

    private var readings: [Reading] = []
    /// The last run without a fault that rules were compared with, by its plan.
    ///
    /// Plans of one seed share it, such as saved failures. Seeds do not share it: each orders
    /// concurrent requests in its own way.
    private var calm: (plan: Plan, trace: Trace)?

    /// Opens the cassette and reads the scenario; `expectedRuns` is nil where it is not known.
    init(
        _ configuration: RunConfiguration, isolation: NetworkIsolation, confinement: Confinement,
        expectedRuns: Int? = nil
    ) throws {
        self.configuration = configuration
        self.isolation = isolation
        self.confinement = confinement
        reader = try CassetteAccess.openToRun(configuration.cassette)
        scenario = try configuration.judgedScenario()
        judges = JudgeDesk(try configuration.judges?.tape()) { [redactor] in redactor.redact($0) }
        forkServer = try ForkServer(
            configuration, isolation, confinement, expectedRuns: expectedRuns)
    }

    /// The member of an answer that says why a saved failure could not be run.
    static let refusal = "refusal"

    /// The member of an answer that holds what search sees.
    static let observation = "observation"

    /// The member of such an answer that holds the events of the digest, where they are wanted.
    static let events = "events"

    /// Executes one job.
    func execute(_ job: Job) throws -> JSONValue {
        guard job.isSaved else { return try ran(job) }
        do {
            return try ran(job)
        } catch {
            return .object([JSONMember(RunExecutor.refusal, .string(String(describing: error)))])
        }
    }

    private func ran(_ job: Job) throws -> JSONValue {
        let prepared = try prepare(job)
        let reading = try reading(prepared.plan.normalisers)
        let run = AgentRun(
            configuration: configuration, tape: reading.tape, cache: reading.cache,
            isolation: isolation,
            confinement: confinement, redactor: redactor, forkServer: forkServer)
        let outcome = try run.run(prepared.plan)
        let invariants = try Invariant.parse(all: prepared.plan.invariants)
        let conduct = Conduct(
            outcome.trace,
            undisturbed: try undisturbed(invariants, prepared.plan, outcome.trace, run),
            judges: judges)
        let results = invariants.map { $0.evaluate(conduct) }
        var ruling = Judge.ruling(
            trace: outcome.trace, results: results, nondeterministic: false)
        let closed = prepared.plan.closed(
            keeping: outcome.trace.firedFaults + outcome.trace.idleOffers)
        let second = try confirm(ruling.verdict, closed, run, job)
        let divergence = second.flatMap { Divergence.first(outcome.trace, $0) }
        if let second, divergence != nil {
            ruling = Judge.ruling(
                trace: outcome.trace, results: results, nondeterministic: true)
            let difference = TraceDifference(outcome.trace.digestEvents, second.digestEvents)
            if ruling.verdict == .nondeterministic, let brief = difference.brief {
                ruling.reason += ": \(brief)"
            }
        }
        if job.observes {
            let seen = Observation(
                outcome.trace, plan: prepared.plan, results: results,
                nondeterministic: divergence != nil, grade: outcome.grade.letter)
            var members = [JSONMember(RunExecutor.observation, seen.json)]
            if job.wantsTrace {
                members.append(
                    JSONMember(RunExecutor.events, .array(outcome.trace.digestEvents)))
            }
            return .object(members + OpenQuestions.members(judges.takeOpen()))
        }
        let blob = PlanBlob.encode(closed)
        let result = RunResult(
            seed: job.seed, plan: closed, planBlob: blob, digest: outcome.trace.digest,
            ruling: ruling, grade: outcome.grade, virtualTime: outcome.trace.duration,
            planned: prepared.plan.faults, trace: outcome.trace, invariants: results,
            reproduce: CommandLineText.reproduce(configuration, blob: blob))
        return answer(result, divergence, second?.digest, job)
    }

    /// The run of the same plan without its faults, where a rule compares with it.
    private func undisturbed(
        _ invariants: [Invariant], _ plan: Plan, _ own: Trace, _ run: AgentRun
    ) throws -> Trace? {
        guard invariants.contains(where: \.comparesWithUndisturbed) else { return nil }
        // Without a fault it is that run itself.
        if plan.faults.isEmpty { return own }
        let plan = plan.closed(keeping: [])
        if let calm, calm.plan == plan { return calm.trace }
        let trace = try run.run(plan).trace
        calm = (plan, trace)
        return trace
    }

    /// Runs the closed plan, to be compared; nil when no comparison is due.
    private func confirm(
        _ verdict: Verdict, _ closed: Plan, _ run: AgentRun, _ job: Job
    ) throws -> Trace? {
        switch job.confirmation {
        case .never: return nil
        case .failures where !verdict.isFailure: return nil
        case .failures, .always: return try run.run(closed).trace
        }
    }

    private func answer(
        _ result: RunResult, _ divergence: Divergence?, _ second: Digest?, _ job: Job
    ) -> JSONValue {
        var members =
            [JSONMember("summary", result.summary.json)]
            + OpenQuestions.members(judges.takeOpen())
        if job.wantsTrace {
            members.append(
                JSONMember(
                    "report",
                    JSONReport.replay(
                        result, judges: configuration.judges?.hash,
                        exitCode: ExitCodes.of(result.verdict))))
        }
        if job.wantsDetail {
            let detail = RunDetail(result) { try? reader.interaction($0) }
            members.append(JSONMember("detail", detail.json))
        }
        if let second {
            members.append(JSONMember("second_digest", .string(second.hex)))
        }
        if let divergence {
            members.append(JSONMember("divergence", divergence.json))
        }
        return .object(members)
    }

    private func prepare(_ job: Job) throws -> ExpansionResult {
        if let json = job.plan {
            let plan = try Plan(json: json)
            guard plan.cassette == reader.hash else {
                throw RunnerError.foreign(plan, reader.hash, configuration.cassette)
            }
            return ExpansionResult(plan: plan)
        }
        let scenario = scenario ?? Scenario(name: "undisturbed")
        let seed = job.seed ?? Seed(0)
        return try Expansion.expand(
            scenario, seed: seed, tape: try reading(scenario.normalisers).tape,
            prompt: try configuration.givenPrompt(
                inPlaceOf: reader.manifest.prompt, seed: seed))
    }

    private func reading(_ normalisers: [Normaliser]) throws -> Reading {
        if let known = readings.first(where: { $0.normalisers == normalisers }) { return known }
        let tape = try Tape(reader, normalisers: normalisers)
        let reading = (normalisers: normalisers, tape: tape, cache: DeliveryCache())
        readings.append(reading)
        return reading
    }
}

extension RunnerError {
    /// A plan was made for another cassette.
    static func foreign(_ plan: Plan, _ cassette: Digest, _ path: String) -> RunnerError {
        RunnerError(
            .usage,
            "the plan was made for the cassette \(plan.cassette.hex.prefix(16)), but "
                + "\(path) is \(cassette.hex.prefix(16)); give that "
                + "cassette, or make a new plan with --scenario and --seed")
    }
}

/// Reads scenarios with errors that carry an exit code.
package enum ScenarioAccess {
    /// Parses a scenario and checks its invariants.
    package static func parse(
        _ source: RunConfiguration.ScenarioSource
    ) throws(RunnerError) -> Scenario {
        do {
            return try ScenarioFile.parse(text: source.text, file: source.file)
        } catch {
            throw RunnerError(.usage, error.description)
        }
    }
}
