internal import CCapsule
package import Determinism
internal import Faults

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The page of memory that the agent's processes share with the coordinator: the clock, the key of
/// their entropy, and a slot for every thread's timed wait.
package final class CapsulePage: @unchecked Sendable {
    // Every field that changes is atomic in C; the pointer itself never changes.
    let pointer: OpaquePointer

    /// Where the agent finds an upstream.
    package struct Mount: Hashable, Sendable {
        package var upstream: String
        package var port: UInt16
        /// The name in the address that the agent is given; nil for 127.0.0.1.
        package var name: String?

        package init(upstream: String, port: UInt16, name: String?) {
            self.upstream = upstream
            self.port = port
            self.name = name
        }
    }

    /// The clock of the agent when the run begins.
    package struct Epochs: Hashable, Sendable {
        /// Wall-clock time in nanoseconds since 1970.
        package var wallNanoseconds: Int64
        /// What CLOCK_MONOTONIC shows.
        ///
        /// More than a second: some programs subtract from it.
        package var monotonicNanoseconds: Int64 = 1_000_000_000_000

        package init(wallNanoseconds: Int64) {
            self.wallNanoseconds = wallNanoseconds
        }
    }

    /// Makes the page.
    ///
    /// With `virtualTime` clocks and timed waits are taken over, with `seed` the kernel's entropy. An
    /// agent that is started again draws in each life what it did not draw before, as programs do.
    package init(
        path: String, virtualTime: Bool, seed: Seed?, epochs: Epochs, life: Int = 1
    ) throws(CapsuleError) {
        guard let made = capsule_page_create(path) else {
            throw CapsuleError("cannot make \(path): \(String(cString: strerror(errno)))")
        }
        pointer = made
        var flags: UInt32 = 0
        if virtualTime { flags |= UInt32(CAPSULE_VIRTUAL_TIME) }
        if seed != nil { flags |= UInt32(CAPSULE_SEEDED_ENTROPY) }
        let again = life == 1 ? "" : " life \(life)"
        let text = "stormtape agent entropy 1 \(seed?.rawValue ?? 0)\(again)"
        let key = Digest(hashing: Array(text.utf8)).bytes
        capsule_page_set_up(
            made, flags, UInt64(clamping: epochs.wallNanoseconds),
            UInt64(clamping: epochs.monotonicNanoseconds), key)
    }

    /// Makes threads ask before they connect to these mounts, or look up their names.
    ///
    /// To be called before the agent starts. Gives the first mount for which there is no room;
    /// nil when all are asked for.
    package func askFor(
        _ mounts: [Mount], closedPort: UInt16, silentPort: UInt16
    ) -> Mount? {
        capsule_page_set_dead_ends(pointer, closedPort, silentPort)
        return mounts.first {
            capsule_page_add_mount(pointer, $0.port, $0.name ?? "") != 0
        }
    }

    /// Sets the clocks to where the run is; to be called before the agent starts.
    package func goOn(at instant: SimInstant, wallShift: SimDuration) {
        setNow(instant)
        if wallShift != .zero { shiftWall(wallShift) }
    }

    /// Makes the agent a template; to be called before it starts.
    package func makeTemplate() {
        capsule_page_make_template(pointer)
    }

    /// How a copy of a template ended, as `waitpid` gives it, or -1; and whether a program
    /// outlived it.
    package var copyStatus: (status: Int32, leftSurvivors: Bool) {
        var survivors: Int32 = 0
        let status = capsule_page_status(pointer, &survivors)
        return (status, survivors != 0)
    }

    deinit {
        capsule_page_close(pointer)
    }

    /// Sets the agent's clock, which never goes back.
    func setNow(_ instant: SimInstant) {
        capsule_page_set_now(pointer, UInt64(clamping: instant.nanoseconds))
    }

    /// Sets the agent's wall clock this far from where it is.
    func shiftWall(_ shift: SimDuration) {
        capsule_page_shift_wall(pointer, shift.nanoseconds)
    }

    /// Has the next program that the agent starts end in place of beginning.
    func strikeProgram(_ fate: ProgramFate) {
        switch fate {
        case .exits(let status): capsule_page_strike_program(pointer, Int32(status), 0)
        case .signal(let signal): capsule_page_strike_program(pointer, 0, Int32(signal))
        }
    }

    /// Whether no program was started since then.
    var strikesProgram: Bool { capsule_page_strikes_program(pointer) != 0 }

    /// Begins the agent's entropy anew.
    package func nextEntropyEpoch() {
        capsule_page_next_epoch(pointer)
    }

    /// Whether any program was started with the library.
    package var wasEntered: Bool { capsule_page_programs(pointer) > 0 }

    /// What the library noticed that lowers the grade.
    package var marks: CapsuleMarks {
        CapsuleMarks(rawValue: capsule_page_marks(pointer))
    }
}

/// What the library noticed.
package struct CapsuleMarks: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let spin = CapsuleMarks(rawValue: UInt32(CAPSULE_MARK_SPIN))
    package static let staticChild = CapsuleMarks(
        rawValue: UInt32(CAPSULE_MARK_STATIC_CHILD))
    package static let slotsFull = CapsuleMarks(
        rawValue: UInt32(CAPSULE_MARK_SLOTS_FULL))
    package static let noFilter = CapsuleMarks(rawValue: UInt32(CAPSULE_MARK_NO_FILTER))
    package static let uncovered = CapsuleMarks(
        rawValue: UInt32(CAPSULE_MARK_UNCOVERED))
    package static let foreign = CapsuleMarks(rawValue: UInt32(CAPSULE_MARK_FOREIGN))
}
