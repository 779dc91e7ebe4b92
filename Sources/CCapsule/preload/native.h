/// System calls from a page at a fixed address, which the filter lets pass, and the registers of a
/// trapped call: all that depends on the processor.
#pragma once

#include "preload.h"

#include <sys/syscall.h>
#include <ucontext.h>

// NATIVE_TRAPPED_FROM: shared libraries lie above this (upper half of the address); programs, their
// heaps and our page below. It holds for addresses drawn by the kernel too, with as many random bits
// as a kernel can be given: x86-64 programs end below 0x6556, libraries begin above 0x6ff0; aarch64
// with 48 bits 0xcaab and 0xdff0.
#if defined(__x86_64__)
#define NATIVE_SUPPORTED 1
#define NATIVE_AUDIT_ARCHITECTURE 0xC000003Eu
#define NATIVE_TRAPPED_FROM 0x6800u
#elif defined(__aarch64__)
#define NATIVE_SUPPORTED 1
#define NATIVE_AUDIT_ARCHITECTURE 0xC00000B7u
#define NATIVE_TRAPPED_FROM 0xd000u
#else
#define NATIVE_SUPPORTED 0
#define NATIVE_AUDIT_ARCHITECTURE 0u
#define NATIVE_TRAPPED_FROM 0u
#endif

// Numbers that older headers do not have; they are the same on all processors.
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

#define NATIVE_PAGE 0x670000000000ull

/// A trapped system call.
struct call {
    long number;
    long arguments[6];
};

/// Maps the page. Without it the calls come from this library, where the filter traps them.
bool native_prepare(void);
long native_call(long number, long a, long b, long c, long d, long e, long f);
/// Makes the call from this library, not from the page.
long native_call_here(long number, long a, long b);
/// Reads the beginning of a file of /proc as a text; it is empty when that fails.
void native_read_text(const char *path, char *text, size_t size);
void native_read_call(const ucontext_t *context, struct call *call);
void native_set_result(ucontext_t *context, long result);

/// A system call with up to six arguments; returns the kernel's answer, -errno for errors.
#define NATIVE(...) NATIVE_FILL(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
#define NATIVE_FILL(number, a, b, c, d, e, f, ...) \
    native_call((number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static inline long native_repeat(const struct call *call)
{
    const long *a = call->arguments;
    return native_call(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
