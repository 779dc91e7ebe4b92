internal import Search

/// A git repository, asked through git's command line; nothing of it is changed.
struct GitRepository {
    /// The top of the work tree that the command was given in.
    let root: String
    /// The folder below it, as `agents/support/`; empty for the top.
    let prefix: String

    /// Finds the repository of a folder.
    init(of folder: String) throws(RunnerError) {
        let found = try GitRepository.git(["rev-parse", "--show-toplevel"], in: folder)
        guard found.status == 0, !found.text.isEmpty else {
            throw RunnerError(
                .usage, "\(folder) is not in a git work tree; go to the agent's repository")
        }
        root = found.text
        prefix = try GitRepository.git(["rev-parse", "--show-prefix"], in: folder).text
    }

    /// The commit that a revision names.
    func commit(_ revision: String, option: String) throws(RunnerError) -> String {
        let found = try git(
            ["rev-parse", "--verify", "--quiet", "--end-of-options"]
                + ["\(revision)^{commit}"])
        guard found.status == 0, !found.text.isEmpty else {
            throw RunnerError(.usage, "--\(option) \(revision): there is no such commit in \(root)")
        }
        return found.text
    }

    /// Whether one commit is in the history of another.
    func isAncestor(_ commit: String, of other: String) throws(RunnerError) -> Bool {
        try git(["merge-base", "--is-ancestor", commit, other]).status == 0
    }

    /// Where two histories part.
    func mergeBases(_ commit: String, _ other: String) throws(RunnerError) -> [String] {
        try lines(["merge-base", "--all", commit, other])
    }

    /// The commits that may be the first bad one, those first that halve what is left.
    func candidates(bad: String, goods: [String]) throws(RunnerError) -> [String] {
        let listed = try git(
            ["rev-list", "--bisect-all", bad, "--not"] + goods)
        guard listed.status == 0 else {
            throw RunnerError(.internalError, "git rev-list: \(listed.lastLine)")
        }
        return listed.text.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first.map(String.init)
        }
    }

    /// The parents of a commit.
    func parents(of commit: String) throws(RunnerError) -> [String] {
        let listed = try git(["rev-list", "--parents", "--max-count=1", commit])
        return listed.text.split(separator: " ").dropFirst().map(String.init)
    }

    /// What a commit says of itself.
    func version(_ commit: String) throws(RunnerError) -> BisectReport.Version {
        let format = "--format=%s%x00%an <%ae>%x00%ad"
        let shown = try git(["show", "--no-patch", "--date=iso-strict", format, commit])
        let parts = shown.text.split(separator: "\0", omittingEmptySubsequences: false)
            .map(String.init)
        guard shown.status == 0, parts.count == 3 else { return BisectReport.Version(commit) }
        return BisectReport.Version(commit, text: parts[0], author: parts[1], date: parts[2])
    }

    private func lines(_ words: [String]) throws(RunnerError) -> [String] {
        try git(words).text.split(separator: "\n").map(String.init)
    }

    private func git(_ words: [String]) throws(RunnerError) -> ChildCommand {
        try GitRepository.git(words, in: root)
    }

    /// Asks git; hooks of the repository are not run, and nothing is refreshed or collected.
    static func git(_ words: [String], in folder: String) throws(RunnerError) -> ChildCommand {
        let ran = try ChildCommand.run(
            command(words), in: folder, variables: variables, limit: limit)
        guard !ran.wasEnded else { throw tookTooLong(words) }
        return ran
    }

    /// Asks git, and gives the status; what it prints comes in pieces, without its errors.
    static func git(
        _ words: [String], in folder: String, take: (ArraySlice<UInt8>) -> Void
    ) throws(RunnerError) -> Int {
        let end = try ChildCommand.run(
            command(words), in: folder, variables: variables, mergesErrors: false, limit: limit,
            take: take)
        guard !end.wasEnded else { throw tookTooLong(words) }
        return end.status
    }

    /// No command of git takes that long in a repository that can be bisected.
    private static var limit: ChildCommand.TimeLimit {
        ChildCommand.TimeLimit(milliseconds: 30 * 60 * 1_000)
    }

    private static func tookTooLong(_ words: [String]) -> RunnerError {
        RunnerError(
            .cannotStart,
            "git \(words.first ?? "") took more than 30 minutes and was ended")
    }

    private static func command(_ words: [String]) -> [String] {
        ["git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"]
            + ["-c", "advice.detachedHead=false", "-c", "log.showSignature=false"] + words
    }

    private static let variables = [
        (name: "GIT_OPTIONAL_LOCKS", value: "0"), (name: "LC_ALL", value: "C"),
        (name: "GIT_TERMINAL_PROMPT", value: "0"),
    ]
}

