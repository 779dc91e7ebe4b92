internal import CCapsule

/// Names of the system calls in which a thread can be found asleep.
enum SystemCall {
    static func name(_ number: Int) -> String {
        guard number >= 0 else { return "its own code" }
        guard let name = capsule_call_name(number) else { return "system call \(number)" }
        return String(cString: name)
    }
}
