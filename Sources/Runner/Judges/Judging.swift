internal import Cassette
package import Determinism
internal import CassetteStore
internal import Gateway
internal import Judgement
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What `stormtape judge` is asked for.
package struct JudgingRequest: Sendable {
    /// The cassette of judges, which need not be there yet.
    package var judges: String
    /// The address of the judge.
    package var address: String
    /// The variable of the environment that holds the key; nil for none.
    package var keyVariable: String?
    /// The only model whose questions are asked; nil for all.
    package var model: String?
    /// How many questions are asked at most; nil for all.
    package var limit: Int?
    /// How long the judge may be silent.
    package var patience: SimDuration
    /// The version of the tool.
    package var toolVersion: String

    /// Creates a request.
    package init(judges: String, address: String, patience: SimDuration, toolVersion: String) {
        self.judges = judges
        self.address = address
        self.patience = patience
        self.toolVersion = toolVersion
    }
}

/// What became of the open questions.
package struct JudgingResult: Sendable {
    /// How many were answered now.
    package var answered = 0
    /// How many of those answers are neither PASS nor FAIL.
    package var unclear = 0
    /// Why questions were refused one by one.
    package var refusals: [String] = []
    /// How many are open still.
    package var open = 0
    /// The hash of the cassette; nil where there is none yet.
    package var hash: Digest?
    /// Why no more were asked; nil when all were.
    package var stop: RunnerError?
}

