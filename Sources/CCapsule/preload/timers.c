/// Timer objects: timerfd, interval timers and POSIX timers. The kernel's own are never armed: each
/// has a slot with its deadline, and the coordinator makes it go off.

#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/timerfd.h>

#include "trap.h"

/// When a timer goes off, and how often after.
struct setting {
    uint64_t deadline;  ///< 0: not armed.
    uint64_t interval;
};

static struct capsule_slot *find_timer(uint32_t kind, int32_t target, uint32_t timer_id)
{
    int32_t pid = (int32_t)NATIVE(SYS_getpid);
    uint32_t count = atomic_load(&process.page->slot_count);
    for (uint32_t i = 0; i < count; i++) {
        struct capsule_slot *slot = &process.page->slots[i];
        if (atomic_load(&slot->use) == CAPSULE_TIMER && slot->pid == pid && slot->kind == kind
            && (kind != CAPSULE_TIMERFD || slot->target == target)
            && (kind != CAPSULE_POSIX_TIMER || slot->timer_id == timer_id))
            return slot;
    }
    return NULL;
}

static struct capsule_slot *make_timer(uint32_t kind)
{
    uint16_t birth[CAPSULE_BIRTH_STEPS];
    birth_next(birth);
    struct capsule_slot *slot = slot_acquire(CAPSULE_TIMER, birth);
    if (slot)
        slot->kind = kind;
    return slot;
}

static void set_timer(struct capsule_slot *slot, struct setting setting, bool goes_off)
{
    atomic_store(&slot->state, CAPSULE_RUNNING);
    atomic_store(&slot->deadline, setting.deadline);
    atomic_store(&slot->interval, setting.deadline ? setting.interval : 0);
    atomic_fetch_add(&slot->generation, 1);
    if (setting.deadline && goes_off && !time_is_endless(setting.deadline))
        atomic_store(&slot->state, CAPSULE_ARMED);
}

/// Nanoseconds until the timer goes off; 0 when it is not armed.
static uint64_t timer_left(const struct capsule_slot *slot)
{
    uint64_t deadline = slot ? atomic_load(&slot->deadline) : 0;
    if (deadline == 0)
        return 0;
    uint64_t reached = time_reached();
    if (deadline > reached)
        return deadline - reached;
    uint64_t interval = atomic_load(&slot->interval);
    return interval ? interval - (reached - deadline) % interval : 0;
}

static struct itimerspec timer_status(const struct capsule_slot *slot)
{
    return (struct itimerspec){
        .it_value = nanoseconds_timespec(timer_left(slot)),
        .it_interval = nanoseconds_timespec(slot ? atomic_load(&slot->interval) : 0),
    };
}

static bool itimerspec_is_valid(const struct itimerspec *setting)
{
    return timespec_is_valid(&setting->it_value) && timespec_is_valid(&setting->it_interval);
}

static struct setting read_setting(const struct itimerspec *from, bool is_absolute, clockid_t clock)
{
    uint64_t value = timespec_nanoseconds(&from->it_value);
    if (value == 0)
        return (struct setting){0};
    uint64_t deadline = is_absolute ? clock_instant(clock, &from->it_value)
                                    : time_after(time_reached(), value);
    return (struct setting){.deadline = deadline ? deadline : 1,
                            .interval = timespec_nanoseconds(&from->it_interval)};
}

// MARK: timerfd

/// The clock of a timerfd is written in /proc, as `clockid: 1`.
static clockid_t timerfd_clock(int descriptor)
{
    char path[64] = "/proc/self/fdinfo/";
    *decimal_format(path + strlen(path), (uint64_t)descriptor) = 0;
    char text[512];
    native_read_text(path, text, sizeof text);
    const char *line = strstr(text, "clockid: ");
    return line ? line[strlen("clockid: ")] - '0' : CLOCK_MONOTONIC;
}

