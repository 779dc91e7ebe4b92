import Foundation

/// A server of the fixtures on a free port of loopback, alive while its user runs.
enum LocalServer {
    /// Starts a script of `fixtures/agents`, hands its address on, and kills it afterwards.
    static func with<Value: Sendable>(
        _ script: String, options: [String] = [], _ use: (String) async throws -> Value
    ) async throws -> Value {
        let folder = try Scratch.folder()
        let (out, err) = (folder + "/out", folder + "/err")
        // A fifo: opening it to read and write never waits, and a line read is a server ready.
        guard mkfifo(out, 0o600) == 0 else { throw SetUpError("mkfifo: errno \(errno)") }
        let reader = open(out, O_RDWR | O_CLOEXEC)
        defer { close(reader) }
        let server = try Running(
            Checkout.agent(script, ["--port", "0"] + options), in: nil, out: out, err: err)
        defer { server.kill() }
        guard let line = await firstLine(reader), line.hasPrefix("listening ") else {
            throw SetUpError("\(script) did not start; see \(err)")
        }
        do {
            let value = try await use(String(line.dropFirst("listening ".count)))
            server.kill()
            _ = await server.finish(timeout: 20)
            return value
        } catch {
            server.kill()
            _ = await server.finish(timeout: 20)
            throw error
        }
    }

    private static func firstLine(_ descriptor: Int32) async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var bytes: [UInt8] = []
                while bytes.last != 0x0A {
                    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    var byte: UInt8 = 0
                    guard poll(&watched, 1, 60_000) == 1, read(descriptor, &byte, 1) == 1 else {
                        return continuation.resume(returning: nil)
                    }
                    bytes.append(byte)
                }
                continuation.resume(
                    returning: String(decoding: bytes.dropLast(), as: UTF8.self))
            }
        }
    }
}
