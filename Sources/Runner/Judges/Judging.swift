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
        let key = try JudgeKey(variable: request.keyVariable)
        let (server, port) = try start(request, cassette, redactor)
        do {
            for (number, question) in questions.enumerated() {
                let step = try answer(question, key, port, request, cassette, redactor)
                switch step {
                case .answered(let body):
                    result.answered += 1
                    if !question.isSettled(by: body) { result.unclear += 1 }
                case .refused(let reason): result.refusals.append(reason)
                case .stopped(let error): result.stop = error
                }
                progress(number + 1, questions.count)
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
        case stopped(RunnerError)
    }

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
        case .denied(let text):
            return .stopped(
                RunnerError(
                    .usage,
                    "\(place) \(text); check --url, the model, and the key that --key-variable "
                        + "names"))
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
}

/// What came back to a question.
enum JudgeResponse {
    /// The body of an answer.
    case answer([UInt8])
    /// This question is refused, and others may not be.
    case refusal(String)
    /// Every question will be.
    case denied(String)
    /// A success that is no answer.
    case unreadable(String)
    /// Too many questions; after so many seconds there may be room.
    case busy(Int?)
    /// There is no response.
    case failed(String)

    init(_ interaction: Interaction?, _ question: JudgeQuestion) {
        guard let interaction, interaction.ending == .complete,
            let response = interaction.response
        else {
            let ending = interaction?.ending ?? .unreachable
            self = .failed("did not answer (\(ending.rawValue))")
            return
        }
        let excerpt = String(decoding: response.body.prefix(300), as: UTF8.self)
        let told = "answered \(response.status): \(excerpt)"
        switch response.status {
        case ..<400:
            self =
                question.isAnswered(by: response.body)
                ? .answer(response.body) : .unreadable("this: \(excerpt)")
        case 429, 503, 529:
            let wait = response.headers.first("retry-after").flatMap { Int($0) }
            self = .busy(wait.map { min(max($0, 0), 60) })
        case 400, 413, 422: self = .refusal(told)
        case 500...: self = .failed(told)
        default: self = .denied(told)
        }
    }
}

/// The key of a judge.
struct JudgeKey {
    private let key: String?

    /// Reads the variable; nil for a judge without a key.
    init(variable: String?) throws(RunnerError) {
        guard let variable else {
            key = nil
            return
        }
        let value = System.environment.first { $0.name == variable }?.value ?? ""
        guard !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw RunnerError(
                .usage,
                "--key-variable \(variable): the variable is not set, or no key: a key has no "
                    + "blanks")
        }
        key = value
    }

    /// The header in which a protocol wants it.
    func header(for wire: JudgeProtocol) -> HeaderField? {
        key.map { key in
            wire == .anthropicMessages
                ? HeaderField("x-api-key", key) : HeaderField("authorization", "Bearer \(key)")
        }
    }
}
