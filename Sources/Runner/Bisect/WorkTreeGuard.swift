internal import CStormtape
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Sees to it that temporary work trees are gone when the program is interrupted.
enum WorkTreeGuard {
    private struct State {
        var paths: [String] = []
        /// Removed when nothing is left in them.
        var parents: [String] = []
        var isWatching = false
        var isInterrupted = false
    }

    private static let state = Mutex(State())

    /// Begins to wait for the signals that end a program; they are blocked in all other threads.
    static func begin() {
        let isFirst = state.withLock { state in
            defer { state.isWatching = true }
            return !state.isWatching
        }
        guard isFirst else { return }
        // Blocked before the thread starts, which inherits that.
        _ = StopSignals()
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        pthread_create(&thread, nil, { _ in WorkTreeGuard.watch() }, nil)
    }

    /// Names a folder that is to be removed, and one around it that goes when it is empty then.
    static func add(_ path: String, parent: String? = nil) {
        state.withLock { state in
            state.paths.append(path)
            if let parent { state.parents.append(parent) }
        }
    }

    /// Removes all that was named.
    static func removeAll() {
        // An interrupted program ends in the other thread; what the interruption broke is no error.
        check()
        let named = state.withLock { state in
            defer { (state.paths, state.parents) = ([], []) }
            return state
        }
        remove(named)
    }

    private static func remove(_ named: State) {
        for path in named.paths { System.removeTree(path) }
        for parent in named.parents { rmdir(parent) }
    }

    /// Stops here when the program is being interrupted.
    static func check() {
        while state.withLock({ $0.isInterrupted }) { pause() }
    }

    private static func watch() -> Never {
        let signals = StopSignals()
        while !signals.wait(milliseconds: 60_000) {}
        let named = state.withLock { state in
            state.isInterrupted = true
            return state
        }
        stormtape_kill_descendants()
        remove(named)
        _exit(Int32(RunnerError.Code.interrupted.rawValue))
    }
}
