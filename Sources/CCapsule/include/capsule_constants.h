#pragma once

/// How many ordinals the birth of a thread has room for.
#define CAPSULE_BIRTH_STEPS 16

/// A wait ends so long after its deadline. Never exactly at it: programs that find nothing left of
/// their time, but not less than nothing, wait again for ever.
#define CAPSULE_LANDING_NS 1000

/// The deadline of a wait for no time, which is over as soon as all others wait.
#define CAPSULE_TURN 0

/// What a slot is for.
enum {
    CAPSULE_FREE = 0,
    CAPSULE_THREAD = 1,  ///< The one timed wait that a thread can be in.
    CAPSULE_TIMER = 2,   ///< A timer object: timerfd, interval timer, POSIX timer.
};

/// What the library takes over; bits of `flags`.
enum {
    CAPSULE_VIRTUAL_TIME = 1,    ///< Clocks and timed waits; else time is real.
    CAPSULE_SEEDED_ENTROPY = 2,  ///< Kernel entropy.
};

/// What lowers the grade; bits of `marks`. Each has its own bit so that a report can say it.
enum {
    CAPSULE_MARK_SPIN = 1,          ///< A thread read the clock without end; it was let go on.
    CAPSULE_MARK_STATIC_CHILD = 2,  ///< A program without the dynamic linker was started.
    CAPSULE_MARK_SLOTS_FULL = 4,    ///< More threads than slots: the rest waits in real time.
    CAPSULE_MARK_NO_FILTER = 8,     ///< The kernel refused the filter: waits are in real time.
    CAPSULE_MARK_UNCOVERED = 16,    ///< A timed call that the library does not translate.
    CAPSULE_MARK_FOREIGN = 32,      ///< A connection to another machine was tried.
};

/// What a thread asks the coordinator.
enum {
    CAPSULE_ASKS_TO_CONNECT = 0x10000,  ///< Whether it may connect to the mount at a port.
    CAPSULE_ASKS_FOR_NAME = 0x10001,    ///< What the name of the mount at a port is.
};

/// What the coordinator answers.
enum {
    CAPSULE_OPEN = 0,       ///< As if nobody had been asked.
    CAPSULE_REFUSED = 1,    ///< The connection is refused.
    CAPSULE_SILENT = 2,     ///< Nobody ever answers the attempt to connect.
    CAPSULE_NO_NAME = 3,    ///< There is no such name.
    CAPSULE_NO_SERVER = 4,  ///< No name server answers.
};

/// How many mounts an agent can be asked about, and how long their names may be.
#define CAPSULE_MOUNTS 64
#define CAPSULE_NAME_BYTES 94
