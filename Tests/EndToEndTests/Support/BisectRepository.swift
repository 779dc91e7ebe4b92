import Foundation

/// A git repository with a history that was made for a test.
struct BisectRepository: Sendable {
    /// One commit: the number of an earlier one or two that it follows, and the agent's source.
    struct Commit: Sendable {
        var subject: String
        var source: String
        /// The places of its parents; nil for the commit before.
        var parents: [Int]?

        init(_ subject: String, _ source: String, parents: [Int]? = nil) {
            self.subject = subject
            self.source = source
            self.parents = parents
        }
    }

    let folder: String

    /// Makes all commits at once; `main` is the last one, and checked out.
    init(_ commits: [Commit]) async throws {
        folder = try Scratch.folder() + "/agent"
        var stream = ""
        for (place, commit) in commits.enumerated() {
            let parents = commit.parents ?? (place > 0 ? [place - 1] : [])
            stream += "commit refs/heads/main\nmark :\(place + 1)\n"
            stream += "committer Ada <ada@example.org> \(1_700_000_000 + 60 * place) +0000\n"
            stream += Self.data(commit.subject)
            for (number, parent) in parents.enumerated() {
                stream += "\(number == 0 ? "from" : "merge") :\(parent + 1)\n"
            }
            stream += "M 100644 inline agent.py\n" + Self.data(commit.source) + "\n"
        }
        let file = try Scratch.file("history", stream)
        let script = """
            git init --quiet --initial-branch=main "$1" && cd "$1" \
            && git fast-import --quiet --force < "$2" && git checkout --quiet --force main
            """
        let made = try await Shell.run(["/bin/sh", "-c", script, "sh", folder, file])
        guard made.status == 0 else { throw SetUpError("git: \(made.err)") }
    }

    private static func data(_ text: String) -> String { "data \(text.utf8.count)\n\(text)\n" }

    /// What a git command prints.
    func git(_ words: String) async throws -> String {
        let result = try await Shell.run(["/bin/sh", "-c", "git \(words)"], in: folder)
        guard result.status == 0 else { throw SetUpError("git \(words): \(result.err)") }
        return result.out
    }

    /// All that a bisection must leave as it is, in one text.
    func state() async throws -> String {
        var text = ""
        for words in [
            "status --porcelain --ignored", "worktree list", "show-ref", "symbolic-ref HEAD",
            "stash list", "config --local --list",
        ] { text += try await git(words) }
        let inside = try FileManager.default.contentsOfDirectory(atPath: folder + "/.git")
        return text + inside.sorted().joined(separator: " ")
    }
}

/// An agent that asks the shop for one order, and for others before.
struct BisectAgent: Sendable {
    var attempts = 3
    var path = "/orders/A-1003"
    /// Further paths, asked for before.
    var others: [String] = []
    var ending = ""

    var source: String {
        """
        import os, sys, time, urllib.error, urllib.request


        def get(path):
            with urllib.request.urlopen(os.environ["TOOL_URL"] + path) as answer:
                return answer.read()


        for path in \(others):
            get(path)
        for attempt in range(int(os.environ.get("ATTEMPTS", "\(attempts)"))):
            try:
                get("\(path)")
                break
            except urllib.error.HTTPError:
                time.sleep(2)
        else:
            sys.exit(1)
        print("done")
        \(ending)

        """
    }

    /// Records it, and makes the plan in which the order's first answer is an error.
    func failure() async throws -> (tape: Tape, plan: String) {
        let file = try Scratch.file("agent.py", source)
        let tape = try await Tape.record(
            [try Checkout.python(), file], server: "tool_servers.py", upstream: "shop",
            options: ["--env", "TOOL_URL=shop"])
        let scenario =
            FaultCase.scenario("server-error", call: others.count + 1)
            + "invariants:\n  - exit_code: 0\n"
        let run = try await tape.replay(scenario: scenario)
        guard run.verdict == "violated" else {
            throw SetUpError("the agent does not fail: \(run.verdict) \(run.text("reason"))")
        }
        return (tape, run.plan)
    }
}
