import Determinism
import Foundation
import Testing

#if os(Linux)
    /// The pipelines that `init` writes, run line by line as their runners do.
    @Suite("Pipelines that init writes")
    struct PipelineTests {
        /// Asks once; the careful one lives with every answer, the other has a bug.
        private static let agent = """
            import os, sys, urllib.request
            request = urllib.request.Request(
                os.environ["OPENAI_BASE_URL"] + "/chat/completions",
                b'{"model":"m","messages":[{"role":"user","content":"hi"}]}',
                {"content-type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as answer: answer.read()
            except Exception:
                if "careful" not in sys.argv: raise
            """

        private static let tape = Task {
            let script = try Scratch.file("agent.py", agent)
            return try await Tape.record(
                [Checkout.python(), script, "careful"], upstream: "openai", path: "/v1")
        }

        /// A repository with an agent, its recording and a pipeline, and what a runner gives.
        private struct Project {
            let root: String
            /// The folder of `stormtape.yaml` from the root; empty for the root itself.
            let inner: String
            var environment: [String: String]

            init(_ pipeline: String, inner: String, command: [String]) async throws {
                root = try Scratch.folder()
                self.inner = inner
                let tools = try Scratch.folder()
                environment = [
                    "HOME": try Scratch.folder(), "CI_PROJECT_DIR": root, "GITHUB_WORKSPACE": root,
                    "GITHUB_PATH": try Scratch.file("path", ""),
                    "PATH": "\(tools):/usr/local/bin:/usr/bin:/bin",
                    "STORMTAPE_REPOSITORY": try Scratch.folder(), "STORMTAPE_HISTORY": tools,
                ]
                try Self.tool("apt-get", "exit 0", in: tools)
                try Self.tool("python3", "exec '\(try Checkout.python())' \"$@\"", in: tools)
                let program = try Checkout.stormtape()
                try Self.tool(
                    "swift",
                    """
                    [ "$1 $2 $4 $5" = "build --package-path -c release" ] || exit 9
                    mkdir -p "$3/.build/release"
                    printf '#!/bin/sh\\nexec "%s" "$@"\\n' '\(program)' \\
                        > "$3/.build/release/stormtape"
                    chmod +x "$3/.build/release/stormtape"
                    """, in: tools)
                let folder = inner.isEmpty ? root : "\(root)/\(inner)"
                try await bash("git init -q .")
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true)
                try Data(PipelineTests.agent.utf8).write(
                    to: URL(fileURLWithPath: folder + "/agent.py"))
                try FileManager.default.copyItem(
                    atPath: try await PipelineTests.tape.value.cassette,
                    toPath: folder + "/agent.cassette")
                let made = try await Stormtape.run(
                    ["init", "--cassette", "agent.cassette", "--ci", pipeline, "--"] + command,
                    in: folder)
                #expect(made.status == 0, "\(made.err)")
                // Sixty seeds in each of these pipelines would take minutes.
                let file = folder + "/stormtape.yaml"
                let text = try Scratch.bytes(file).replacingOccurrences(of: "1..60", with: "1..8")
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            }

            private static func tool(_ name: String, _ text: String, in folder: String) throws {
                let path = "\(folder)/\(name)"
                try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: path)
            }

            /// The sources at the version that a pipeline asks for.
            func publish(_ version: String) async throws {
                let place = environment["STORMTAPE_REPOSITORY"] ?? ""
                try await bash(
                    "cd '\(place)' && git init -q . && git -c user.name=a -c user.email=a@b "
                        + "commit -q --allow-empty -m x && git tag 'v\(version)'")
            }

            @discardableResult
            func bash(_ script: String, options: [String] = ["-e"]) async throws -> CommandResult {
                let file = try Scratch.file("step", script)
                let pairs = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                return try await Shell.run(
                    ["/usr/bin/env", "-i"] + pairs + ["bash"] + options + [file], in: root)
            }
        }

        /// The items of a list, or the values of a key, whose text stands in a block.
        private static func blocks(_ text: String, _ head: String) -> [String] {
            var found: [String] = []
            var indent: Int?
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                let depth = line.prefix { $0 == " " }.count
                if let least = indent, depth >= least || line.isEmpty {
                    found[found.count - 1] += line.dropFirst(least) + "\n"
                    continue
                }
                indent = nil
                guard line.dropFirst(depth).hasPrefix(head) else { continue }
                let rest = line.dropFirst(depth + head.count)
                found.append(rest == "|" ? "" : rest + "\n")
                if rest == "|" { indent = depth + 2 }
            }
            return found
        }

        /// A part of a file, from the line of one key to that of another.
        private static func part(_ text: String, _ key: String, _ next: String) throws -> String {
            let start = try #require(text.range(of: "\n  \(key):\n"))
            let end = try #require(text.range(of: "\n  \(next):\n"))
            return String(text[start.upperBound..<end.lowerBound])
        }

        private static func version(_ text: String) throws -> String {
            String(try #require(text.firstMatch(of: /STORMTAPE_VERSION: "([^"]+)"/)).1)
        }

        /// What the storm left where the pipeline looks for it.
        private func expectReports(_ project: Project, isGreen: Bool) throws {
            let folder = project.inner.isEmpty ? "" : project.inner + "/"
            let place = "\(project.root)/\(folder)reports/stormtape"
            let xml = try Scratch.bytes(place + ".xml")
            #expect(xml.contains("tests=\"8\""))
            #expect(xml.contains("<failure ") == !isGreen)
            #expect(
                try JSONValue.parse(Array(Scratch.bytes(place + ".json").utf8))["digest"] != nil)
        }

        static let projects = [("", true), ("", false), ("agents/it's one", true)]

        @Test("GitLab's job is green for a careful agent and red for a bug", arguments: projects)
        func gitlab(inner: String, isGreen: Bool) async throws {
            let command = ["python", "agent.py"] + (isGreen ? ["careful"] : [])
            let project = try await Project("gitlab", inner: inner, command: command)
            let text = try Scratch.bytes(project.root + "/.gitlab-ci.yml")
            var given = project
            given.environment["STORMTAPE_VERSION"] = try Self.version(text)
            try await given.publish(try Self.version(text))
            let before = Self.blocks(try Self.part(text, "before_script", "script"), "- ")
            let script = Self.blocks(try Self.part(text, "script", "artifacts"), "- ")
            #expect(before.count == 4)
            #expect(script.count == 1)
            let job = try await given.bash((before + script).joined(separator: "\n"))
            #expect(job.status == (isGreen ? 0 : 1), "\(job.out)\(job.err)")
            let folder = inner.isEmpty ? "" : "\(inner)/"
            #expect(text.contains("\(folder)reports/*.xml"))
            try expectReports(given, isGreen: isGreen)
            // The next pipeline finds the tool in the cache and builds nothing.
            given.environment["STORMTAPE_REPOSITORY"] = "/nowhere"
            let again = try await given.bash((before + script).joined(separator: "\n"))
            #expect(again.status == job.status, "\(again.out)\(again.err)")
        }

        @Test("GitHub's job is green for a careful agent and red for a bug", arguments: projects)
        func github(inner: String, isGreen: Bool) async throws {
            let command = ["python", "agent.py"] + (isGreen ? ["careful"] : [])
            let project = try await Project("github", inner: inner, command: command)
            let text = try Scratch.bytes(project.root + "/.github/workflows/stormtape.yml")
            let version = try Self.version(text)
            try await project.publish(version)
            try await project.bash(
                "git clone -q --branch 'v\(version)' \"$STORMTAPE_REPOSITORY\" .stormtape/source")
            let steps = Self.blocks(text, "run: ")
            #expect(steps.count == 4)
            var given = project
            for (number, step) in steps.enumerated() {
                let added = try Scratch.bytes(given.environment["GITHUB_PATH"] ?? "")
                    .split(separator: "\n").reversed().joined(separator: ":")
                let path = project.environment["PATH"] ?? ""
                given.environment["PATH"] = added.isEmpty ? path : "\(added):\(path)"
                let result = try await given.bash(step, options: ["-e", "-o", "pipefail"])
                let isRed = number == 3 && !isGreen
                #expect(result.status == (isRed ? 1 : 0), "\(step)\(result.out)\(result.err)")
            }
            try expectReports(given, isGreen: isGreen)
        }
    }
#endif