static long set_timerfd(const struct call *call)
{
    int descriptor = (int)call->arguments[0];
    int flags = (int)call->arguments[1];
    const struct itimerspec *wanted = (const struct itimerspec *)call->arguments[2];
    struct itimerspec *old = (struct itimerspec *)call->arguments[3];
    if (!wanted)
        return -EFAULT;
    if (!itimerspec_is_valid(wanted))
        return -EINVAL;
    // Disarms it, which also takes back what nobody has read, and checks the arguments.
    struct itimerspec nothing = {0};
    long result = NATIVE(SYS_timerfd_settime, descriptor, flags, &nothing, NULL);
    if (result < 0)
        return result;
    struct capsule_slot *slot = find_timer(CAPSULE_TIMERFD, descriptor, 0);
    struct itimerspec former = timer_status(slot);
    bool is_absolute = flags & TFD_TIMER_ABSTIME;
    clockid_t clock = is_absolute ? timerfd_clock(descriptor) : CLOCK_MONOTONIC;
    struct setting setting = read_setting(wanted, is_absolute, clock);
    if (!slot && setting.deadline) {
        slot = make_timer(CAPSULE_TIMERFD);
        if (!slot)
            return native_repeat(call);
        slot->target = descriptor;
        descriptor_note_timer(descriptor);
    }
    if (slot)
        set_timer(slot, setting, true);
    if (old)
        *old = former;
    return 0;
}

long answer_timerfd(const struct call *call)
{
    if (call->number == SYS_timerfd_settime)
        return set_timerfd(call);
    struct capsule_slot *slot = find_timer(CAPSULE_TIMERFD, (int32_t)call->arguments[0], 0);
    if (!slot || !call->arguments[1])
        return native_repeat(call);
    *(struct itimerspec *)call->arguments[1] = timer_status(slot);
    return 0;
}

void timer_descriptor_closed(int descriptor)
{
    struct capsule_slot *slot = find_timer(CAPSULE_TIMERFD, descriptor, 0);
    if (slot)
        slot_release(slot);
}

// MARK: Interval timers

static struct timeval nanoseconds_timeval(uint64_t nanoseconds)
{
    // Rounded up, so that a timer that is armed does not look as if it were not.
    uint64_t microseconds = (nanoseconds + 999) / 1000;
    return (struct timeval){.tv_sec = (time_t)(microseconds / 1000000),
                            .tv_usec = (suseconds_t)(microseconds % 1000000)};
}

static bool timeval_is_valid(const struct timeval *value)
{
    return value->tv_sec >= 0 && value->tv_usec >= 0 && value->tv_usec < 1000000;
}

static struct timespec timeval_timespec(const struct timeval *value)
{
    return (struct timespec){.tv_sec = value->tv_sec, .tv_nsec = value->tv_usec * 1000};
}

/// Arms SIGALRM. Returns false when there is no slot.
static bool set_interval_timer(const struct itimerspec *wanted)
{
    struct capsule_slot *slot = find_timer(CAPSULE_ITIMER, 0, 0);
    struct setting setting = read_setting(wanted, false, CLOCK_MONOTONIC);
    if (!slot && !setting.deadline)
        return true;
    if (!slot)
        slot = make_timer(CAPSULE_ITIMER);
    if (!slot)
        return false;
    slot->signal = SIGALRM;
    set_timer(slot, setting, true);
    return true;
}

#ifdef SYS_alarm
static long answer_alarm(const struct call *call)
{
    uint64_t left = timer_left(find_timer(CAPSULE_ITIMER, 0, 0));
    struct itimerspec wanted = {.it_value.tv_sec = (time_t)(unsigned)call->arguments[0]};
    if (!set_interval_timer(&wanted))
        return native_repeat(call);
    uint64_t seconds = (left + NANOSECONDS / 2) / NANOSECONDS;
    return left && seconds == 0 ? 1 : (long)seconds;
}
#endif

