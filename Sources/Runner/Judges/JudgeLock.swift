#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The right to write a cassette of judges, which one process has at a time.
///
/// The cassette itself is replaced, so the lock is a file beside it. One that a killed process left
/// is nobody's.
struct JudgeLock {
    private let path: String
    private let descriptor: Int32

    /// Takes it; where another process has it, that is the error.
    init(_ judges: String) throws(RunnerError) {
        path = JudgeLock.path(besides: judges)
        do throws(HeldFile.Refusal) {
            descriptor = try HeldFile.hold(path)
        } catch {
            switch error {
            case .held:
                throw RunnerError(
                    .usage,
                    "another `stormtape judge` is asking for \(judges); wait for it to end")
            case .failed(let what, let number):
                throw RunnerError(
                    .usage,
                    what == "open"
                        ? "cannot write beside \(judges): \(System.errorText(number))"
                        : "cannot \(what) \(path): \(System.errorText(number))")
            }
        }
    }

    /// Gives it up.
    func release() {
        unlink(path)
        close(descriptor)
    }

    static func path(besides judges: String) -> String { judges + ".judging.lock" }
}
