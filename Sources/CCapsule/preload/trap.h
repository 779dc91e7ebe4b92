/// The calls that are trapped: each function answers one as the kernel would, with -errno for
/// errors. They run in a signal handler: no allocation, no lock, little stack.
#pragma once

#include "preload.h"

#include "native.h"

long answer_futex(const struct call *call);
long answer_sleep(const struct call *call);
long answer_epoll(const struct call *call);
long answer_poll(const struct call *call);
long answer_select(const struct call *call);
long answer_signal_wait(const struct call *call);
long answer_child(const struct call *call);
long answer_clock(const struct call *call);
long answer_timerfd(const struct call *call);
long answer_interval_timer(const struct call *call);
long answer_posix_timer(const struct call *call);
/// A timed call that the library does not translate.
long answer_uncovered(const struct call *call);

/// A reading of the kernel's own clock for the instant, for calls that stay in real time.
struct timespec real_reading(clockid_t clock, uint64_t instant);
/// Writes back what a wait left of its timeout.
void write_remaining(struct timespec *remaining, uint64_t deadline);