/// A work tree in a private folder, in which commit after commit is checked out.
final class BisectTree {
    /// The folder that corresponds to that in which the command was given.
    let folder: String

    private let path: String
    private let keepsIgnored: Bool

    /// Adds a tree at a commit.
    init(_ repository: GitRepository, at commit: String, keepsIgnored: Bool) throws(RunnerError) {
        WorkTreeGuard.begin()
        self.keepsIgnored = keepsIgnored
        let base = try System.makeTemporaryFolder()
        WorkTreeGuard.add(base)
        let name = repository.root.split(separator: "/").last.map(String.init) ?? "tree"
        path = "\(base)/\(name)"
        folder = repository.prefix.isEmpty ? path : "\(path)/\(repository.prefix)"
        let added = try GitRepository.git(
            ["worktree", "add", "--detach", "--force", path, commit], in: repository.root)
        let found = try GitRepository.git(["rev-parse", "--absolute-git-dir"], in: path)
        guard added.status == 0, found.status == 0, !found.text.isEmpty else {
            WorkTreeGuard.removeAll()
            throw RunnerError(.cannotStart, "git worktree add: \(added.lastLine)")
        }
        // Where the repository keeps what it knows of the tree; that folder is there for trees only.
        let records = found.text.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        WorkTreeGuard.add(found.text, parent: records)
    }

    /// Puts a commit there, without anything that earlier ones left; says what stands in the way.
    func checkOut(_ commit: String) throws(RunnerError) -> String? {
        WorkTreeGuard.check()
        // Compiled files that are ignored may be of another commit: python goes by time and size,
        // and both may be the same.
        let steps = [
            ["checkout", "--quiet", "--detach", "--force", commit],
            ["clean", "--quiet", "-ffd"] + (keepsIgnored ? [] : ["-x"]),
        ]
        for words in steps {
            do {
                let ran = try GitRepository.git(words, in: path)
                guard ran.status == 0 else { return "git \(words[0]): \(ran.lastLine)" }
            } catch  where error.code == .cannotStart {
                return error.message
            }
        }
        guard System.isFolder(folder) else { return "the folder of the agent is not there" }
        return nil
    }

    /// Builds what is there; says why that fails.
    func build(_ command: String, limitMilliseconds: Int64) throws(RunnerError) -> String? {
        let built = try ChildCommand.run(
            ["/bin/sh", "-c", command], in: folder,
            limit: ChildCommand.TimeLimit(milliseconds: limitMilliseconds))
        WorkTreeGuard.check()
        guard !built.wasEnded else {
            let seconds = SecondsText.text(milliseconds: limitMilliseconds)
            return "it took more than \(seconds) s (--build-timeout) and was ended"
                + (built.lastLine.isEmpty ? "" : ", \(built.lastLine)")
        }
        guard built.status != 0 else { return nil }
        let status = built.status < 256 ? "exit \(built.status)" : "signal \(built.status - 256)"
        return "\(status)\(built.lastLine.isEmpty ? "" : ", \(built.lastLine)")"
    }

    /// Removes the tree and the repository's record of it.
    func remove() { WorkTreeGuard.removeAll() }
}
