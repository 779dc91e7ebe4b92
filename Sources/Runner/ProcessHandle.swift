internal import CStormtape
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A process, held by a descriptor: its number may be another's once it has ended and been heard of.
final class ProcessHandle: Sendable {
    let pid: pid_t
    /// Readable when the process has ended; negative, as an error, where there is none.
    let descriptor: Int32

    init(_ pid: pid_t) {
        self.pid = pid
        descriptor = stormtape_pidfd(pid)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether there was no such process any more.
    var wasGone: Bool { descriptor == -ESRCH }

    /// Whether it has ended, for one that is no child of ours.
    func hasEnded(withinMilliseconds limit: Int32) -> Bool {
        guard !wasGone else { return true }
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, limit) > 0
    }

    /// Sends a signal; nothing to one that has ended.
    func send(_ signal: Int32) {
        if descriptor >= 0 {
            stormtape_signal(descriptor, signal)
        } else if !wasGone, pid > 0 {
            kill(pid, signal)
        }
    }

    /// Sends a signal to its first child.
    func sendToChild(_ signal: Int32) {
        let child = ProcessHandle(stormtape_first_child(pid))
        // Now that it is held it has to be the child still, and of a process that still runs.
        guard child.pid > 0, stormtape_first_child(pid) == child.pid,
            descriptor < 0 || !hasEnded(withinMilliseconds: 0)
        else { return }
        child.send(signal)
    }
}
