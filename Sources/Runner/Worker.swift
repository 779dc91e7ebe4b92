internal import CStormtape
internal import Cassette
internal import Determinism
internal import Faults
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The other side of `WorkerPool`: a process that reads jobs and writes results, a JSON line each.
///
/// It lives in a network namespace of its own where that is allowed.
package enum Worker {
    /// The hidden command by which the program starts itself as a worker.
    package static let command = "worker"

    /// The hidden command that does nothing, in a container that is being tried.
    package static let idleCommand = "idle"

    /// Serves until its standard input ends.
    ///
    /// The words behind the command are its number in its pool, from 0, and how many jobs it can
    /// expect, where that is known.
    ///
    /// Called before anything has started a thread.
    package static func serve(_ words: [String]) -> Int32 {
        let numbers = words.compactMap { Int($0) }
        let number = numbers.first ?? 0
        guard let line = readLine(), let json = try? JSONValue.parse(text: line),
            let configuration = RunConfiguration(json: json)
        else { return Int32(RunnerError.Code.internalError.rawValue) }
        let isolation: NetworkIsolation =
            configuration.isolatesNetwork ? .enter() : .declined
        _ = stormtape_become_subreaper()
        // An agent of many threads is watched through many files.
        stormtape_raise_file_limit()
        do {
            // Those of one pool are spread evenly, and pools that run at the same time by chance.
            let processor = stormtape_processor(UInt32(truncatingIfNeeded: Int(getppid()) + number))
            let confinement = Confinement.explore(processor: processor < 0 ? nil : processor)
            let executor = try RunExecutor(
                configuration, isolation: isolation, confinement: confinement,
                expectedRuns: numbers.dropFirst().first)
            answer(.object([JSONMember("ready", .bool(isolation.isolated))]))
            while let line = readLine() {
                guard let json = try? JSONValue.parse(text: line), let job = Job(json: json)
                else { return Int32(RunnerError.Code.internalError.rawValue) }
                answer(result(of: job, executor))
            }
            return 0
        } catch {
            answer(failure(error))
            return 0
        }
    }

    private static func result(of job: Job, _ executor: RunExecutor) -> JSONValue {
        var members = [JSONMember("number", .int(Int64(job.number)))]
        do {
            members.append(JSONMember("result", try executor.execute(job)))
        } catch {
            members += failure(error).objectValue ?? []
        }
        return .object(members)
    }

    private static func failure(_ error: any Error) -> JSONValue {
        let code: RunnerError.Code
        switch error {
        case let error as RunnerError: code = error.code
        case is ExpansionError, is PlanError: code = .usage
        default: code = .cannotStart
        }
        return .object([
            JSONMember("code", .int(Int64(code.rawValue))),
            JSONMember("message", .string(String(describing: error))),
        ])
    }

    private static func answer(_ value: JSONValue) {
        System.write(value.encoded() + [0x0A], to: 1)
    }
}
