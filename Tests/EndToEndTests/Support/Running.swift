import Foundation
import Synchronization

/// A started process that is killed by a signal nobody blocks, and always waited for.
///
/// Not Foundation's `Process`: that one learns of an end by a socket, which a process that another
/// thread starts at the same moment may inherit, and then the end is heard of only after that
/// one's.
final class Running: Sendable {
    private struct State {
        var status: Int32?
        var killed = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let pid: pid_t
    private let state = Mutex(State())

    /// Starts a command whose output goes into these files, or fifos that somebody reads.
    init(_ command: [String], in folder: String?, out: String, err: String) throws {
        let outputs = [try Running.writer(out), try Running.writer(err)]
        defer { for output in outputs { close(output) } }
        pid = try Running.start(command, folder, outputs)
        Thread.detachNewThread { [self] in
            var end = siginfo_t()
            while waitid(P_PID, id_t(pid), &end, WEXITED | WNOWAIT) < 0, errno == EINTR {}
            let waiting = state.withLock { state in
                // Under the lock, so that nobody kills the next process of this number.
                var raw: Int32 = 0
                waitpid(pid, &raw, 0)
                let signal = raw & 0x7F
                state.status = signal == 0 ? (raw >> 8) & 0xFF : -signal
                defer { state.waiting = nil }
                return state.waiting
            }
            waiting?.resume()
        }
    }

    private static func writer(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SetUpError("cannot write \(path): errno \(errno)") }
        return descriptor
    }

    private static func start(
        _ command: [String], _ folder: String?, _ outputs: [Int32]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, outputs[0], 1)
        posix_spawn_file_actions_adddup2(&actions, outputs[1], 2)
        if let folder { try SpawnActions.enter(folder, &actions) }
        // Threads of a pool block signals, and what they start would too.
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        try SpawnActions.closeOthers(&actions)
        let arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var started: pid_t = 0
        let failure = posix_spawn(
            &started, command[0], &actions, &attributes, arguments, environ)
        guard failure == 0 else {
            throw SetUpError("cannot start \(command[0]): errno \(failure)")
        }
        return started
    }

    /// The exit status; the negative number of a signal; what it is not before the end is 0.
    var status: Int32 { state.withLock { $0.status ?? 0 } }

    var hasEnded: Bool { state.withLock { $0.status != nil } }

    /// Kills it without asking.
    func kill() {
        state.withLock { state in
            guard state.status == nil else { return }
            state.killed = true
            _ = Foundation.kill(pid, SIGKILL)
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
                if state.status == nil { state.waiting = continuation }
                return state.status != nil
            }
            if ended { continuation.resume() }
        }
        timer.cancel()
        return state.withLock { !$0.killed }
    }
}

/// What the C library can do before a program starts, and its headers keep from Swift.
enum SpawnActions {
    private typealias Enter =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>)
        -> Int32
    private typealias Close =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    /// The program starts in this folder.
    static func enter(_ folder: String, _ actions: inout posix_spawn_file_actions_t) throws {
        let add = try function("posix_spawn_file_actions_addchdir_np", Enter.self)
        _ = add(&actions, folder)
    }

    /// The program gets nothing but its standard streams: what others are opening at this moment
    /// is not kept open by it.
    static func closeOthers(_ actions: inout posix_spawn_file_actions_t) throws {
        #if os(Linux)
            _ = try function("posix_spawn_file_actions_addclosefrom_np", Close.self)(&actions, 3)
        #endif
    }

    private static func function<Function>(_ name: String, _: Function.Type) throws -> Function {
        guard let address = dlsym(UnsafeMutableRawPointer(bitPattern: 0), name) else {
            throw SetUpError("the C library has no \(name)")
        }
        return unsafeBitCast(address, to: Function.self)
    }
}
