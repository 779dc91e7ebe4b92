internal import ArgumentParser
internal import Determinism
internal import Runner

struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Ask a model what `judged_by_model` and `similar_in_meaning` left open.",
        discussion: """
            Runs ask no model. Their questions stand in FILE.open.json beside the cassette of
            judges; this command asks them and records the answers into the cassette, by which
            the next run is judged. What is sent is what stands in FILE.open.json.

            EXAMPLES
              stormtape judge --judges judges.cassette --url https://api.openai.com/v1
              stormtape judge --judges judges.cassette --url http://127.0.0.1:8080/v1 --model qwen

            It ends with 0 when no question is open any more, with 1 when some are, with 2 when
            the judge refuses all of them, and with 6 when it cannot be reached. What was answered
            is kept in each case, also when this command is killed.
            """)

    @OptionGroup var projectOptions: ProjectOptions

    @Option(help: "The cassette of judges; else that of the configuration.")
    var judges: String?

    @Option(help: "The address of the judge, as its SDK takes it: OpenAI's ends with /v1.")
    var url: String

    @Option(
        name: .customLong("key-variable"),
        help: "The variable that holds the key; known for OpenAI, Anthropic and others.")
    var keyVariable: String?

    @Option(help: "Ask only the questions for this model.")
    var model: String?

    @Option(help: "How many questions are asked at most.")
    var limit: Int?

    @Option(help: "How many seconds the judge may be silent; 120.")
    var timeout: Double = 120

    func run() throws {
        let request = try request()
        let result = try Judging.judge(request) { number, count in
            guard System.isTerminal(2) || number == count else { return }
            Terminal.complain("asked \(number) of \(count)")
        }
        for refusal in result.refusals {
            Terminal.complain("refused: \(VisibleText.escaped(refusal))")
        }
        if result.unclear > 0 {
            Terminal.complain(
                "warning: \(result.unclear) of the answers say neither PASS nor FAIL first; the "
                    + "invariants stay unjudged by them")
        }
        let cassette = result.hash.map { " (\($0.hex.prefix(16)))" } ?? ""
        Terminal.say(
            "\(result.answered) answered into \(request.judges)\(cassette), \(result.open) open")
        if let stop = result.stop {
            throw RunnerError(stop.code, VisibleText.escaped(stop.message))
        }
        if result.open > 0 { throw ExitCode(1) }
    }

    private func request() throws(RunnerError) -> JudgingRequest {
        var resolver = SettingResolver(try projectOptions.project())
        guard let source = try resolver.judges(judges) else {
            throw RunnerError(
                .usage,
                "no cassette of judges; give --judges FILE, or name it under 'judges' in a "
                    + "stormtape.yaml")
        }
        guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.contains("@") else {
            throw RunnerError(
                .usage,
                "--url \(url): the address begins with http:// or https:// and holds no "
                    + "credentials")
        }
        guard timeout > 0, timeout <= 86_400 else {
            throw RunnerError(.usage, "--timeout \(timeout): a number of seconds up to 86400")
        }
        if let limit, limit < 1 { throw RunnerError(.usage, "--limit \(limit): 1 or more") }
        let address = url.last == "/" ? String(url.dropLast()) : url
        var request = JudgingRequest(
            judges: source.path, address: address,
            patience: .milliseconds(max(1, Int64(timeout * 1_000))),
            toolVersion: StormtapeVersion.current)
        request.keyVariable = keyVariable ?? UpstreamPreset.keyVariable(of: address)
        request.model = model
        request.limit = limit
        return request
    }
}

/// Says after runs what judges are still to be asked.
enum OpenQuestionsNote {
    static func tell(_ source: JudgesSource?) {
        guard let path = source?.path else { return }
        let count = (try? OpenQuestions(besides: path).count) ?? 0
        guard count > 0 else { return }
        let noun = count == 1 ? "question to a judge is" : "questions to judges are"
        Terminal.complain(
            "\(count) \(noun) open; `stormtape judge --judges \(CommandLineText.quoted(path)) "
                + "--url URL` asks")
    }
}