/// Asks judges what runs left open, and records their answers.
package enum Judging {
    /// Asks; `progress` is called after each question with how many were asked and are to be.
    ///
    /// What was answered is kept, whatever happens then.
    package static func judge(
        _ request: JudgingRequest, progress: (Int, Int) -> Void
    ) throws -> JudgingResult {
        let open = OpenQuestions(besides: request.judges)
        let lock = try JudgeLock(request.judges)
        defer { lock.release() }
        do {
            let cassette = try JudgeCassette(
                request.judges, address: request.address, toolVersion: request.toolVersion)
            let known = cassette.tape
            let asked = try open.read().filter { question in
                !known.holds(question) && request.model ?? question.model == question.model
            }
            let redactor = Redactor(RedactionRules(environment: System.environment))
            var result = JudgingResult()
            if !asked.isEmpty {
                result = try ask(
                    Array(asked.prefix(request.limit ?? .max)), request, cassette, redactor,
                    progress)
            }
            result.hash = try cassette.finish(redactor)
            let tape = try JudgesSource.open(request.judges).map { (reader) throws(RunnerError) in
                JudgeTape(try JudgesSource.interactions(of: reader))
            }
            try open.remove { tape?.holds($0) == true }
            result.open = try open.read().count
            return result
        } catch let error as CassetteFileError {
            throw RunnerError(.usage, error.description)
        }
    }

    private static func ask(
        _ questions: [JudgeQuestion], _ request: JudgingRequest, _ cassette: JudgeCassette,
        _ redactor: Redactor, _ progress: (Int, Int) -> Void
    ) throws -> JudgingResult {
        var result = JudgingResult()
        // In all, and since a question was answered or refused for itself.
        var (deniedInAll, denied) = (0, 0)
        let key = try JudgeKey(variable: request.keyVariable)
        let (server, port) = try start(request, cassette, redactor)
        do {
            var rest = questions[...]
            // A row of denials may be about the first questions alone: then the last is asked.
            while let question = denied < deniedMax ? rest.popFirst() : rest.popLast() {
                let step = try answer(question, key, port, request, cassette, redactor)
                switch step {
                case .answered(let body):
                    result.answered += 1
                    if !question.isSettled(by: body) { result.unclear += 1 }
                case .refused(let reason): result.refusals.append(reason)
                case .denied(let reason, let error):
                    deniedInAll += 1
                    denied += 1
                    let isEnough = denied == 2 * deniedMax || rest.isEmpty && denied >= deniedMax
                    if isEnough || deniedInAll == questions.count {
                        result.stop = error
                    } else {
                        result.refusals.append(reason)
                    }
                case .stopped(let error): result.stop = error
                }
                if case .denied = step {} else { denied = 0 }
                progress(questions.count - rest.count, questions.count)
                if result.stop != nil { break }
            }
        } catch {
            _ = try? server.shutdown()
            throw error
        }
        let summary = try server.shutdown()
        if let problem = summary.problems.last, let stop = result.stop {
            result.stop = RunnerError(stop.code, "\(stop.message): \(problem.message)")
        }
        return result
    }

    private static func start(
        _ request: JudgingRequest, _ cassette: JudgeCassette, _ redactor: Redactor
    ) throws -> (RecordingServer, port: Int) {
        var options = RecordingOptions(
            upstreams: [Upstream(name: "judge", kind: .model, address: request.address)])
        options.idleTimeout = request.patience
        options.trustRoots = LocalAuthority.trustedByUser(System.environment)
        let server = RecordingServer(
            options: options, sink: cassette, redact: { redactor.redact($0) })
        do {
            return (server, try server.start()["judge"] ?? 0)
        } catch {
            throw RunnerError(.usage, "\(error)")
        }
    }

    /// What became of one question.
    private enum Step {
        case answered([UInt8])
        case refused(String)
        case denied(String, RunnerError)
        case stopped(RunnerError)
    }

    /// After so many denials in a row the next question is the last one; after as many again, or when
    /// none is left, it is the judge that denies.
    private static let deniedMax = 3

    private static let triesMax = 4

    private static func answer(
        _ question: JudgeQuestion, _ key: JudgeKey, _ port: Int, _ request: JudgingRequest,
        _ cassette: JudgeCassette, _ redactor: Redactor
    ) throws -> Step {
        // Its answer would be recorded under another name, and the secret would be told.
        guard question.redacted(by: { redactor.redact($0) }) == question else {
            return .refused("\(question.fingerprint.hex): it holds a secret of this environment")
        }
        let client = try JudgeClient(port: port, credentials: key.header(for: question.wire))
        for attempt in 1... {
            cassette.expect(question)
            try client.ask(question.request)
            // An answer that is paid for and not kept is enough.
            if let problem = cassette.problem { throw problem }
            let verdict = JudgeResponse(cassette.last, question)
            if case .busy(let seconds) = verdict, attempt < triesMax {
                poll(nil, 0, Int32(clamping: 1_000 * (seconds ?? 1 << (attempt - 1))))
                continue
            }
            return step(verdict, question, request)
        }
        return .refused("\(question.fingerprint.hex): not asked")
    }

    private static func step(
        _ response: JudgeResponse, _ question: JudgeQuestion, _ request: JudgingRequest
    ) -> Step {
        let place = "\(question.model) at \(request.address)"
        switch response {
        case .answer(let body): return .answered(body)
        case .refusal(let text): return .refused("\(question.fingerprint.hex): \(place) \(text)")
        case .unauthorized(let text): return .stopped(denial(place, text))
        case .denied(let text):
            return .denied("\(question.fingerprint.hex): \(place) \(text)", denial(place, text))
        case .failing(let text):
            return .denied(
                "\(question.fingerprint.hex): \(place) \(text)",
                RunnerError(.cannotStart, "\(place) \(text)"))
        case .unreadable(let text):
            return .stopped(
                RunnerError(
                    .usage,
                    "\(place) gave no answer of \(question.wire.rawValue), but \(text); "
                        + "check --url and the protocol of the invariant"))
        case .busy:
            return .stopped(
                RunnerError(
                    .cannotStart, "\(place) is busy; what was answered is kept, go on later"))
        case .failed(let text):
            return .stopped(RunnerError(.cannotStart, "\(place) \(text)"))
        }
    }
    private static func denial(_ place: String, _ text: String) -> RunnerError {
        RunnerError(
            .usage,
            "\(place) \(text); check --url, the model, and the key that --key-variable names")
    }
}
