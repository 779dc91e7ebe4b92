#pragma once
#include <stdatomic.h>
#include <stdint.h>

#include "capsule_constants.h"

/// The page that the capsule's coordinator shares with every process of an agent.
///
/// The coordinator alone writes `now`, `entropy_epoch` and a slot's `FIRED`; a process writes the
/// rest of the slots that it owns. Instants are nanoseconds since the start of the run.

#define CAPSULE_MAGIC 0x4C5550534D525453ull
#define CAPSULE_LAYOUT_VERSION 4u
#define CAPSULE_SLOTS 2048

/// The environment variable that holds the path of the page and, after a colon, the birth of the
/// process: `/tmp/.stormtape/page:1.3`. The library itself appends, for a process that runs a new
/// program, how many it ran before and how many children it has had: `page:1.3/1/4`.
#define CAPSULE_VARIABLE "STORMTAPE_CAPSULE"

/// The state of a slot.
enum {
    CAPSULE_RUNNING = 0,   ///< A thread that is in no timed wait; a timer that is not armed.
    CAPSULE_IN_FUTEX = 1,  ///< It waits on `control` as a futex: the coordinator sets it to 1 and wakes.
    CAPSULE_IN_POLL = 2,   ///< It polls `wake_descriptor`, an eventfd: the coordinator writes 1 to it.
    CAPSULE_ARMED = 3,     ///< A timer with a deadline.
    CAPSULE_FIRED = 4,     ///< The coordinator ended the wait; the owner turns it into RUNNING.
};

/// What kind of timer a `CAPSULE_TIMER` slot is; in `kind`.
enum {
    /// Descriptor `target` of the process: the coordinator takes it (pidfd_getfd) and arms the real
    /// timerfd with 1 ns.
    CAPSULE_TIMERFD = 1,
    /// ITIMER_REAL: the coordinator sends SIGALRM to the process.
    CAPSULE_ITIMER = 2,
    /// timer_create with a signal: signal number `signal`, value `signal_value`, to the thread
    /// `target`, or to the process when it is 0.
    CAPSULE_POSIX_TIMER = 3,
};

/// One thread or one timer.
struct capsule_slot {
    _Atomic uint32_t use;
    _Atomic uint32_t state;
    _Atomic uint32_t control;      ///< 0; 1 when the coordinator fired a futex wait.
    /// Threads: the number of the system call, or what they ask. Timers: see above.
    uint32_t kind;
    int32_t pid, tid;              ///< As the process itself sees them, in its own namespace.
    int32_t wake_descriptor;       ///< The thread's eventfd, -1 until it first polls.
    int32_t target;                ///< See the kinds of timers.
    _Atomic uint64_t deadline;     ///< When the wait ends by itself; the port that is asked about.
    _Atomic uint64_t generation;   ///< Goes up each time a wait begins or a timer is armed anew.
    /// Timers: the period; the coordinator arms it again. 0 for none. Threads: the answer to what
    /// they asked.
    _Atomic uint64_t interval;
    uint64_t signal_value;
    int32_t signal;
    uint32_t timer_id;             ///< POSIX timers: the kernel's identifier. timerfd: unused.
    /// Who it is whatever the kernel calls it: the ordinals of births from the first process on,
    /// ended by 0. The first thread of the first process is 1; its third child, thread or
    /// process, is 1.3. A timer counts as a child of the thread that made it. The ordinal 0xFFFF
    /// stands before the count of threads that came by no known way.
    uint16_t birth[CAPSULE_BIRTH_STEPS];
    _Atomic uint64_t clock_reads;  ///< Reads since `now` last changed, by this thread.
    uint64_t clock;                ///< POSIX timers: their clock, for the process itself.
    uint64_t reserved[2];
};

/// Where an upstream of the agent is mounted on loopback.
struct capsule_mount {
    uint16_t port;
    char name[CAPSULE_NAME_BYTES];  ///< The name in the agent's address of it; empty for 127.0.0.1.
};

/// A bit of `program_fate`: the rest is a status.
#define CAPSULE_FATE_EXIT 0x100u

/// The whole page.
struct capsule_page {
    uint64_t magic;
    uint32_t layout_version;
    uint32_t flags;
    _Atomic uint64_t now;             ///< The instant of the run.
    _Atomic uint64_t wall_epoch;      ///< CLOCK_REALTIME at `now` = 0, since 1970.
    uint64_t monotonic_epoch;         ///< CLOCK_MONOTONIC and CLOCK_BOOTTIME at `now` = 0.
    _Atomic uint64_t entropy_epoch;   ///< Goes up with every take that is consumed.
    uint8_t seed[32];                 ///< The key of the agent's entropy.
    _Atomic uint32_t marks;
    _Atomic uint32_t process_count;
    _Atomic uint64_t traps;           ///< System calls that were trapped.
    _Atomic uint32_t slot_count;      ///< Slots that were ever used; those after it are free.
    uint32_t mount_count;             ///< How many mounts threads ask about; the rest are open.
    uint16_t closed_port;             ///< Of loopback, where every connection is refused.
    uint16_t silent_port;             ///< Of loopback, where no attempt to connect is answered.
    uint32_t is_template;             ///< Whether the agent is a template of runs.
    _Atomic int32_t status;           ///< Of a copy of a template, as `waitpid` gives it; -1 before.
    int32_t survivors;                ///< Whether a program outlived it.
    /// How the next program that is started ends in place of beginning: CAPSULE_FATE_EXIT and a
    /// status, or the number of a signal; 0 for none. Whoever starts it takes it away.
    _Atomic uint32_t program_fate;
    uint32_t reserved;
    struct capsule_mount mounts[CAPSULE_MOUNTS];
    struct capsule_slot slots[CAPSULE_SLOTS];
};


_Static_assert(sizeof(struct capsule_slot) == 136, "the layout is shared between builds");
