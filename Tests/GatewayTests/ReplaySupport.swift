import CStormtape
import Cassette
import Determinism
import Dispatch
import Faults
import Gateway
import Simulation
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
    private let stream = CInt(SOCK_STREAM.rawValue)
    private let quietly = CInt(MSG_NOSIGNAL)
#else
    import Darwin
    private let stream = SOCK_STREAM
    private let quietly: CInt = 0
#endif

private let openSocket = socket
private let closeSocket = close
private let sendBytes = send(_:_:_:_:)

/// An agent that always sleeps, as one does that waits for an answer.
final class SleepingAgent: AgentWatch {
    func look(closely: Bool) -> AgentLook { .asleep(signature: 1) }
    func news() -> [WorldEvent] { [] }
    func execute(_ action: WorldAction) {}
}

/// Sees the world's events as they come, and lets a test wait for one.
final class EventWatch: Sendable {
    private let seen = Mutex<[WorldEvent]>([])
    private let changed = DispatchSemaphore(value: 0)

    var events: [WorldEvent] { seen.withLock { $0 } }

    func note(_ event: WorldEvent) {
        seen.withLock { $0.append(event) }
        changed.signal()
    }

    /// Waits until enough events fit; false when they do not come within ten seconds.
    func waits(for count: Int = 1, _ fits: (WorldEvent) -> Bool) -> Bool {
        while events.filter(fits).count < count {
            if changed.wait(timeout: .now() + .seconds(10)) == .timedOut { return false }
        }
        return true
    }
}

/// A world that answers each request with the steps of a script, one at a time.
///
/// The step after `gate` steps of an exchange is held back until `quiescent` is posted.
struct ScriptedWorld: WorldMachine {
    let watch: EventWatch
    var gate = Int.max
    let script: @Sendable (ExchangeID, RecordedRequest) -> [DeliveryStep]
    private var left: [(id: ExchangeID, steps: ArraySlice<DeliveryStep>)] = []

    init(
        watch: EventWatch, gate: Int = .max,
        script: @escaping @Sendable (ExchangeID, RecordedRequest) -> [DeliveryStep]
    ) {
        self.watch = watch
        self.gate = gate
        self.script = script
    }

    mutating func handle(_ event: WorldEvent, into actions: inout ActionBuffer) {
        switch event {
        case .request(let id, _, let request):
            left.append((id, script(id, request)[...]))
            sendNext(id, into: &actions)
        case .taken(let id):
            sendNext(id, into: &actions)
        case .quiescent:
            gate = .max
            for (id, _) in left { sendNext(id, into: &actions) }
        default: break
        }
        watch.note(event)
    }

    private mutating func sendNext(_ id: ExchangeID, into actions: inout ActionBuffer) {
        guard let index = left.firstIndex(where: { $0.id == id }),
            left[index].steps.startIndex < gate, let step = left[index].steps.popFirst()
        else { return }
        actions.append(.send(id, step, after: .zero))
    }
}

extension DeliveryStep {
    static func head(
        _ status: Int = 200, _ framing: BodyFraming = .chunked, headers: HeaderFields = []
    ) -> DeliveryStep {
        .head(DeliveryHead(status: status, reason: "OK", headers: headers, framing: framing))
    }

    static func text(_ text: String) -> DeliveryStep { .body(Array(text.utf8)) }

    static let done = DeliveryStep.end(trailers: [])

    /// A whole answer with a true length.
    static func whole(_ text: String) -> [DeliveryStep] {
        [.head(200, .length(text.utf8.count)), .text(text), .done]
    }
}

/// A running server with one mount, and what its world saw.
final class Stage {
    let watch = EventWatch()
    let port: Int
    let server: ReplayServer<ScriptedWorld>

    init(
        gate: Int = .max, bodyBytesMax: Int = RequestLimits.bodyBytesMax,
        script: @escaping @Sendable (ExchangeID, RecordedRequest) -> [DeliveryStep]
    ) throws {
        server = ReplayServer(
            machine: ScriptedWorld(watch: watch, gate: gate, script: script),
            mounts: [MountPoint(name: "tool")], bodyBytesMax: bodyBytesMax, onStop: { _ in })
        port = try server.start()["tool"]!
    }

    deinit {
        _ = try? server.shutdown()
    }

    var requests: [RecordedRequest] {
        watch.events.compactMap { event in
            if case .request(_, _, let request) = event { request } else { nil }
        }
    }
}

/// A client made of bare system calls, so that a test sees what an agent's socket sees.
final class RawClient {
    enum Outcome: Equatable {
        case bytes([UInt8])
        case end
        case failed(CInt)
    }

    private(set) var socket: CInt
    private let serverPort: Int

    init(port: Int) throws {
        serverPort = port
        socket = openSocket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        try #require(result == 0, "connect: \(errno)")
        var on: CInt = 1
        setsockopt(socket, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        setReadLimit(milliseconds: 10_000)
    }

    deinit {
        close()
    }

    func setReadLimit(milliseconds: Int) {
        var limit = timeval(tv_sec: milliseconds / 1_000, tv_usec: (milliseconds % 1_000) * 1_000)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                sendBytes(socket, $0.baseAddress, $0.count, quietly)
            }
            // A server that answered early and closed: what it said is read afterwards.
            if sent < 0 { return }
            rest = rest.dropFirst(sent)
        }
    }

    func get(_ path: String) {
        send("GET \(path) HTTP/1.1\r\nhost: t\r\n\r\n")
    }

    func read(atMost count: Int = 65_536) -> Outcome {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = recv(socket, &buffer, count, 0)
        if got < 0 { return .failed(errno) }
        return got == 0 ? .end : .bytes(Array(buffer[..<got]))
    }

    /// Reads so many bytes, or fewer when the connection ends before.
    func readText(_ count: Int) -> String {
        var text: [UInt8] = []
        while text.count < count, case .bytes(let more) = read(atMost: count - text.count) {
            text += more
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads as much as this text has, which it then should be.
    func reads(_ expected: String) -> Bool {
        let got = readText(expected.utf8.count)
        #expect(got == expected)
        return got == expected
    }

    /// Everything up to the end, and how it ended.
    func readAll() -> (text: String, last: Outcome) {
        var text: [UInt8] = []
        while true {
            let outcome = read()
            guard case .bytes(let more) = outcome else {
                return (String(decoding: text, as: UTF8.self), outcome)
            }
            text += more
        }
    }

    func endOutput() {
        shutdown(socket, CInt(SHUT_WR))
    }

    /// Closes the connection and returns when no process holds it any more.
    ///
    /// A process that another test is just starting may still hold a copy: until it has become its own
    /// program, the connection is open for the kernel.
    func close() {
        guard socket >= 0 else { return }
        let port = localPort
        _ = closeSocket(socket)
        socket = -1
        while isHeld(port: port) { sched_yield() }
    }

    private var localPort: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getsockname(socket, $0, &size)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Whether a program holds the client's end, as the kernel says.
    private func isHeld(port: UInt16) -> Bool {
        let netlink = stormtape_sock_diag_open()
        guard netlink >= 0 else { return false }
        defer { _ = closeSocket(netlink) }
        var peer = stormtape_peer()
        let loopback: UInt32 = 0x7F00_0001
        let failure = stormtape_sock_diag_peer(
            netlink, loopback, port, loopback, UInt16(serverPort), &peer)
        return failure == 0 && peer.readable
    }
}

let wholeOK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
