// What is known of the system calls in which a thread can be found asleep.
#define _GNU_SOURCE
#include "calls.h"

#include <stddef.h>

#include "capsule_watch.h"

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

/* FUTEX_LOCK_PI2, which older headers lack. */
enum { futex_lock_pi2 = 13 };

/* A negative int, as a system call's argument is printed. */
static int is_endless(unsigned long long argument) { return (int)argument < 0; }

/* Whether only an event ends the call: 1 yes, 0 no, 2 when it may wait for a disk. */
int call_is_durable(long call, const unsigned long long *argument) {
    switch (call) {
        case SYS_futex: {
            long command = (long)argument[1] & FUTEX_CMD_MASK;
            int waits = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET
                || command == FUTEX_LOCK_PI || command == futex_lock_pi2
                || command == FUTEX_WAIT_REQUEUE_PI;
            return waits && argument[3] == 0;
        }
        case SYS_futex_waitv: return argument[3] == 0;
#ifdef SYS_epoll_wait
        case SYS_epoll_wait: return is_endless(argument[3]);
#endif
        case SYS_epoll_pwait: return is_endless(argument[3]);
        case SYS_epoll_pwait2: return argument[3] == 0;
#ifdef SYS_poll
        case SYS_poll: return is_endless(argument[2]);
#endif
        case SYS_ppoll: return argument[2] == 0;
#ifdef SYS_select
        case SYS_select: return argument[4] == 0;
#endif
        case SYS_pselect6: return argument[4] == 0;
        case SYS_rt_sigtimedwait: return argument[2] == 0;
        case SYS_recvmmsg: return argument[4] == 0;
        case SYS_mq_timedsend:
        case SYS_mq_timedreceive: return argument[4] == 0;
        case SYS_wait4:
        case SYS_waitid:
        case SYS_rt_sigsuspend:
#ifdef SYS_pause
        case SYS_pause:
#endif
        case SYS_recvfrom:
        case SYS_recvmsg:
        case SYS_accept:
        case SYS_accept4:
        case SYS_msgrcv:
        case SYS_semop: return 1;
#ifdef SYS_open
        case SYS_open:
#endif
        case SYS_openat:
        case SYS_connect:
        case SYS_sendto:
        case SYS_sendmsg:
        case SYS_sendfile:
        case SYS_splice:
        case SYS_msgsnd:
        case SYS_read:
        case SYS_readv:
        case SYS_write:
        case SYS_writev:
        case SYS_flock:
        case SYS_fcntl: return 2;
        default: return 0;
    }
}

/* Whether real time ends the call, when it is not durable. */
int call_is_timed(long call) {
    switch (call) {
        case SYS_nanosleep:
        case SYS_clock_nanosleep:
        case SYS_futex:
        case SYS_futex_waitv:
#ifdef SYS_epoll_wait
        case SYS_epoll_wait:
#endif
        case SYS_epoll_pwait:
        case SYS_epoll_pwait2:
#ifdef SYS_poll
        case SYS_poll:
#endif
        case SYS_ppoll:
#ifdef SYS_select
        case SYS_select:
#endif
        case SYS_pselect6:
        case SYS_rt_sigtimedwait:
        case SYS_io_uring_enter: return 1;
        default: return 0;
    }
}

static const struct {
    long number;
    const char *name;
} call_names[] = {
    {SYS_futex, "futex"},
    {SYS_futex_waitv, "futex_waitv"},
    {SYS_epoll_pwait, "epoll_pwait"},
    {SYS_epoll_pwait2, "epoll_pwait2"},
    {SYS_ppoll, "ppoll"},
    {SYS_pselect6, "pselect6"},
    {SYS_rt_sigtimedwait, "rt_sigtimedwait"},
    {SYS_recvmmsg, "recvmmsg"},
    {SYS_wait4, "wait4"},
    {SYS_waitid, "waitid"},
    {SYS_rt_sigsuspend, "rt_sigsuspend"},
    {SYS_recvfrom, "recvfrom"},
    {SYS_recvmsg, "recvmsg"},
    {SYS_accept, "accept"},
    {SYS_accept4, "accept4"},
    {SYS_connect, "connect"},
    {SYS_msgrcv, "msgrcv"},
    {SYS_semop, "semop"},
    {SYS_read, "read"},
    {SYS_readv, "readv"},
    {SYS_write, "write"},
    {SYS_writev, "writev"},
    {SYS_sendto, "sendto"},
    {SYS_sendmsg, "sendmsg"},
    {SYS_sendfile, "sendfile"},
    {SYS_splice, "splice"},
    {SYS_msgsnd, "msgsnd"},
    {SYS_mq_timedsend, "mq_timedsend"},
    {SYS_mq_timedreceive, "mq_timedreceive"},
    {SYS_openat, "openat"},
    {SYS_flock, "flock"},
    {SYS_fcntl, "fcntl"},
    {SYS_nanosleep, "nanosleep"},
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_io_uring_enter, "io_uring_enter"},
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, "epoll_wait"},
#endif
#ifdef SYS_poll
    {SYS_poll, "poll"},
#endif
#ifdef SYS_select
    {SYS_select, "select"},
#endif
#ifdef SYS_pause
    {SYS_pause, "pause"},
#endif
};

const char *capsule_call_name(long call) {
    for (size_t index = 0; index < sizeof call_names / sizeof call_names[0]; index++)
        if (call_names[index].number == call) return call_names[index].name;
    return NULL;
}
#else
const char *capsule_call_name(long call) {
    (void)call;
    return NULL;
}
#endif
