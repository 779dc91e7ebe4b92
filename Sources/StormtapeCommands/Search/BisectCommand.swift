internal import ArgumentParser
internal import Judgement
internal import Reports
internal import Runner
internal import Search

struct BisectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bisect",
        abstract: "Find the commit, the recording or the setting that made a plan fail.",
        discussion: """
            The plan of a failure is replayed, never its seed: a commit that adds a call deals a
            seed anew, while a plan strikes where it always did. A version is bad when it fails
            with the same signature, good when it passes, and says nothing when it cannot be built
            or started, fails otherwise, or no longer makes the requests that the plan is for.

            Commits are checked out in a temporary work tree, which is removed at the end; your own
            work tree, index and branches stay as they are. Record the cassette with the bad
            version: what it asks for has to be on the tape.

            EXAMPLES
              stormtape bisect --good v1.2 --bad HEAD --build "npm ci" --cassette a.cassette \\
                --plan stp1.… -- node agent.js
              stormtape bisect --cassettes mon.cassette tue.cassette wed.cassette \\
                --plan stp1.… -- python agent.py
              stormtape bisect --values PROMPT_VERSION=v1,v2,v3 --cassette a.cassette \\
                --plan stp1.… -- python agent.py

            It ends with 0 when the first bad version is found, else with 1.
            """)

    @Option(help: "A commit at which the plan passes.")
    var good: String?

    @Option(help: "A commit at which the plan fails.")
    var bad: String?

    @Option(help: "Builds the agent in the work tree, by the shell; a failure skips the commit.")
    var build: String?

    @Option(
        name: .customLong("build-timeout"),
        help: """
            How many seconds one build may take before it is ended and its commit skipped; 1800.
            """)
    var buildSeconds: Double?

    @Flag(
        name: .customLong("keep-ignored"),
        help: "Leave files that git ignores from one commit to the next; builds are faster.")
    var keepsIgnored = false

    @Option(
        parsing: .upToNextOption,
        help: "Recordings in order, in place of commits; the first is good, the last is bad.")
    var cassettes: [String] = []

    @Option(help: "Values of a variable in order, as MODEL=v1,v2,v3, in place of commits.")
    var values: String?

    @Option(help: "A plan: the blob from a report, or a file that holds one.")
    var plan: String

    @Option(
        help: """
            How often a version has to pass to be good; one failing run is enough for bad. By \
            default good takes two equal passes, ten where those differ.
            """)
    var repeats: Int?

    @OptionGroup var options: RunOptions

    @Option(help: "text or json.")
    var format: FaultsCommand.Format = .text

    func run() throws {
        try refuseConflicts()
        var options = options
        // Meant from here; the agent's folder may be another one.
        let project = try options.projectOptions.project()
        let cassettes = cassettes.map { project?.lasting($0) ?? $0 }
        if let first = cassettes.first { options.cassette = first }
        let settings = try RunSettings(options)
        let plan = try PlanAccess.load(plan)
        try settings.enterFolder()
        let request = BisectRequest(
            settings.configuration, plan: plan, repeats: repeats, entering: settings.entering,
            say: Self.talk)
        let report = try bisect(request, cassettes)
        switch format {
        case .json: Terminal.write(JSONReport.bytes(report.json))
        case .text:
            for line in report.lines(width: Terminal.style.width) { Terminal.say(line) }
        }
        throw ExitCode(report.isFound ? ExitCodes.passed : ExitCodes.failed)
    }

    private static func talk(_ text: String) {
        Terminal.complain(VisibleText.escaped(text))
    }

    private func bisect(
        _ request: BisectRequest, _ cassettes: [String]
    ) throws -> BisectReport {
        if let good, let bad {
            return try Bisects.commits(
                request,
                BisectCommits(
                    good: good, bad: bad, build: build, keepsIgnored: keepsIgnored,
                    buildLimitMilliseconds: max(1, Int64((buildSeconds ?? 1_800) * 1_000))))
        }
        if let values {
            let (name, list) = try Self.variable(values)
            return try Bisects.values(request, name: name, list)
        }
        return try Bisects.cassettes(request, cassettes)
    }

    private func refuseConflicts() throws(RunnerError) {
        let modes = [good != nil || bad != nil, !cassettes.isEmpty, values != nil]
        guard modes.count(where: { $0 }) == 1 else {
            throw RunnerError(
                .usage,
                "give what to bisect over, once: --good COMMIT --bad COMMIT, or --cassettes A B "
                    + "..., or --values NAME=V1,V2,...")
        }
        guard (good == nil) == (bad == nil) else {
            throw RunnerError(
                .usage, "--\(good == nil ? "bad" : "good") needs --\(good == nil ? "good" : "bad")")
        }
        if good == nil, build != nil || keepsIgnored {
            throw RunnerError(.usage, "--build and --keep-ignored belong to --good and --bad")
        }
        if let buildSeconds {
            guard build != nil else {
                throw RunnerError(.usage, "--build-timeout belongs to --build")
            }
            // That is a week; beyond it one is waited for in vain.
            guard buildSeconds > 0, buildSeconds <= 604_800 else {
                throw RunnerError(
                    .usage, "--build-timeout \(buildSeconds): more than 0, at most 604800 seconds")
            }
        }
        if options.scenario != nil || options.preset != nil || options.mutate != nil {
            throw RunnerError(
                .usage,
                "--plan holds all that decides the run; leave out --scenario, --preset and --mutate"
            )
        }
        if let repeats, !(1...10_000).contains(repeats) {
            throw RunnerError(.usage, "--repeats \(repeats): from 1 to 10000")
        }
        if !cassettes.isEmpty, options.cassette != nil {
            throw RunnerError(.usage, "give --cassette or --cassettes, not both")
        }
    }

    /// `MODEL=v1,v2,v3`.
    private static func variable(
        _ text: String
    ) throws(RunnerError) -> (name: String, values: [String]) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw RunnerError(.usage, "--values \(text): the form is NAME=V1,V2,...")
        }
        return (
            String(parts[0]),
            parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        )
    }
}
