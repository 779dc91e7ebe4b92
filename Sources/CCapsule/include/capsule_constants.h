#pragma once

/// How many ordinals the birth of a thread has room for.
#define CAPSULE_BIRTH_STEPS 16

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
};
