internal import Cassette
internal import CassetteStore
package import Faults
internal import Scenarios
package import Search
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What a bisection is asked for, whatever the versions are.
package struct BisectRequest {
    /// How the agent is run.
    package var configuration: RunConfiguration
    /// The plan that fails at the bad version.
    package var plan: Plan
    /// How often a version has to pass; nil to go by what the bad version shows.
    package var repeats: Int?
    /// What goes before a command line that is meant for the folder that the agent runs in.
    package var entering: String
    /// Given lines of talk.
    package var say: (String) -> Void

    package init(
        _ configuration: RunConfiguration, plan: Plan, repeats: Int? = nil, entering: String = "",
        say: @escaping (String) -> Void
    ) {
        self.configuration = configuration
        self.plan = plan
        self.repeats = repeats
        self.entering = entering
        self.say = say
    }
}

/// The commits of a bisection.
package struct BisectCommits {
    /// A revision at which the plan passes.
    package var good: String
    /// A revision at which it fails.
    package var bad: String
    /// The command that builds the agent; nil for none.
    package var build: String?
    /// Whether files that git ignores stay from one commit to the next.
    package var keepsIgnored: Bool
    /// How long one build may take.
    package var buildLimitMilliseconds: Int64

    package init(
        good: String, bad: String, build: String?, keepsIgnored: Bool,
        buildLimitMilliseconds: Int64
    ) {
        self.good = good
        self.bad = bad
        self.build = build
        self.keepsIgnored = keepsIgnored
        self.buildLimitMilliseconds = buildLimitMilliseconds
    }
}

