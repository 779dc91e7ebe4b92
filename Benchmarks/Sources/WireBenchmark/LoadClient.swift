import Foundation
import Measuring
import Synchronization

/// The agent of the benchmarks: it runs under `stormtape record` and `stormtape replay`, and
/// without them, and leaves its figures in a file.
struct LoadClient {
    static let addressVariable = "BENCHMARK_URL"

    let connectionCount: Int
    let requestCount: Int
    /// The distance between the numbers of two requests.
    let stride: Int

    /// Sends everything; gives requests per second.
    func requestsPerSecond(port: Int) throws -> Double {
        let failure = Mutex<String?>(nil)
        let spent = seconds {
            DispatchQueue.concurrentPerform(iterations: connectionCount) { lane in
                do {
                    let connection = try Connection(port: port)
                    for index in Swift.stride(from: lane, to: requestCount, by: connectionCount) {
                        _ = try connection.exchange(LoadClient.request(index * stride + 1))
                    }
                } catch {
                    failure.withLock { $0 = "\(error)" }
                }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw Connection.Failure(description: failure) }
        return Double(requestCount) / spent
    }

    /// Times to first byte in microseconds, one request here and one there in turn, sorted.
    func timesToFirstByte(port: Int, beside other: Int) throws -> (here: [Double], there: [Double])
    {
        let first = try Connection(port: port)
        let second = try Connection(port: other)
        var here: [Double] = []
        var there: [Double] = []
        for index in 0..<requestCount {
            let request = LoadClient.request(index + 1)
            here.append(try first.exchange(request) * 1e6)
            there.append(try second.exchange(request) * 1e6)
        }
        return (here.sorted(), there.sorted())
    }

    /// The port of the address that Stormtape, or the benchmark itself, put into the variable.
    static func mountedPort() throws -> Int {
        let address = ProcessInfo.processInfo.environment[addressVariable] ?? ""
        guard let port = URLComponents(string: address)?.port else {
            throw Connection.Failure(
                description: "\(addressVariable) is not an address: \(address)")
        }
        return port
    }

    private static func request(_ number: Int) -> [UInt8] {
        let note = String(repeating: "where is it? ", count: 12)
        let body = "{\"order\":\(number),\"note\":\"\(note)\"}"
        let head =
            "POST /orders HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            + "content-length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }
}
