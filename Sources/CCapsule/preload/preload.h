/// What the files of the preload library share.
///
/// Where to look: `library` start and state, `births` who a thread is, `slots` its place on the
/// page, `native` system calls that no filter catches, `filter` and `trap` how timed calls get
/// here, `futexes`, `descriptors` and `timers` what becomes of them, `clocks` reads, `entropy`,
/// `chacha` and `devices` random bytes, `names` those of temporary files, `threads`, `programs`
/// and `shells` children, `signals` what keeps the trap alive, `pages` the program's own files,
/// `template` copies for many runs, `python` their end.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "capsule_page.h"

#define EXPORTED __attribute__((visibility("default")))
/// The library is loaded at start, so its thread-local storage is static and needs no allocation.
#define THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define NANOSECONDS 1000000000ull
/// How far behind a deadline the coordinator lands. A wait whose deadline is as long ago as this
/// ends when all others wait, and no time passes.
#define TIME_LANDING ((uint64_t)CAPSULE_LANDING_NS)

// MARK: Process and thread

/// Bytes of the agent's entropy, of one thread.
struct stream {
    uint64_t nonce;
    uint64_t epoch;
    uint64_t block;
    uint8_t buffer[64];
    uint32_t used;
    bool ready;
};

/// What the library knows of a thread. All zero until it is first needed.
struct thread {
    int32_t tid;
    uint16_t birth[CAPSULE_BIRTH_STEPS];
    uint32_t children;  ///< Threads, processes and timers that it made.

    struct capsule_slot *slot;
    int wake_descriptor;  ///< Valid when `wake_device` or `wake_file` is set.
    uint64_t wake_device, wake_file;

    const void *wait_frame;  ///< The stack of the wait that it is in; NULL when in none.
    uint32_t wait_state;

    uint64_t seen_now;
    uint64_t own_time;  ///< Ahead of the page's after endless reads; never goes back.
    uint32_t reads;  ///< Since `seen_now`, or since it last waited.
    uint32_t spin_steps;
    uint32_t empty_sleeps;  ///< Sleeps of no time, without another wait in between.

    struct stream stream;
};

extern THREAD_LOCAL struct thread self;

/// What the library knows of the process.
struct process {
    struct capsule_page *page;     ///< NULL: the library does nothing.
    struct capsule_page *clock;    ///< The page when time is virtual, else NULL.
    struct capsule_page *entropy;  ///< The page when entropy is seeded, else NULL.
    bool has_trap;  ///< The handler of SIGSYS is in place, and must stay.
    int32_t pid;
    uint16_t birth[CAPSULE_BIRTH_STEPS];
    uint32_t images;  ///< Programs that it ran before this one.
    struct thread *main;
    _Atomic uint32_t strangers;  ///< Threads that came by no known way.
    pthread_key_t thread_end;
    char page_path[PATH_MAX];
    char library_path[PATH_MAX];
};

extern struct process process;

static inline void mark(uint32_t bit)
{
    atomic_fetch_or_explicit(&process.page->marks, bit, memory_order_relaxed);
}

// MARK: Births

/// Appends the `ordinal`-th child to `birth`.
void birth_append(uint16_t birth[CAPSULE_BIRTH_STEPS], uint32_t ordinal);
/// Appends a thread that came by no known way.
void birth_append_stranger(uint16_t birth[CAPSULE_BIRTH_STEPS]);
/// Writes the birth of the calling thread's next child.
void birth_next(uint16_t child[CAPSULE_BIRTH_STEPS]);
/// Makes sure that the calling thread has a birth.
void birth_ensure(void);
/// Reads `1.3` and returns where it stopped.
const char *birth_parse(uint16_t birth[CAPSULE_BIRTH_STEPS], const char *text);
/// Writes `1.3` and returns where it stopped. It needs 6 bytes a step.
char *birth_format(char *text, const uint16_t birth[CAPSULE_BIRTH_STEPS]);
char *decimal_format(char *text, uint64_t number);
/// Gives the calling thread of a forked process its new identity.
void birth_fork(const uint16_t birth[CAPSULE_BIRTH_STEPS]);
/// Makes popen usable in a forked process.
void popen_after_fork(void);

// MARK: Slots and waits

struct capsule_slot *slot_acquire(uint32_t use, const uint16_t birth[CAPSULE_BIRTH_STEPS]);
void slot_release(struct capsule_slot *slot);
/// Frees what a former program of this process left on the page.
void slots_sweep(void);
/// Lets go of the slot and descriptor of the calling thread.
void slot_end_thread(void *unused);

/// A wait that the coordinator ends.
struct wait {
    struct capsule_slot *slot;
    int wake_descriptor;
    uint32_t state;
    bool borrowed;  ///< The slot serves this wait only.
};

/// Announces a wait. Returns false when there is no slot: it must then be done in real time.
bool wait_begin(struct wait *wait, uint32_t state, long call, uint64_t deadline);
/// Ends it, and returns whether the coordinator did.
bool wait_end(struct wait *wait);
/// Polls `entries`, of which the last is the wake descriptor, without end.
long wait_poll(struct pollfd *entries, size_t count, const uint64_t *signal_mask);
static inline bool wait_fired(const struct wait *wait)
{
    return atomic_load_explicit(&wait->slot->state, memory_order_acquire) == CAPSULE_FIRED;
}

// MARK: Time

/// The instant that the calling thread has reached.
static inline uint64_t time_reached(void)
{
    uint64_t now = atomic_load_explicit(&process.clock->now, memory_order_acquire);
    return now > self.own_time ? now : self.own_time;
}

/// The instant of a clock read, which ends loops that do nothing but read.
uint64_t time_read(void);
/// Finds the reading of `clock` at the start of the run; false for clocks of other kinds.
bool clock_epoch(clockid_t clock, uint64_t *epoch);
/// Reads a clock; false when only the kernel knows it.
bool clock_fill(clockid_t clock, struct timespec *reading);
/// The instant of `reading`.
uint64_t clock_instant(clockid_t clock, const struct timespec *reading);
uint64_t timespec_nanoseconds(const struct timespec *duration);
struct timespec nanoseconds_timespec(uint64_t nanoseconds);
bool timespec_is_valid(const struct timespec *duration);
/// Whether a wait is so long that it stands for one without end.
bool time_is_endless(uint64_t deadline);
/// Adds without wrapping: programs wait for ever by waiting for the longest time.
uint64_t time_after(uint64_t instant, uint64_t duration);

// MARK: Entropy

void entropy_fill(void *bytes, size_t count);
/// One block of ChaCha20 with a 64-bit counter and a 64-bit nonce.
void chacha_block(uint8_t block[64], const uint8_t key[32], uint64_t counter, uint64_t nonce);
/// Remembers standard streams that are random devices.
void devices_start(void);
/// Forgets a timer that is closed.
void timer_descriptor_closed(int descriptor);
/// Notes that `descriptor` is a timerfd with a slot.
void descriptor_note_timer(int descriptor);

// MARK: Templates

/// Lets the coordinator come in before the agent begins, where it is to be a template.
void template_start(void);
/// Stops before a contact with the world or a thread, where the agent is a template; returns in its
/// copies.
void template_hold(void);
/// As that, before a timed wait. Ends a template whose children wait: nobody moves their clock.
void template_waited(void);

// MARK: Start

/// Has the disk read what the program consists of.
void pages_read(void);
/// Has timed calls trapped; false when the kernel refuses.
bool filter_install(void);
bool trap_install(void);
/// Whether a filter of ours, inherited over exec, is active.
bool trap_probe(void);
void threads_start(void);
