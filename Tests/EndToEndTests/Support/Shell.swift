import Foundation

/// What a command left behind.
struct CommandResult: Sendable {
    var status: Int32
    var out: String
    var err: String
}

/// Runs commands, a few at a time: the tests of a suite all start at once.
enum Shell {
    static let slots = Slots(count: max(2, ProcessInfo.processInfo.activeProcessorCount))

    /// Runs a command to its end; one that takes longer than the time-out is killed and an error.
    static func run(
        _ command: [String], in folder: String? = nil, timeout seconds: Double = 120
    ) async throws -> CommandResult {
        await slots.take()
        do {
            let result = try await runAtOnce(command, in: folder, timeout: seconds)
            await slots.giveBack()
            return result
        } catch {
            await slots.giveBack()
            throw error
        }
    }

    /// Runs a command beside those that are let in: in their queue it would come too late for what
    /// another program is doing.
    static func runAtOnce(
        _ command: [String], in folder: String? = nil, timeout seconds: Double = 120
    ) async throws -> CommandResult {
        // Files, not pipes: no reader is needed, and no descendant can hold one open.
        let place = try Scratch.folder()
        let (out, err) = (place + "/out", place + "/err")
        let process = try Running(command, in: folder, out: out, err: err)
        let finished = await process.finish(timeout: seconds)
        let result = CommandResult(
            status: process.status, out: try text(out), err: try text(err))
        guard finished else {
            throw SetUpError(
                "took over \(seconds) s: \(command.joined(separator: " "))\n\(result.out)\n"
                    + result.err)
        }
        return result
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}

/// Lets so many in at once, in the order of arrival.
actor Slots {
    private var free: Int
    private var queue: [CheckedContinuation<Void, Never>] = []

    init(count: Int) {
        free = count
    }

    func take() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { queue.append($0) }
    }

    func giveBack() {
        if queue.isEmpty {
            free += 1
        } else {
            queue.removeFirst().resume()
        }
    }
}
