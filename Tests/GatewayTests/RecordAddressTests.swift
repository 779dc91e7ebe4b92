import Cassette
import Determinism
import Testing

@testable import Gateway

@Suite("Addresses of upstreams and marks of ends")
struct RecordAddressTests {
    static let joins = [
        ("http://h", "/chat", "/chat"),
        ("http://h/", "/chat", "/chat"),
        ("http://h/v1", "/chat?a=/b", "/v1/chat?a=/b"),
        ("http://h/v1/", "/chat", "/v1/chat"),
        ("http://h/v1", "/", "/v1"),
        ("http://h/v1/", "/", "/v1/"),
        ("http://h/v1", "/?a=1", "/v1?a=1"),
        ("http://h", "/?a=1", "/?a=1"),
        ("http://h", "/", "/"),
        ("http://h/a/b", "//c", "/a/b//c"),
        ("http://h/a%20b", "/%2F", "/a%20b/%2F"),
        ("http://h/v1", "*", "*"),
    ]

    @Test("The target below the mount is appended to the base path", arguments: joins)
    func joinsPaths(_ base: String, _ target: String, _ expected: String) throws {
        #expect(try UpstreamAddress(base, upstream: "up").target(for: target) == expected)
    }

    static let hosts = [
        ("http://h", "h", 80, "h"),
        ("HTTPS://api.test/v1", "api.test", 443, "api.test"),
        ("https://h:80", "h", 80, "h:80"),
        ("http://127.0.0.1:8080/x", "127.0.0.1", 8080, "127.0.0.1:8080"),
        ("http://[::1]:9/", "::1", 9, "[::1]:9"),
        ("https://[::1]", "::1", 443, "[::1]"),
    ]

    @Test("Host and port are taken from the address", arguments: hosts)
    func takesHosts(_ text: String, _ host: String, _ port: Int, _ field: String) throws {
        let address = try UpstreamAddress(text, upstream: "up")
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.hostField == field)
    }

    @Test(
        "Other addresses are refused without repeating them",
        arguments: [
            "", "h", "ftp://h", "http://", "http://:80", "http://h:0", "http://h:99999",
            "http://h:x", "http://user:hunter2@h", "http://h/?key=hunter2", "http://h/#a",
            "http://h/ a", "http://[::1", "http://[::1]x", "http://h/\r\nx: y",
        ])
    func refuses(_ text: String) throws {
        let failure = #expect(throws: RecordingError.self) {
            try UpstreamAddress(text, upstream: "up")
        }
        #expect(failure?.code == .invalidAddress)
        #expect(failure?.message.contains("hunter2") == false)
    }

    @Test(
        "A mark is found wherever it is split",
        arguments: [
            "data: [DONE]\n\n", "event: message_stop\n", "response.completed", "{\"done\":true}",
            "[\"done\": true", "{\"result\":{}}", "{\"result\": {}}", "{\"error\":{}}",
            "{\"error\": {}}",
        ])
    func findsMarks(_ text: String) {
        let bytes = Array("xx[\"".utf8) + Array(text.utf8) + Array("yy".utf8)
        for split in 0...bytes.count {
            var scanner = TerminatorScanner()
            let first = scanner.findsMark(in: Array(bytes[..<split]))
            let second = scanner.findsMark(in: Array(bytes[split...]))
            #expect(first != second, "split at \(split)")
        }
        var single = TerminatorScanner()
        let found = bytes.map { single.findsMark(in: [$0]) }
        #expect(found.filter { $0 }.count == 1)
    }

    @Test(
        "Other text has no mark",
        arguments: ["[DON]E", "message_start", "{\"done\":false}", "done"])
    func findsNoMark(_ text: String) {
        var scanner = TerminatorScanner()
        let found = scanner.findsMark(in: Array(text.utf8))
        #expect(!found)
    }

    @Test("Two upstreams of one name and a port that is taken are errors at the start")
    func refusesOptions() throws {
        let up = Upstream(name: "up", kind: .tool, address: "http://127.0.0.1:1")
        let twice = RecordingServer(
            options: RecordingOptions(upstreams: [up, up]), sink: MemorySink(), redact: { $0 })
        #expect(throws: RecordingError.self) { try twice.start() }

        let taken = try answering("")
        var busy = up
        busy.port = taken.port
        let server = RecordingServer(
            options: RecordingOptions(upstreams: [busy]), sink: MemorySink(), redact: { $0 })
        let failure = #expect(throws: RecordingError.self) { try server.start() }
        #expect(failure?.code == .portUnavailable)
        #expect(throws: RecordingError.self) { try server.shutdown() }
    }
}
