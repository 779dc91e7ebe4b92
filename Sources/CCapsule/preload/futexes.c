/// Waits on words in memory, and plain sleeps.

#include "preload.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "trap.h"

/// An element of futex_waitv; the header of older systems has none.
struct word {
    uint64_t value;
    uint64_t address;
    uint32_t flags;
    uint32_t reserved;
};

enum {
    WORD_32_BITS = 2,
    WORD_PRIVATE = 128,
};

struct timespec real_reading(clockid_t clock, uint64_t instant)
{
    struct timespec now = {0};
    NATIVE(SYS_clock_gettime, clock, &now);
    uint64_t reached = time_reached();
    uint64_t left = instant > reached ? instant - reached : 0;
    return nanoseconds_timespec(time_after(timespec_nanoseconds(&now), left));
}

void write_remaining(struct timespec *remaining, uint64_t deadline)
{
    uint64_t reached = time_reached();
    *remaining = nanoseconds_timespec(deadline > reached ? deadline - reached : 0);
}

static bool word_has(const struct call *call)
{
    return __atomic_load_n((const uint32_t *)call->arguments[0], __ATOMIC_SEQ_CST)
           == (uint32_t)call->arguments[2];
}

static clockid_t futex_clock(const struct call *call)
{
    return call->arguments[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

/// Priority-inheriting locks cannot be waited for together with another word: in real time.
static long lock_in_real_time(const struct call *call)
{
    mark(CAPSULE_MARK_UNCOVERED);
    bool is_old = (call->arguments[1] & FUTEX_CMD_MASK) == FUTEX_LOCK_PI;
    clockid_t clock = is_old ? CLOCK_REALTIME : futex_clock(call);
    const struct timespec *timeout = (const struct timespec *)call->arguments[3];
    struct timespec until = real_reading(clock, clock_instant(clock, timeout));
    struct call real = *call;
    real.arguments[3] = (long)&until;
    return native_repeat(&real);
}

static long wait_in_real_time(const struct call *call, uint64_t deadline)
{
    struct timespec until = real_reading(CLOCK_MONOTONIC, deadline);
    long operation = FUTEX_WAIT_BITSET | (call->arguments[1] & FUTEX_PRIVATE_FLAG);
    return NATIVE(SYS_futex, call->arguments[0], operation, call->arguments[2], &until, NULL,
                  FUTEX_BITSET_MATCH_ANY);
}

/// Waits for the agent's word and for the coordinator, whichever is first.
static long wait_for_word(const struct call *call, uint64_t deadline)
{
    if (time_is_endless(deadline)) {
        struct call endless = *call;
        endless.arguments[3] = 0;
        return native_repeat(&endless);
    }
    struct wait wait;
    if (!wait_begin(&wait, CAPSULE_IN_FUTEX, call->number, deadline))
        return wait_in_real_time(call, deadline);
    bool is_private = call->arguments[1] & FUTEX_PRIVATE_FLAG;
    struct word words[2] = {
        {.value = (uint32_t)call->arguments[2],
         .address = (uint64_t)call->arguments[0],
         .flags = WORD_32_BITS | (is_private ? WORD_PRIVATE : 0)},
        {.value = 0, .address = (uint64_t)&wait.slot->control, .flags = WORD_32_BITS},
    };
    long result = NATIVE(SYS_futex_waitv, words, COUNT(words), 0, NULL, 0);
    bool fired = wait_end(&wait);
    if (result == 1)
        return -ETIMEDOUT;
    if (result == -EAGAIN && fired && word_has(call))
        return -ETIMEDOUT;
    return result;
}

long answer_futex(const struct call *call)
{
    int command = (int)call->arguments[1] & FUTEX_CMD_MASK;
    const struct timespec *timeout = (const struct timespec *)call->arguments[3];
    if (!timeout || !timespec_is_valid(timeout))
        return native_repeat(call);
    if (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET)
        return lock_in_real_time(call);
    // A wake by bits cannot be told from another: the waiter wakes up more often than asked.
    if (command == FUTEX_WAIT_BITSET && (uint32_t)call->arguments[5] != FUTEX_BITSET_MATCH_ANY)
        mark(CAPSULE_MARK_UNCOVERED);
    uint64_t reached = time_reached();
    uint64_t deadline = command == FUTEX_WAIT
                            ? time_after(reached, timespec_nanoseconds(timeout))
                            : clock_instant(futex_clock(call), timeout);
    if (deadline <= reached)
        return word_has(call) ? -ETIMEDOUT : -EAGAIN;
    return wait_for_word(call, deadline);
}

/// Polls, because like a sleep a poll is ended by each signal that has a handler. Waits for futexes
/// are taken up again when the handler has SA_RESTART.
static long sleep_until(long number, uint64_t deadline)
{
    if (time_is_endless(deadline))
        return NATIVE(SYS_ppoll, NULL, 0, NULL, NULL, 0);
    struct wait wait;
    if (!wait_begin(&wait, CAPSULE_IN_POLL, number, deadline)) {
        struct timespec until = real_reading(CLOCK_MONOTONIC, deadline);
        return NATIVE(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    struct pollfd wake = {.fd = wait.wake_descriptor, .events = POLLIN};
    long result;
    do
        result = wait_poll(&wake, 1, NULL);
    while (result >= 0 && !wait_fired(&wait));
    return wait_end(&wait) ? 0 : -EINTR;
}

/// A sleep of no time: ends when all others wait. At first no time passes, for how many of them a
/// loop makes often depends on chance; but a loop that waits for time to pass must come to an end.
static long sleep_for_nothing(long number)
{
    enum { FREE_SLEEPS = 100, DOUBLED_EVERY = 16, DOUBLINGS = 10 };
    uint64_t reached = time_reached();
    uint32_t count = self.empty_sleeps + 1;
    long result = 0;
    if (count > FREE_SLEEPS) {
        uint32_t doublings = (count - FREE_SLEEPS) / DOUBLED_EVERY;
        uint64_t step = 1000ull << (doublings < DOUBLINGS ? doublings : DOUBLINGS);
        result = sleep_until(number, reached + step);
    } else {
        result = sleep_until(number, CAPSULE_TURN);
    }
    self.empty_sleeps = count;
    return result;
}

static long sleep_for(long number, uint64_t duration, struct timespec *remaining)
{
    if (duration == 0)
        return sleep_for_nothing(number);
    uint64_t deadline = time_after(time_reached(), duration);
    long result = sleep_until(number, deadline);
    if (result == -EINTR && remaining)
        write_remaining(remaining, deadline);
    return result;
}

long answer_sleep(const struct call *call)
{
    bool is_plain = call->number == SYS_nanosleep;
    const long *rest = is_plain ? &call->arguments[0] : &call->arguments[2];
    clockid_t clock = is_plain ? CLOCK_MONOTONIC : (clockid_t)call->arguments[0];
    const struct timespec *duration = (const struct timespec *)rest[0];
    uint64_t epoch;
    if (!duration || !timespec_is_valid(duration) || clock == CLOCK_THREAD_CPUTIME_ID)
        return native_repeat(call);
    if (!clock_epoch(clock, &epoch))
        return answer_uncovered(call);
    if (is_plain || !(call->arguments[1] & TIMER_ABSTIME))
        return sleep_for(call->number, timespec_nanoseconds(duration), (struct timespec *)rest[1]);
    uint64_t deadline = clock_instant(clock, duration);
    uint64_t reached = time_reached();
    if (deadline == reached)
        return sleep_for_nothing(call->number);
    return deadline < reached ? 0 : sleep_until(call->number, deadline);
}

// MARK: Children

/// Whether there is no child to look for, which no waiting changes. Takes none.
static bool is_childless(const struct call *call)
{
    const long *a = call->arguments;
    long kind = a[0], id = a[1], options = a[3];
    if (call->number == SYS_wait4) {
        long pid = (pid_t)a[0];
        kind = pid == -1 ? P_ALL : pid > 0 ? P_PID : P_PGID;
        id = pid > 0 ? pid : -pid;
        options = a[2];
    }
    options = (options & (__WNOTHREAD | __WCLONE | __WALL)) | WEXITED | WNOHANG | WNOWAIT;
    return NATIVE(SYS_waitid, kind, id, NULL, options, NULL) == -ECHILD;
}

/// A look for children that have ended comes when all others wait: whether a child that has just
/// closed its output has ended as well is otherwise left to chance.
long answer_child(const struct call *call)
{
    if (!is_childless(call))
        sleep_for_nothing(call->number);
    return native_repeat(call);
}
