internal import Determinism
internal import Faults
internal import Judgement
internal import Search
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The runs of one version.
struct BisectProbe {
    /// What was seen, run by run.
    var runs: [Observation] = []
    /// The worst grade; nil without a run.
    var grade: GradeLetter?
    /// The events of the first run.
    var events: [JSONValue] = []
    /// The events of the first failing run; those of the first where none fails.
    var failing: [JSONValue] = []

    /// Whether all runs were the same.
    var isSame: Bool { runs.allSatisfy { $0.digest == runs.first?.digest } }

    /// Whether they were, under full control.
    var isExact: Bool { grade == .a && isSame }
}

/// Runs a plan again and again, with the workers of one version.
final class BisectWorkers {
    private let pool: WorkerPool
    private let plan: JSONValue
    private(set) var probe = BisectProbe()

    /// Starts a worker; it inherits the working folder and the environment of this moment.
    init(_ configuration: RunConfiguration, _ plan: Plan) throws(RunnerError) {
        WorkTreeGuard.check()
        // Each run begins at the start, whatever the user asked for: few are made of a version, and
        // whether they are the same is the question.
        setenv(ForkServer.variable, "off", 1)
        pool = try WorkerPool(configuration, count: 1)
        self.plan = plan.json
    }

    /// Runs once more.
    func run() throws(RunnerError) -> Observation {
        let answer: JSONValue?
        do {
            let job = Job(number: 0, seed: nil, plan: plan, wantsTrace: true, observes: true)
            answer = try pool.run([job]).first
        } catch {
            // A signal to all of us ends the workers too.
            WorkTreeGuard.check()
            throw error
        }
        guard let json = answer?[RunExecutor.observation], let seen = Observation(json: json)
        else { throw RunnerError(.internalError, "a worker gave no observation") }
        probe.grade = max(probe.grade ?? seen.grade, seen.grade)
        let events = answer?[RunExecutor.events]?.arrayValue ?? []
        if probe.runs.isEmpty { probe.events = events }
        if seen.signature != nil, probe.failing.isEmpty { probe.failing = events }
        probe.runs.append(seen)
        return seen
    }
}

/// Does something in another working folder, and with other variables.
enum Surroundings {
    static func with<Value>(
        folder: String?, variable: (name: String, value: String)? = nil,
        _ body: () throws -> Value
    ) throws -> Value {
        let home = folder == nil ? nil : getcwd(nil, 0)
        defer { free(home) }
        if let folder, chdir(folder) != 0 {
            throw RunnerError(
                .cannotStart, "cannot enter \(folder): \(System.errorText(errno))")
        }
        defer { if let home { chdir(home) } }
        let before = variable.flatMap { variable in
            getenv(variable.name).map { String(cString: $0) }
        }
        if let variable { setenv(variable.name, variable.value, 1) }
        defer {
            if let variable {
                if let before {
                    setenv(variable.name, before, 1)
                } else {
                    unsetenv(variable.name)
                }
            }
        }
        return try body()
    }
}
