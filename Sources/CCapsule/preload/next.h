/// The functions that those of this library stand in front of.
#pragma once

#include "preload.h"

#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <unistd.h>

#define EACH_NEXT(F) \
    F(clock) F(clock_gettime) F(close) F(connect) F(dup) F(dup2) F(dup3) F(fcntl) F(fopen) \
    F(fopen64) F(getaddrinfo) F(gettimeofday) F(mkdtemp) F(mkostemps) F(open) F(open64) \
    F(openat) F(openat64) F(popen) F(posix_spawn) F(posix_spawnp) F(pread) F(pthread_create) \
    F(pthread_sigmask) F(read) F(readv) F(setsockopt) F(sigaction) F(signal) F(sigprocmask) \
    F(sigsuspend) F(socket) F(syscall) F(system) F(time) F(times) F(timespec_get)

struct next {
#define NEXT_FIELD(name) __typeof__(&name) name;
    EACH_NEXT(NEXT_FIELD)
#undef NEXT_FIELD
};

extern struct next next_functions;
void next_find(void);

/// The next functions. All are found at once at the start, because finding one may allocate.
static inline const struct next *next(void)
{
    if (UNLIKELY(!next_functions.syscall))
        next_find();
    return &next_functions;
}
