import Cassette
import Dispatch
import Gateway
import Simulation
import Synchronization
import Testing

@Suite("Asking a server in real time")
struct LiveInquiryTests {
    /// What the server sends, whether it then resets, and what becomes of it.
    private static let served: [(String, Bool, AskedEnding, Int?, String)] = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, .complete, 200, "hello"),
        (
            "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            false, .complete, 500, "hello"
        ),
        ("HTTP/1.0 200 OK\r\n\r\nuntil the end", false, .complete, 200, "until the end"),
        ("HTTP/1.1 204 No Content\r\n\r\n", false, .complete, 204, ""),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!", false,
            .complete, 200, "!"
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", false, .cut, 200, "hello"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", false, .cut, 200,
            "hello"
        ),
        ("HTTP/1.1 200 OK\r\nContent-Le", false, .cut, nil, ""),
        ("no HTTP at all\r\n\r\n", false, .cut, nil, ""),
        ("", false, .cut, nil, ""),
        ("", true, .cut, nil, ""),
    ]

    @Test("an answer is whole, or cut where its framing says so", arguments: served)
    func answers(
        bytes: String, resets: Bool, ending: AskedEnding, status: Int?, body: String
    ) throws {
        let requests = Mutex<[String]>([])
        let server = try StubUpstream { socket in
            let (head, body) = try socket.receiveRequest()
            requests.withLock { $0.append(head + String(decoding: body, as: UTF8.self)) }
            try socket.send(bytes)
            resets ? socket.reset() : socket.close()
        }
        let asked = RecordedRequest(
            method: "POST", target: "/chat?a=b", headers: [HeaderField("x-user", "anna")],
            body: Array("hi".utf8))
        let inquiry = try Self.inquire(server.port, [asked, asked])
        for record in inquiry.records {
            #expect(record.ending == ending)
            #expect(record.status == status)
            #expect(String(decoding: record.body, as: UTF8.self) == body)
        }
        let wanted =
            "POST /chat?a=b HTTP/1.1\r\nx-user: anna\r\nhost: 127.0.0.1:\(server.port)\r\n"
            + "content-length: 2\r\nconnection: close\r\n\r\nhi"
        #expect(requests.withLock { $0 } == [wanted, wanted])
    }

    @Test("waits until somebody listens, and until the check is answered with 2xx")
    func readiness() throws {
        let paths = Mutex<[String]>([])
        let server = try StubUpstream { socket in
            let (head, _) = try socket.receiveRequest()
            let count = paths.withLock { paths in
                paths.append(String(head.prefix { $0 != "\r\n" }))
                return paths.count
            }
            let status = count < 3 ? "503 Not Yet" : "200 OK"
            try socket.send("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
            socket.close()
        }
        let request = RecordedRequest(method: "GET", target: "/")
        let inquiry = try Self.inquire(server.port, [request], ready: "/health")
        #expect(inquiry.records.map(\.status) == [200])
        let check = "GET /health HTTP/1.1"
        #expect(paths.withLock { $0 } == [check, check, check, "GET / HTTP/1.1"])
    }

    /// Asks to the end, and waits for it.
    private static func inquire(
        _ port: Int, _ requests: [RecordedRequest], ready: String? = nil
    ) throws -> Inquiry {
        let over = DispatchSemaphore(value: 0)
        let live = LiveInquiry(
            Questions(port: port, ready: ready, requests: requests), listeningPort: port,
            onDismiss: { over.signal() }, onGiveUp: { over.signal() })
        live.start()
        #expect(over.wait(timeout: .now() + .seconds(20)) == .success)
        let inquiry = try live.end()
        #expect(inquiry.isEndedWell(.signal(15)))
        return inquiry
    }
}
