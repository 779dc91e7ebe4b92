import Cassette
import Determinism
import Foundation
import Gateway
import Synchronization
import Testing

/// A sink that keeps every put in order and may be told to do something at each.
final class MemorySink: RecordingSink {
    private let kept = Mutex<[Interaction]>([])
    private let hook: @Sendable (Interaction) throws -> Void

    init(_ hook: @escaping @Sendable (Interaction) throws -> Void = { _ in }) {
        self.hook = hook
    }

    func put(_ interaction: Interaction) throws {
        try hook(interaction)
        kept.withLock { $0.append(interaction) }
    }

    var puts: [Interaction] { kept.withLock { $0 } }

    /// What the cassette would hold.
    func interaction(_ ordinal: Int) throws -> Interaction {
        try #require(puts.last { $0.ordinal == ordinal })
    }
}

/// A recorder in front of one upstream called `up`.
final class Recorder {
    let sink: MemorySink
    let port: Int
    private let server: RecordingServer

    init(
        _ address: String, sink: MemorySink = MemorySink(),
        configure: (inout RecordingOptions) -> Void = { _ in },
        redact: @escaping @Sendable (Interaction) -> Interaction = { $0 }
    ) throws {
        var options = RecordingOptions(upstreams: [
            Upstream(name: "up", kind: .model, address: address)
        ])
        configure(&options)
        self.sink = sink
        server = RecordingServer(options: options, sink: sink, redact: redact)
        port = try #require(try server.start()["up"])
    }

    convenience init(
        _ upstream: StubUpstream, path: String = "", sink: MemorySink = MemorySink(),
        configure: (inout RecordingOptions) -> Void = { _ in },
        redact: @escaping @Sendable (Interaction) -> Interaction = { $0 }
    ) throws {
        try self.init(
            "http://127.0.0.1:\(upstream.port)\(path)", sink: sink, configure: configure,
            redact: redact)
    }

    func agent() throws -> StubSocket {
        try StubSocket(port: port)
    }

    func stop() throws -> RecordingSummary {
        try server.shutdown()
    }

    /// One request, everything that came back, and what was recorded.
    func exchange(_ request: String = "GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
        throws -> (answer: String, interaction: Interaction, summary: RecordingSummary)
    {
        let agent = try agent()
        try agent.send(request)
        let answer = try agent.receiveToEnd()
        let summary = try stop()
        return (answer, try sink.interaction(1), summary)
    }
}

extension Interaction {
    /// The bodies of the chunks as text.
    var chunkTexts: [String] {
        response?.chunks.map { String(decoding: $0.bytes, as: UTF8.self) } ?? []
    }

    var bodyText: String {
        chunkTexts.joined()
    }
}

/// An upstream that reads one request and answers with fixed bytes, then ends the connection.
func answering(_ answer: String) throws -> StubUpstream {
    try StubUpstream { socket in
        _ = try socket.receiveRequest()
        try socket.send(answer)
    }
}
