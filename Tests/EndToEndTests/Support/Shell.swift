import Foundation
import Synchronization

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
            let result = try await unlimited(command, in: folder, timeout: seconds)
            await slots.giveBack()
            return result
        } catch {
            await slots.giveBack()
            throw error
        }
    }

    private static func unlimited(
        _ command: [String], in folder: String?, timeout seconds: Double
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

/// A started process that is killed by a signal nobody blocks, and always waited for.
final class Running: Sendable {
    private struct State {
        var ended = false
        var killed = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let process = Process()
    private let state = Mutex(State())

    /// Starts a command whose output goes into these files, or fifos that somebody reads.
    init(_ command: [String], in folder: String?, out: String, err: String) throws {
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Running.writer(out)
        process.standardError = try Running.writer(err)
        process.terminationHandler = { [self] _ in
            let waiting = state.withLock { state in
                state.ended = true
                defer { state.waiting = nil }
                return state.waiting
            }
            waiting?.resume()
        }
        try process.run()
    }

    private static func writer(_ path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SetUpError("cannot write \(path): errno \(errno)") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// The exit status; the negative number of a signal.
    var status: Int32 {
        process.terminationReason == .uncaughtSignal
            ? -process.terminationStatus : process.terminationStatus
    }

    /// Kills it without asking.
    func kill() {
        state.withLock { state in
            guard !state.ended else { return }
            state.killed = true
            _ = Foundation.kill(process.processIdentifier, SIGKILL)
        }
    }

    /// Waits for the end; false when it had to be killed.
    func finish(timeout seconds: Double) async -> Bool {
        let timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now() + seconds)
        timer.setEventHandler { [self] in kill() }
        timer.resume()
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state in
                if !state.ended { state.waiting = continuation }
                return state.ended
            }
            if ended { continuation.resume() }
        }
        timer.cancel()
        return state.withLock { !$0.killed }
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
