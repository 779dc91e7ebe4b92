internal import CStormtape
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The signals that ask a service to end, waited for and not handled.
struct StopSignals {
    private var set = sigset_t()

    /// Blocks them in this thread and in those that it starts from now on.
    init() {
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for one of them, for so long; false when none came.
    func wait(milliseconds: Int) -> Bool {
        var set = set
        #if canImport(Glibc)
            var limit = timespec(
                tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
            return sigtimedwait(&set, nil, &limit) > 0
        #else
            var pending = sigset_t()
            usleep(UInt32(milliseconds) * 1_000)
            sigpending(&pending)
            guard sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1 else {
                return false
            }
            var signal: Int32 = 0
            return sigwait(&set, &signal) == 0
        #endif
    }
}
