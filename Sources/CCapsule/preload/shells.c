/// system() and popen(), which start their shell inside of libc, and the variadic syscall().

#include "programs.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "native.h"
#include "next.h"

// MARK: system

static int run_shell(const char *command, const sigset_t *mask, const struct sigaction *interrupt,
                     const struct sigaction *quit)
{
    sigset_t restored;
    sigemptyset(&restored);
    if (interrupt->sa_handler != SIG_IGN)
        sigaddset(&restored, SIGINT);
    if (quit->sa_handler != SIG_IGN)
        sigaddset(&restored, SIGQUIT);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, mask);
    posix_spawnattr_setsigdefault(&attributes, &restored);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    char *arguments[] = {"sh", "-c", (char *)command, NULL};
    pid_t pid;
    int error = posix_spawn(&pid, "/bin/sh", NULL, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    if (error) {
        errno = error;
        return W_EXITCODE(127, 0);
    }
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

EXPORTED int system(const char *command)
{
    if (!process.page || !command)
        return next()->system(command);
    struct sigaction ignored = {.sa_handler = SIG_IGN}, interrupt, quit;
    sigset_t child, mask;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigaction(SIGINT, &ignored, &interrupt);
    sigaction(SIGQUIT, &ignored, &quit);
    pthread_sigmask(SIG_BLOCK, &child, &mask);
    int status = run_shell(command, &mask, &interrupt, &quit);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return status;
}

// MARK: popen

static pthread_mutex_t exchange = PTHREAD_MUTEX_INITIALIZER;

void popen_after_fork(void)
{
    // Another thread may have held it, and is not there any more.
    pthread_mutex_init(&exchange, NULL);
}

/// The shell gets the environment of the process, which holds the birth of the process: it is
/// exchanged until the shell has started.
EXPORTED FILE *popen(const char *command, const char *mode)
{
    if (!process.page)
        return next()->popen(command, mode);
    pthread_mutex_lock(&exchange);
    struct inheritance inheritance;
    char **former = environ;
    char *inherited[inheritance_size(former)];
    uint16_t birth[CAPSULE_BIRTH_STEPS];
    birth_next(birth);
    inherit(&inheritance, former, inherited, birth, 0, 0);
    environ = inherited;
    FILE *stream = next()->popen(command, mode);
    environ = former;
    pthread_mutex_unlock(&exchange);
    return stream;
}

// MARK: syscall

static bool is_time_call(long number)
{
#ifdef SYS_time
    if (number == SYS_time)
        return true;
#endif
    return number == SYS_clock_gettime || number == SYS_gettimeofday;
}

static long call_time(long number, const long a[6])
{
    if (number == SYS_clock_gettime)
        return clock_gettime((clockid_t)a[0], (struct timespec *)a[1]);
    if (number == SYS_gettimeofday)
        return gettimeofday((struct timeval *)a[0], (void *)a[1]);
    return time((time_t *)a[0]);
}

EXPORTED long syscall(long number, ...)
{
    long a[6];
    va_list rest;
    va_start(rest, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(rest, long);
    va_end(rest);
    if (process.clock && is_time_call(number))
        return call_time(number, a);
    if (process.entropy && number == SYS_getrandom)
        return getrandom((void *)a[0], (size_t)a[1], (unsigned)a[2]);
    if (number == SYS_execve)
        return execve((const char *)a[0], (char *const *)a[1], (char *const *)a[2]);
    if (number == SYS_execveat)
        return execveat((int)a[0], (const char *)a[1], (char *const *)a[2], (char *const *)a[3],
                        (int)a[4]);
    return next()->syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// MARK: Timeouts of sockets

/// The kernel keeps these timeouts itself.
EXPORTED int setsockopt(int descriptor, int level, int option, const void *value, socklen_t size)
{
    if (process.clock && level == SOL_SOCKET && (option == SO_RCVTIMEO || option == SO_SNDTIMEO)
        && (uintptr_t)value != 0 && size >= sizeof(struct timeval)) {
        const struct timeval *timeout = value;
        if (timeout->tv_sec || timeout->tv_usec)
            mark(CAPSULE_MARK_UNCOVERED);
    }
    return next()->setsockopt(descriptor, level, option, value, size);
}
