import Cassette
import Determinism
import Gateway
import Testing

@Suite("Recording keeps the framing of answers")
struct RecordFramingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var request: String
        var answer: String
        var expected: String
        var chunks: [String]
        var testDescription: String { name }
    }

    static let get = "GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"
    static let head = "HEAD /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"
    static let old = "GET /x HTTP/1.0\r\n\r\n"

    static let cases = [
        Case(
            name: "known length", request: get,
            answer: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: 1\r\nx-a: 2\r\n\r\nabc",
            expected: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: 1\r\nx-a: 2\r\n"
                + "connection: close\r\n\r\nabc", chunks: ["abc"]),
        Case(
            name: "no body by length", request: get,
            answer: "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            expected: "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            chunks: []),
        Case(
            name: "chunks with extensions and trailers", request: get,
            answer: "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\ntrailer: x-t\r\n\r\n"
                + "2;a=b\r\nab\r\n1\r\nc\r\n0\r\nX-T: end\r\n\r\n",
            expected: "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\nconnection: close\r\n"
                + "\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-T: end\r\n\r\n", chunks: ["ab", "c"]),
        Case(
            name: "end by close", request: get,
            answer: "HTTP/1.1 200 OK\r\nx: y\r\n\r\nabc",
            expected: "HTTP/1.1 200 OK\r\nx: y\r\ntransfer-encoding: chunked\r\n"
                + "connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n", chunks: ["abc"]),
        Case(
            name: "an upstream with HTTP/1.0", request: get,
            answer: "HTTP/1.0 200 OK\r\n\r\nabc",
            expected: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
                + "3\r\nabc\r\n0\r\n\r\n", chunks: ["abc"]),
        Case(
            name: "an agent with HTTP/1.0 and chunks", request: old,
            answer: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            expected: "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc", chunks: ["abc"]),
        Case(
            name: "HEAD with a length", request: head,
            answer: "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n",
            expected: "HTTP/1.1 200 OK\r\ncontent-length: 99\r\nconnection: close\r\n\r\n",
            chunks: []),
        Case(
            name: "HEAD with chunks", request: head,
            answer: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            expected: "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", chunks: []),
        Case(
            name: "204", request: get, answer: "HTTP/1.1 204 No Content\r\nx: y\r\n\r\n",
            expected: "HTTP/1.1 204 No Content\r\nx: y\r\nconnection: close\r\n\r\n", chunks: []),
        Case(
            name: "304 with a length", request: get,
            answer: "HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n\r\n",
            expected: "HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\nconnection: close\r\n"
                + "\r\n", chunks: []),
        Case(
            name: "an error", request: get,
            answer:
                "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 2\r\n\r\nno",
            expected: "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 2\r\n"
                + "connection: close\r\n\r\nno", chunks: ["no"]),
    ]

    @Test(
        "The agent gets the answer in the upstream's framing, and it is recorded", arguments: cases)
    func mirrors(_ example: Case) throws {
        let upstream = try answering(example.answer)
        let (answer, interaction, summary) = try Recorder(upstream).exchange(example.request)
        #expect(answer == example.expected)
        #expect(interaction.chunkTexts == example.chunks)
        #expect(interaction.ending == .complete)
        #expect(interaction.response?.headers.contains("transfer-encoding") == false)
        #expect(summary.problems.isEmpty)
    }
}