/// Bisections with a real agent, in worker processes.
package enum Bisects {
    /// Over commits, in a work tree of its own; the user's is not touched.
    package static func commits(
        _ request: BisectRequest, _ commits: BisectCommits
    ) throws -> BisectReport {
        // What leads git elsewhere is not for the agent either.
        for name in ChildCommand.gitVariables { unsetenv(name) }
        var request = request
        request.configuration.cassette = lasting(request.configuration.cassette)
        if let judges = request.configuration.judges {
            request.configuration.judges?.path = lasting(judges.path)
        }
        // The line that shows the failure is for a work tree, and the bisection went by these.
        if request.configuration.file.count == 2 {
            request.configuration.file[1] = lasting(request.configuration.file[1])
        }
        if let ask = request.configuration.ask?.arguments, ask.count >= 2 {
            request.configuration.ask?.arguments[1] = lasting(ask[1])
        }
        let repository = try GitRepository(of: ConfigurationSearch.workingFolder)
        let good = try repository.commit(commits.good, option: "good")
        let bad = try repository.commit(commits.bad, option: "bad")
        guard good != bad else {
            throw RunnerError(.usage, "--good and --bad name the same commit, \(good)")
        }
        let bases = try repository.mergeBases(good, bad)
        guard !bases.isEmpty else {
            throw RunnerError(.usage, "--good and --bad have no history in common")
        }
        guard !bases.contains(bad) else {
            throw RunnerError(
                .usage, "the bad commit is in the history of the good one; exchange the two")
        }
        let tape = try tape(request.configuration.cassette, request.plan)
        let tree = try BisectTree(repository, at: bad, keepsIgnored: commits.keepsIgnored)
        defer { tree.remove() }
        let course = BisectCourse<String>(
            subject: .commits, describe: { try repository.version($0) },
            prepare: { commit in
                if let reason = try tree.checkOut(commit) {
                    return .skipped(BisectSkip(.build, reason))
                }
                if let command = commits.build,
                    let reason = try tree.build(
                        command, limitMilliseconds: commits.buildLimitMilliseconds)
                {
                    return .skipped(BisectSkip(.build, reason))
                }
                return .ready(request.configuration, request.plan, tape)
            },
            folder: tree.folder,
            rank: { try repository.candidates(bad: $0.bad, goods: $0.goods) },
            bases: bases.filter { $0 != good },
            previous: { try repository.parents(of: $0).first },
            check: { check($0, repository, request, commits) })
        var engine = BisectEngine(course, repeats: request.repeats, say: request.say)
        return try engine.search(good: good, bad: bad)
    }

    /// Over recordings, in their order: which of them first makes the plan fail.
    package static func cassettes(
        _ request: BisectRequest, _ paths: [String]
    ) throws -> BisectReport {
        guard paths.count >= 2 else {
            throw RunnerError(.usage, "--cassettes: give two or more, the good one first")
        }
        let course = list(
            .cassettes, count: paths.count,
            describe: { BisectReport.Version(paths[$0]) },
            prepare: { index in
                let reader = try CassetteAccess.openToRun(paths[index])
                var configuration = request.configuration
                configuration.cassette = paths[index]
                var plan = request.plan
                plan.cassette = reader.hash
                return .ready(
                    configuration, plan, try Tape(reader, normalisers: plan.normalisers))
            },
            check: { index in
                var configuration = request.configuration
                configuration.cassette = paths[index]
                var plan = request.plan
                plan.cassette = try CassetteAccess.openToRun(paths[index]).hash
                return request.entering
                    + CommandLineText.reproduce(configuration, blob: PlanBlob.encode(plan))
            })
        var engine = BisectEngine(course, repeats: request.repeats, say: request.say)
        return try engine.search(good: 0, bad: paths.count - 1)
    }

    /// Over values of a variable of the environment, in their order.
    package static func values(
        _ request: BisectRequest, name: String, _ values: [String]
    ) throws -> BisectReport {
        guard values.count >= 2 else {
            throw RunnerError(.usage, "--values: give two or more values, the good one first")
        }
        let tape = try tape(request.configuration.cassette, request.plan)
        var course = list(
            .values, count: values.count,
            describe: { BisectReport.Version("\(name)=\(values[$0])") },
            prepare: { _ in .ready(request.configuration, request.plan, tape) },
            check: { index in
                request.entering + "\(name)=\(CommandLineText.quoted(values[index])) "
                    + CommandLineText.reproduce(
                        request.configuration, blob: PlanBlob.encode(request.plan))
            })
        course.variable = { (name, values[$0]) }
        var engine = BisectEngine(course, repeats: request.repeats, say: request.say)
        return try engine.search(good: 0, bad: values.count - 1)
    }

    private static func list(
        _ subject: BisectReport.Subject, count: Int,
        describe: @escaping (Int) throws -> BisectReport.Version,
        prepare: @escaping (Int) throws -> BisectPrepared,
        check: @escaping (Int) throws -> String
    ) -> BisectCourse<Int> {
        BisectCourse<Int>(
            subject: subject, describe: describe, prepare: prepare,
            rank: { bisection in
                BisectList.ranked(good: bisection.goods.max() ?? 0, bad: bisection.bad)
            },
            previous: { $0 > 0 ? $0 - 1 : nil }, check: check)
    }

    private static func tape(_ cassette: String, _ plan: Plan) throws -> Tape {
        try Tape(CassetteAccess.openToRun(cassette), normalisers: plan.normalisers)
    }

    /// A path that is right in another folder too.
    private static func lasting(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(ConfigurationSearch.workingFolder)/\(path)"
    }

    /// A work tree of the commit, and the run in it.
    private static func check(
        _ commit: String, _ repository: GitRepository, _ request: BisectRequest,
        _ commits: BisectCommits
    ) -> String {
        let beside = repository.root.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        let path = "\(beside)/bisect-\(commit.prefix(12))"
        let git = "git -C \(CommandLineText.quoted(repository.root))"
        let tree = CommandLineText.quoted(path)
        let folder = CommandLineText.quoted("\(path)/\(repository.prefix)")
        let build = commits.build.map { "(\($0)) && " } ?? ""
        return
            "\(git) worktree add --detach \(tree) \(commit.prefix(12)) && cd \(folder) && \(build)"
            + CommandLineText.reproduce(
                request.configuration, blob: PlanBlob.encode(request.plan))
    }
}
