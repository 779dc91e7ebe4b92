/// Clocks: what a read returns, and the functions that read.

#include "preload.h"

#include <errno.h>
#include <string.h>

#include "native.h"
#include "next.h"

/// What ends loops that only read the clock. After SPIN_READS in which nothing changed, a thread's
/// own time begins to step ahead of the page's: first once in SPIN_PAUSE reads, as loops that wait
/// for a deadline that is now (Python's multiprocessing has one) need a single step, and as few as
/// possible keep a run exact; after SPIN_STEPS of these with every read.
enum {
    SPIN_READS = 20000,
    SPIN_PAUSE = 1000,
    SPIN_STEPS = 100,
    SPIN_STEP = 1000,
};

#define CLOCK_TICKS 100

uint64_t timespec_nanoseconds(const struct timespec *duration)
{
    uint64_t seconds = (uint64_t)duration->tv_sec;
    if (seconds > INT64_MAX / NANOSECONDS)
        return INT64_MAX;
    return seconds * NANOSECONDS + (uint64_t)duration->tv_nsec;
}

struct timespec nanoseconds_timespec(uint64_t nanoseconds)
{
    return (struct timespec){.tv_sec = (time_t)(nanoseconds / NANOSECONDS),
                             .tv_nsec = (long)(nanoseconds % NANOSECONDS)};
}

bool timespec_is_valid(const struct timespec *duration)
{
    return duration->tv_sec >= 0 && duration->tv_nsec >= 0
           && duration->tv_nsec < (long)NANOSECONDS;
}

bool time_is_endless(uint64_t deadline)
{
    const uint64_t century = 100ull * 365 * 86400 * NANOSECONDS;
    return deadline > time_reached() + century;
}

uint64_t time_after(uint64_t instant, uint64_t duration)
{
    return duration > INT64_MAX - instant ? INT64_MAX : instant + duration;
}

static uint64_t spin(uint64_t now)
{
    self.own_time = (self.own_time > now ? self.own_time : now) + SPIN_STEP;
    self.reads = SPIN_READS;
    if (self.spin_steps < SPIN_STEPS)
        self.reads -= SPIN_PAUSE;
    if (++self.spin_steps == SPIN_STEPS)
        mark(CAPSULE_MARK_SPIN);
    if (self.slot)
        atomic_store_explicit(&self.slot->clock_reads, SPIN_READS + self.spin_steps,
                              memory_order_relaxed);
    return self.own_time;
}

uint64_t time_read(void)
{
    uint64_t now = atomic_load_explicit(&process.clock->now, memory_order_acquire);
    if (now != self.seen_now) {
        self.seen_now = now;
        self.reads = 0;
        self.spin_steps = 0;
    } else if (UNLIKELY(++self.reads > SPIN_READS)) {
        return spin(now);
    }
    return now > self.own_time ? now : self.own_time;
}

bool clock_epoch(clockid_t clock, uint64_t *epoch)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_TAI:
        *epoch = atomic_load_explicit(&process.clock->wall_epoch, memory_order_acquire);
        return true;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
    case CLOCK_BOOTTIME_ALARM:
        *epoch = process.clock->monotonic_epoch;
        return true;
    default:
        return false;
    }
}

/// Clocks of used processor time, of this process or another: all have used the time of the run.
static bool is_processor_clock(clockid_t clock)
{
    enum { DESCRIPTOR_CLOCK = 3 };
    return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID
           || (clock < 0 && (clock & 7) != DESCRIPTOR_CLOCK);
}

bool clock_fill(clockid_t clock, struct timespec *reading)
{
    uint64_t epoch = 0;
    if (!clock_epoch(clock, &epoch) && !is_processor_clock(clock))
        return false;
    *reading = nanoseconds_timespec(time_read() + epoch);
    return true;
}

uint64_t clock_instant(clockid_t clock, const struct timespec *reading)
{
    uint64_t epoch = 0;
    clock_epoch(clock, &epoch);
    uint64_t nanoseconds = timespec_nanoseconds(reading);
    return nanoseconds > epoch ? nanoseconds - epoch : 0;
}

// MARK: Interposed functions

EXPORTED int clock_gettime(clockid_t clock, struct timespec *reading)
{
    if (LIKELY(process.clock != NULL) && LIKELY(clock_fill(clock, reading)))
        return 0;
    return next()->clock_gettime(clock, reading);
}

EXPORTED int gettimeofday(struct timeval *restrict reading, void *restrict zone)
{
    if (!process.clock)
        return next()->gettimeofday(reading, zone);
    struct timespec precise;
    clock_fill(CLOCK_REALTIME, &precise);
    // The declaration forbids NULL, programs pass it all the same.
    if ((uintptr_t)reading != 0) {
        reading->tv_sec = precise.tv_sec;
        reading->tv_usec = precise.tv_nsec / 1000;
    }
    if (zone)
        memset(zone, 0, sizeof(struct timezone));
    return 0;
}

EXPORTED time_t time(time_t *reading)
{
    if (!process.clock)
        return next()->time(reading);
    struct timespec precise;
    clock_fill(CLOCK_REALTIME, &precise);
    if (reading)
        *reading = precise.tv_sec;
    return precise.tv_sec;
}

EXPORTED int timespec_get(struct timespec *reading, int base)
{
    if (!process.clock || base != TIME_UTC)
        return next()->timespec_get(reading, base);
    clock_fill(CLOCK_REALTIME, reading);
    return base;
}

EXPORTED clock_t clock(void)
{
    if (!process.clock)
        return next()->clock();
    return (clock_t)(time_read() / (NANOSECONDS / CLOCKS_PER_SEC));
}

EXPORTED clock_t times(struct tms *used)
{
    if (!process.clock)
        return next()->times(used);
    uint64_t now = time_read();
    clock_t ticks = (clock_t)(now / (NANOSECONDS / CLOCK_TICKS));
    if (used)
        *used = (struct tms){.tms_utime = ticks};
    return (clock_t)((now + process.clock->monotonic_epoch) / (NANOSECONDS / CLOCK_TICKS));
}
