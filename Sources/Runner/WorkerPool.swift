internal import CStormtape
internal import Determinism
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Worker processes that share a list of jobs.
///
/// A job goes to whoever is free; the answers are put back into the order of the jobs, so that the
/// number of workers decides nothing.
final class WorkerPool {
    private struct Member {
        let pid: pid_t
        let input: Int32
        let output: Int32
        var lines = LineBuffer()
        var ready = false
        var job: Int?
    }

    private var members: [Member] = []
    private let configuration: RunConfiguration
    private let questions: OpenQuestions?

    /// Starts workers, for so many jobs in all where that is known.
    init(
        _ configuration: RunConfiguration, count: Int, jobs: Int? = nil
    ) throws(RunnerError) {
        self.configuration = configuration
        questions = configuration.judges.map { OpenQuestions(besides: $0.path) }
        try grow(to: max(1, count), jobs: jobs)
    }

    /// Starts further workers until there are so many, for so many jobs in all.
    func grow(to count: Int, jobs: Int?) throws(RunnerError) {
        while members.count < count {
            members.append(
                try WorkerPool.start(
                    configuration, index: members.count,
                    jobs: jobs.map { ($0 + count - 1) / count }))
        }
    }

    deinit {
        for member in members {
            close(member.input)
            close(member.output)
            kill(member.pid, SIGKILL)
            waitpid(member.pid, nil, 0)
        }
    }

    /// Runs all jobs; `progress` is called with each answer as it comes.
    func run(
        _ jobs: [Job], progress: (JSONValue) -> Void = { _ in }
    ) throws(RunnerError) -> [JSONValue] {
        var answers: [JSONValue?] = Array(repeating: nil, count: jobs.count)
        var next = 0
        var done = 0
        while done < jobs.count {
            for index in members.indices
            where members[index].ready && members[index].job == nil && next < jobs.count {
                System.write(jobs[next].json.encoded() + [0x0A], to: members[index].input)
                members[index].job = next
                next += 1
            }
            for (worker, message) in try receive() {
                if let failure = WorkerPool.failure(message) { throw failure }
                guard let job = members[worker].job else {
                    members[worker].ready = true
                    continue
                }
                guard let result = message["result"] else {
                    throw RunnerError(.internalError, "a worker gave no result")
                }
                members[worker].job = nil
                answers[job] = result
                done += 1
                progress(result)
            }
        }
        let all = answers.compactMap { $0 }
        questions?.keep(all)
        return all
    }

    private static func failure(_ message: JSONValue) -> RunnerError? {
        guard let text = message["message"]?.stringValue else { return nil }
        let code = message["code"]?.intValue.flatMap { RunnerError.Code(rawValue: Int($0)) }
        return RunnerError(code ?? .internalError, text)
    }

    /// Waits for at least one line and returns all whole lines that are there.
    private func receive() throws(RunnerError) -> [(worker: Int, message: JSONValue)] {
        var polled = members.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
        while poll(&polled, nfds_t(polled.count), -1) < 0 {
            guard errno == EINTR else {
                throw RunnerError(.internalError, "poll: \(System.errorText(errno))")
            }
        }
        var messages: [(worker: Int, message: JSONValue)] = []
        for index in members.indices where polled[index].revents != 0 {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let got = read(members[index].output, &buffer, buffer.count)
            guard got > 0 else {
                throw RunnerError(
                    .internalError,
                    "a worker ended unexpectedly; this is a bug of stormtape, "
                        + "please report it with the command that led here")
            }
            for line in members[index].lines.append(buffer[..<got]) {
                guard let message = try? JSONValue.parse(line) else {
                    throw RunnerError(.internalError, "a worker wrote something else than JSON")
                }
                messages.append((index, message))
            }
        }
        return messages
    }

    private static func start(
        _ configuration: RunConfiguration, index: Int, jobs: Int?
    ) throws(RunnerError) -> Member {
        var toWorker: [Int32] = [0, 0]
        var fromWorker: [Int32] = [0, 0]
        let error = min(stormtape_pipe(&toWorker, 0), stormtape_pipe(&fromWorker, 0))
        guard error == 0 else {
            throw RunnerError(.cannotStart, "cannot make a pipe: \(System.errorText(-error))")
        }
        let path = System.executablePath
        let words = [path, Worker.command, String(index)] + (jobs.map { [String($0)] } ?? [])
        let arguments = words.map { strdup($0) } + [nil]
        let environment = System.environment.map { strdup("\($0.name)=\($0.value)") } + [nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        let pid = path.withCString { path in
            arguments.withUnsafeBufferPointer { arguments in
                environment.withUnsafeBufferPointer { environment in
                    var request = stormtape_spawn(
                        path: path, argv: arguments.baseAddress, envp: environment.baseAddress,
                        directory: nil, standard_input: toWorker[0],
                        standard_output: fromWorker[1], standard_error: 2, new_group: 0,
                        fixed_addresses: 0, processor: -1, takes_turns: 0, control: -1,
                        control_at: -1)
                    return stormtape_start(&request)
                }
            }
        }
        close(toWorker[0])
        close(fromWorker[1])
        guard pid > 0 else {
            throw RunnerError(
                .cannotStart, "cannot start a worker process: \(System.errorText(-pid))")
        }
        System.write(configuration.json.encoded() + [0x0A], to: toWorker[1])
        return Member(pid: pid, input: toWorker[1], output: fromWorker[0])
    }
}
