import Determinism
import Foundation
import Testing

@Suite("The recorder as a service", .enabled(if: ProxyUpstream.isAvailable))
struct ServeTests {
    /// A running service, and what it said of its addresses.
    final class Service {
        let directory: String
        private let process: RobustProcess
        private let pid: pid_t
        private(set) var addresses: [String: String] = [:]

        init(_ upstream: ProxyUpstream, _ options: [String], directory: String? = nil) throws {
            self.directory = try directory ?? Scratch.folder() + "/tapes"
            let command = try upstream.stormtape(
                ["serve", "--directory", self.directory, "--upstream", "shop=\(upstream.plain)"]
                    + options, authority: try Scratch.folder() + "/authority")
            process = try RobustProcess(["/bin/sh", "-c", "echo $$; exec \"$@\"", "sh"] + command)
            pid = Int32(try process.line() ?? "") ?? 0
            while let line = try process.line() {
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 2 else { continue }
                addresses[words[0]] = words[1]
                if words[0] == "health" { return }
            }
            throw SetUpError("the service ended before it said where it is")
        }

        /// Asks as an agent would; the body of the answer.
        func get(_ path: String, session: String? = nil) async throws -> String {
            let header = session.map { ["-H", "x-session: \($0)"] } ?? []
            return try await Self.curl(header + [(addresses["shop"] ?? "") + path])
        }

        func health() async throws -> JSONValue {
            try JSONValue.parse(text: try await Self.curl([addresses["health"] ?? ""]))
        }

        /// Ends it as a supervisor would.
        func end() throws -> RobustResult {
            kill(pid, SIGTERM)
            return try process.finish()
        }

        /// Ends it without a chance to pack anything.
        func crash() throws {
            process.kill()
            _ = try process.finish()
        }

        func cassettes() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: directory)
                .filter { $0.hasSuffix(".cassette") }.sorted().map { directory + "/" + $0 }
        }

        static func curl(_ arguments: [String]) async throws -> String {
            let result = try await Shell.run(
                ["/usr/bin/env", "curl", "--silent", "--show-error"] + arguments)
            guard result.status == 0 else { throw SetUpError("curl: \(result.err)") }
            return result.out
        }
    }

    /// How many interactions each cassette holds.
    private func counts(_ cassettes: [String]) async throws -> [Int] {
        var counts: [Int] = []
        for cassette in cassettes {
            let text = try await Stormtape.run(["cassette", "inspect", cassette])
            #expect(text.status == 0, "\(text.err)")
            counts.append(text.out.components(separatedBy: "GET /").count - 1)
        }
        return counts
    }

    @Test("Each session has a cassette; a full one is followed by another; SIGTERM packs all")
    func sessions() async throws {
        let upstream = try await ProxyUpstream()
        defer { upstream.end() }
        let service = try Service(
            upstream, ["--session-header", "x-session", "--max-interactions", "2"])
        for (path, session) in [("/1", "a"), ("/2", "b/../b"), ("/3", "a"), ("/4", "a")] {
            #expect(try await service.get(path, session: session) == "answer to \(path)")
        }
        let health = try await service.health()
        #expect(health["ok"]?.boolValue == true)
        #expect(health["requests"]?.intValue == 4)
        let ended = try service.end()
        #expect(ended.status == 0, "\(ended.err)")
        let cassettes = try service.cassettes()
        #expect(try await counts(cassettes).sorted() == [1, 1, 2])
        #expect(cassettes.filter { $0.contains("-a-") }.count == 2)
        #expect(cassettes.filter { $0.contains("-b----b-") }.count == 1)
    }

    @Test("A session that is idle is finished while the service goes on")
    func idle() async throws {
        let upstream = try await ProxyUpstream()
        defer { upstream.end() }
        let service = try Service(upstream, ["--idle-gap", "0.2"])
        _ = try await service.get("/1")
        // The service looks four times a second, and each question takes its time as well.
        var looks = 0
        while looks < 500, try await service.health()["open_sessions"]?.intValue != 0 { looks += 1 }
        #expect(looks < 500)
        _ = try await service.get("/2")
        #expect(try service.end().status == 0)
        #expect(try await counts(service.cassettes()) == [1, 1])
    }

    @Test("What a killed service had is on tape, and the next one goes on beside it")
    func killed() async throws {
        let upstream = try await ProxyUpstream()
        defer { upstream.end() }
        let first = try Service(upstream, [])
        _ = try await first.get("/1")
        try first.crash()
        let second = try Service(upstream, [], directory: first.directory)
        _ = try await second.get("/2")
        #expect(try second.end().status == 0)
        #expect(try await counts(second.cassettes()) == [1, 1])
    }

    @Test("Beyond the bound of the disk the oldest cassettes are deleted, never the newest")
    func bounded() async throws {
        let upstream = try await ProxyUpstream()
        defer { upstream.end() }
        let service = try Service(
            upstream, ["--max-interactions", "1", "--max-disk", String(1 << 20)])
        for number in 1...6 { _ = try await service.get("/big/\(number)") }
        #expect(try service.end().status == 0)
        let cassettes = try service.cassettes()
        let sizes = try cassettes.map { path in
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        }
        #expect(!sizes.isEmpty && sizes.reduce(0, +) <= 1 << 20, "\(sizes)")
        let newest = try await Stormtape.run(["cassette", "inspect", try #require(cassettes.last)])
        #expect(newest.out.contains("GET /big/6"))
    }

    @Test("Two services do not share a folder")
    func shared() async throws {
        let upstream = try await ProxyUpstream()
        defer { upstream.end() }
        let first = try Service(upstream, [])
        let second = try await Shell.run(
            try upstream.stormtape(
                ["serve", "--directory", first.directory, "--upstream", "shop=\(upstream.plain)"],
                authority: first.directory + "/none"))
        #expect(second.status == 2)
        #expect(second.err.contains("another `stormtape serve`"))
        #expect(try first.end().status == 0)
    }

    @Test(
        "Ports beyond the last one are refused",
        arguments: [
            ["--port=65535", "--proxy"], ["--port=65536"], ["--port=9223372036854775807"],
            ["--port=-1"], ["--admin-port=65536"],
        ])
    func ports(options: [String]) async throws {
        let result = try await serve(options)
        #expect(result.status == 2, "\(result.err)")
        #expect(result.err.contains("-port"), "\(result.err)")
    }

    @Test("The last port is one like any other")
    func lastPort() async throws {
        // What is refused is the folder, which is looked at after the options.
        let result = try await serve(["--port=65535", "--directory=/dev/null/tapes"])
        #expect(result.status == 6, "\(result.err)")
        #expect(result.err.contains("/dev/null/tapes"), "\(result.err)")
    }

    /// A service that does not come to serve.
    private func serve(_ options: [String]) async throws -> CommandResult {
        try await Stormtape.run(
            ["serve", "--directory", "/dev/null/none", "--upstream", "a=http://127.0.0.1:1"]
                + options)
    }

    @Test("Hosts behind its proxy are recorded too")
    func proxy() async throws {
        let upstream = try await ProxyUpstream()
        defer { upstream.end() }
        let service = try Service(upstream, ["--proxy"])
        let answer = try await Service.curl([
            "--proxy", service.addresses["proxy"] ?? "", "--cacert",
            service.addresses["authority"] ?? "", upstream.secure + "/x",
        ])
        #expect(answer == "answer to /x")
        #expect(try service.end().status == 0)
        let text = try await Stormtape.run(["cassette", "inspect", try service.cassettes()[0]])
        #expect(text.out.contains(upstream.secure))
    }
}