static void write_itimer_status(struct itimerval *to)
{
    struct capsule_slot *slot = find_timer(CAPSULE_ITIMER, 0, 0);
    to->it_value = nanoseconds_timeval(timer_left(slot));
    to->it_interval = nanoseconds_timeval(slot ? atomic_load(&slot->interval) : 0);
}

static long set_itimer(const struct call *call)
{
    const struct itimerval *wanted = (const struct itimerval *)call->arguments[1];
    struct itimerval *old = (struct itimerval *)call->arguments[2];
    struct itimerspec setting = {0};
    if (wanted) {
        if (!timeval_is_valid(&wanted->it_value) || !timeval_is_valid(&wanted->it_interval))
            return -EINVAL;
        setting.it_value = timeval_timespec(&wanted->it_value);
        setting.it_interval = timeval_timespec(&wanted->it_interval);
    }
    struct itimerval former;
    write_itimer_status(&former);
    if (!set_interval_timer(&setting))
        return native_repeat(call);
    if (old)
        *old = former;
    return 0;
}

long answer_interval_timer(const struct call *call)
{
#ifdef SYS_alarm
    if (call->number == SYS_alarm)
        return answer_alarm(call);
#endif
    if (call->arguments[0] != ITIMER_REAL)
        return answer_uncovered(call);
    if (call->number == SYS_setitimer)
        return set_itimer(call);
    if (!call->arguments[1])
        return -EFAULT;
    write_itimer_status((struct itimerval *)call->arguments[1]);
    return 0;
}

// MARK: POSIX timers

/// The part of the kernel's sigevent that is used.
struct event {
    uint64_t value;
    int32_t signal;
    int32_t notify;
    int32_t thread;
};

static long create_timer(const struct call *call)
{
    clockid_t clock = (clockid_t)call->arguments[0];
    const struct event *event = (const struct event *)call->arguments[1];
    uint64_t epoch;
    if (!clock_epoch(clock, &epoch))
        return answer_uncovered(call);
    long result = native_repeat(call);
    if (result < 0)
        return result;
    struct capsule_slot *slot = make_timer(CAPSULE_POSIX_TIMER);
    if (!slot)
        return result;
    uint32_t timer_id = *(const uint32_t *)call->arguments[2];
    slot->timer_id = timer_id;
    slot->clock = (uint64_t)clock;
    slot->signal = SIGALRM;
    slot->signal_value = timer_id;
    if (event) {
        slot->signal = event->notify == SIGEV_NONE ? 0 : event->signal;
        slot->signal_value = event->value;
        slot->target = event->notify == SIGEV_THREAD_ID ? event->thread : 0;
    }
    return result;
}

static long set_posix_timer(const struct call *call, struct capsule_slot *slot)
{
    const struct itimerspec *wanted = (const struct itimerspec *)call->arguments[2];
    struct itimerspec *old = (struct itimerspec *)call->arguments[3];
    if (!wanted || !itimerspec_is_valid(wanted))
        return -EINVAL;
    struct itimerspec former = timer_status(slot);
    bool is_absolute = call->arguments[1] & TIMER_ABSTIME;
    set_timer(slot, read_setting(wanted, is_absolute, (clockid_t)slot->clock), slot->signal != 0);
    if (old)
        *old = former;
    return 0;
}

long answer_posix_timer(const struct call *call)
{
    if (call->number == SYS_timer_create)
        return create_timer(call);
    struct capsule_slot *slot =
        find_timer(CAPSULE_POSIX_TIMER, 0, (uint32_t)call->arguments[0]);
    if (!slot)
        return call->number == SYS_timer_settime ? answer_uncovered(call) : native_repeat(call);
    switch (call->number) {
    case SYS_timer_settime:
        return set_posix_timer(call, slot);
    case SYS_timer_gettime:
        if (!call->arguments[1])
            return -EFAULT;
        *(struct itimerspec *)call->arguments[1] = timer_status(slot);
        return 0;
    default:
        slot_release(slot);
        return native_repeat(call);
    }
}
