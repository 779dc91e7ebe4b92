/// The handler of SIGSYS: makes the trapped call in virtual time.

#include "trap.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "filter.h"
#include "next.h"
#include "signals.h"

static THREAD_LOCAL volatile sig_atomic_t is_probing, was_trapped;

long answer_uncovered(const struct call *call)
{
    mark(CAPSULE_MARK_UNCOVERED);
    return native_repeat(call);
}

long answer_clock(const struct call *call)
{
    struct timespec reading;
    const long *a = call->arguments;
    switch (call->number) {
    case SYS_clock_gettime:
        if (!a[1] || !clock_fill((clockid_t)a[0], &reading))
            return native_repeat(call);
        *(struct timespec *)a[1] = reading;
        return 0;
    case SYS_gettimeofday:
        clock_fill(CLOCK_REALTIME, &reading);
        if (a[0])
            *(struct timeval *)a[0] = (struct timeval){.tv_sec = reading.tv_sec,
                                                       .tv_usec = reading.tv_nsec / 1000};
        if (a[1])
            memset((void *)a[1], 0, sizeof(struct timezone));
        return 0;
    default:
        clock_fill(CLOCK_REALTIME, &reading);
        if (a[0])
            *(time_t *)a[0] = reading.tv_sec;
        return reading.tv_sec;
    }
}

/// Message queues take a reading of the wall clock: the same instant on the kernel's clock.
static long answer_message_queue(const struct call *call)
{
    const struct timespec *timeout = (const struct timespec *)call->arguments[4];
    if (!timespec_is_valid(timeout))
        return native_repeat(call);
    struct timespec until = real_reading(CLOCK_REALTIME, clock_instant(CLOCK_REALTIME, timeout));
    struct call real = *call;
    real.arguments[4] = (long)&until;
    return answer_uncovered(&real);
}

static long answer(const struct call *call)
{
    switch (call->number) {
    case SYS_futex:
        return answer_futex(call);
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
        return answer_sleep(call);
#ifdef SYS_epoll_wait
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2:
        return answer_epoll(call);
#ifdef SYS_poll
    case SYS_poll:
#endif
    case SYS_ppoll:
        return answer_poll(call);
#ifdef SYS_select
    case SYS_select:
#endif
    case SYS_pselect6:
        return answer_select(call);
    case SYS_rt_sigtimedwait:
        return answer_signal_wait(call);
    case SYS_wait4:
    case SYS_waitid:
        return answer_child(call);
#ifdef SYS_time
    case SYS_time:
#endif
    case SYS_clock_gettime:
    case SYS_gettimeofday:
        return answer_clock(call);
    case SYS_timerfd_settime:
    case SYS_timerfd_gettime:
        return answer_timerfd(call);
#ifdef SYS_alarm
    case SYS_alarm:
#endif
    case SYS_setitimer:
    case SYS_getitimer:
        return answer_interval_timer(call);
    case SYS_timer_create:
    case SYS_timer_settime:
    case SYS_timer_gettime:
    case SYS_timer_delete:
        return answer_posix_timer(call);
    case SYS_mq_timedsend:
    case SYS_mq_timedreceive:
        return answer_message_queue(call);
    default:
        return answer_uncovered(call);
    }
}

static void handle(int signal, siginfo_t *information, void *context)
{
    int error = errno;
    if (information->si_code != FILTER_TRAP_CODE || information->si_errno != FILTER_TRAP_DATA) {
        signals_pass_on(signal, information, context);
        errno = error;
        return;
    }
    struct call call;
    native_read_call(context, &call);
    long result;
    if (UNLIKELY(is_probing)) {
        was_trapped = 1;
        result = native_repeat(&call);
    } else if (UNLIKELY(!process.clock)) {
        result = native_repeat(&call);
    } else {
        atomic_fetch_add_explicit(&process.clock->traps, 1, memory_order_relaxed);
        result = answer(&call);
    }
    native_set_result(context, result);
    errno = error;
}

bool trap_install(void)
{
    // No alternate stack: a wait must not keep the one that the agent's handlers need. Other
    // signals stay deliverable, as in the wait that was asked for.
    struct sigaction action = {.sa_sigaction = handle,
                               .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
    sigset_t trap;
    sigemptyset(&trap);
    sigaddset(&trap, SIGSYS);
    process.has_trap = next()->sigaction(SIGSYS, &action, NULL) == 0
                       && next()->sigprocmask(SIG_UNBLOCK, &trap, NULL) == 0;
    return process.has_trap;
}

bool trap_probe(void)
{
    struct timespec reading;
    is_probing = 1;
    native_call_here(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&reading);
    is_probing = 0;
    return was_trapped;
}
