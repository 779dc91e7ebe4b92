import Foundation
import Synchronization

/// A failed socket call of a test.
struct StubError: Error, CustomStringConvertible {
    var call: String
    var code: Int32
    var description: String { "\(call): errno \(code)" }
}

/// A blocking socket with time limits, so that a test never waits for ever.
final class StubSocket: Sendable {
    let descriptor: Int32
    private let isOpen = Mutex(true)
    private let unread = Mutex<[UInt8]>([])

    init(descriptor: Int32) {
        self.descriptor = descriptor
        // Programs that other tests start would hold it open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, size)
        limitWaiting(seconds: 60)
    }

    convenience init(port: Int) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = StubSocket.loopback(port: port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw StubError(call: "connect", code: errno) }
        self.init(descriptor: descriptor)
    }

    deinit { close() }

    static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    func limitWaiting(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count { sent += try sendSome(bytes[sent...]) }
    }

    /// Sends what the kernel takes; fails with EAGAIN when it takes nothing for the time limit.
    func sendSome(_ bytes: ArraySlice<UInt8>) throws -> Int {
        let count = bytes.withUnsafeBytes {
            Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count >= 0 else { throw StubError(call: "send", code: errno) }
        return count
    }

    /// The next bytes; none at the end of the input.
    func receive() throws -> [UInt8] {
        let kept = unread.withLock { kept in
            defer { kept = [] }
            return kept
        }
        if !kept.isEmpty { return kept }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw StubError(call: "recv", code: errno) }
        return Array(buffer[..<count])
    }

    /// Everything up to and including a text; what follows stays to be received.
    func receive(through text: String) throws -> String {
        let mark = Data(text.utf8)
        var got = Data()
        while true {
            if let range = got.range(of: mark) {
                let rest = Array(got[range.upperBound...])
                unread.withLock { $0 = rest + $0 }
                return String(decoding: got[..<range.upperBound], as: UTF8.self)
            }
            let more = try receive()
            guard !more.isEmpty else { throw StubError(call: "end of input", code: 0) }
            got.append(contentsOf: more)
        }
    }

    func receive(count: Int) throws -> [UInt8] {
        var got: [UInt8] = []
        got.reserveCapacity(count)
        while got.count < count {
            let more = try receive()
            guard !more.isEmpty else { throw StubError(call: "end of input", code: 0) }
            got.append(contentsOf: more)
        }
        let rest = Array(got[count...])
        unread.withLock { $0 = rest + $0 }
        return Array(got[..<count])
    }

    func receiveToEnd() throws -> String {
        var got: [UInt8] = []
        while true {
            let more = try receive()
            if more.isEmpty { return String(decoding: got, as: UTF8.self) }
            got += more
        }
    }

    /// A request with a head and a body of known length.
    func receiveRequest() throws -> (head: String, body: [UInt8]) {
        let head = try receive(through: "\r\n\r\n")
        let length = head.lowercased().components(separatedBy: "content-length: ").dropFirst().first
            .flatMap { Int($0.prefix { $0.isNumber }) }
        return (head, try receive(count: length ?? 0))
    }

    /// `POLLRDHUP`, which the C library's module does not export.
    private let endedEvent: Int16 = 0x2000

    /// What waits in the kernel, without taking it, and whether the other side has ended.
    func peek() -> (text: String, hasEnded: Bool) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let flags = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
        let count = max(0, recv(descriptor, &buffer, buffer.count, flags))
        var state = pollfd(fd: descriptor, events: endedEvent, revents: 0)
        let hasEnded = poll(&state, 1, 0) > 0
        return (String(decoding: buffer[..<count], as: UTF8.self), hasEnded)
    }

    func endOutput() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    func close() {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if wasOpen { _ = Foundation.close(descriptor) }
    }

    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }
}

/// An upstream that serves each connection on a thread of its own.
final class StubUpstream: Sendable {
    let port: Int
    private let listener: Int32
    private let errors = ErrorLog()

    init(_ serve: @escaping @Sendable (StubSocket) throws -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = StubSocket.loopback(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) + listen(listener, 256) + getsockname(listener, $0, &size)
            }
        }
        guard result == 0 else { throw StubError(call: "listen", code: errno) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [errors] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                let socket = StubSocket(descriptor: descriptor)
                Thread.detachNewThread {
                    do { try serve(socket) } catch { errors.note("\(error)") }
                    socket.close()
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        Foundation.close(listener)
    }

    /// What went wrong while serving.
    var failures: [String] { errors.texts }
}

/// The errors of an upstream's threads.
final class ErrorLog: Sendable {
    private let kept = Mutex<[String]>([])

    var texts: [String] { kept.withLock { $0 } }

    func note(_ error: String) {
        kept.withLock { $0.append(error) }
    }
}

/// Lets one thread wait for another; the wait fails after a while.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() {
        semaphore.signal()
    }

    func pass() throws {
        guard semaphore.wait(timeout: .now() + 20) == .success else {
            throw StubError(call: "gate", code: ETIMEDOUT)
        }
    }
}
