import Foundation

/// A blocking keep-alive connection to a port on loopback: as little client as possible, so that
/// the server is what is measured.
final class Connection {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var on: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "no connection to port \(port)") }
    }

    deinit { close(descriptor) }

    /// Sends one request and reads its whole answer; gives the seconds to the first byte.
    func exchange(_ request: [UInt8]) throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes {
                write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw Failure(description: "the server hung up") }
            sent += count
        }
        var answer = try receive()
        let first = (clock.now - start).components
        while !Connection.isWhole(answer) { answer += try receive() }
        guard answer.starts(with: Array("HTTP/1.1 200".utf8)) else {
            throw Failure(description: String(decoding: answer.prefix(400), as: UTF8.self))
        }
        return Double(first.seconds) + Double(first.attoseconds) / 1e18
    }

    private func receive() throws -> ArraySlice<UInt8> {
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { throw Failure(description: "the answer is not whole") }
        return buffer[..<count]
    }

    private static func isWhole(_ answer: ArraySlice<UInt8>) -> Bool {
        guard let end = headEnd(answer) else { return false }
        let head = String(decoding: answer[..<end], as: UTF8.self).lowercased()
        guard let field = head.range(of: "content-length: ") else {
            return answer.suffix(5).elementsEqual("0\r\n\r\n".utf8)
        }
        let length = Int(head[field.upperBound...].prefix { $0.isNumber }) ?? 0
        return answer.count >= end + 4 + length
    }

    private static func headEnd(_ answer: ArraySlice<UInt8>) -> Int? {
        guard answer.count >= 4 else { return nil }
        return (0...(answer.count - 4)).first { index in
            answer[index] == 13 && answer[index + 1] == 10 && answer[index + 2] == 13
                && answer[index + 3] == 10
        }
    }
}
