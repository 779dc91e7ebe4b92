/// Waits for descriptors. All are done as a poll of these and of the thread's eventfd; what is
/// ready is always found by the agent's own call with a timeout of zero.

#include "preload.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

#include "trap.h"

/// The signal set of the kernel.
typedef uint64_t kernel_mask;

enum {
    /// Sets of this size are copied to the stack, larger ones to memory of their own.
    STACK_DESCRIPTORS = 64,
};

#define SIGNAL_BIT(signal) ((kernel_mask)1 << ((signal) - 1))

static const struct timespec no_time = {0};

/// A mask for the time of the wait. Handlers run under it, and need SIGSYS for their own waits.
struct wait_mask {
    kernel_mask bits;
    bool is_set;
};

static struct wait_mask copy_mask(long address, long size)
{
    struct wait_mask mask = {0};
    if (address && size == (long)sizeof mask.bits) {
        mask.bits = *(const kernel_mask *)address & ~SIGNAL_BIT(SIGSYS);
        mask.is_set = true;
    }
    return mask;
}

static const kernel_mask *mask_pointer(const struct wait_mask *mask)
{
    return mask->is_set ? &mask->bits : NULL;
}

// MARK: Polling

/// Descriptors to poll, with room for the eventfd.
struct poll_set {
    struct pollfd *entries;
    size_t count;
    size_t mapped;  ///< Bytes of its own memory; 0 when on the stack.
    struct pollfd few[STACK_DESCRIPTORS + 1];
};

static bool poll_set_prepare(struct poll_set *set, size_t count)
{
    set->entries = set->few;
    set->count = count;
    set->mapped = 0;
    if (count <= STACK_DESCRIPTORS)
        return true;
    size_t size = (count + 1) * sizeof *set->entries;
    long memory = NATIVE(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory < 0 && memory > -4096)
        return false;
    set->entries = (struct pollfd *)memory;
    set->mapped = size;
    return true;
}

static void poll_set_discard(struct poll_set *set)
{
    if (set->mapped)
        NATIVE(SYS_munmap, set->entries, set->mapped);
}

/// Asks what is ready, without waiting: the answer to the agent's call, 0 for nothing.
typedef long (*ask)(void *context);

/// What a call answers that does not wait: first those have their turn that are ready to run.
///
/// Threads that take turns keep the processor until they wait. An event loop that finds something
/// to do each time would keep out the very threads that could end it.
static long answer_at_once(long result)
{
    NATIVE(SYS_sched_yield);
    return result;
}

static long wait_without_end(struct poll_set *set, const struct wait_mask *mask, ask ask,
                             void *context)
{
    long result;
    do {
        result = NATIVE(SYS_ppoll, set->entries, set->count, NULL, mask_pointer(mask),
                        sizeof mask->bits);
        if (result >= 0)
            result = ask(context);
    } while (result == 0);
    return result;
}

static long wait_in_real_time(struct poll_set *set, const struct wait_mask *mask,
                              uint64_t deadline, ask ask, void *context)
{
    uint64_t reached = time_reached();
    struct timespec left = nanoseconds_timespec(deadline > reached ? deadline - reached : 0);
    long result = NATIVE(SYS_ppoll, set->entries, set->count, &left, mask_pointer(mask),
                         sizeof mask->bits);
    return result < 0 ? result : ask(context);
}

/// Waits until `ask` has an answer, a signal comes, or the coordinator ends the wait (then 0).
static long wait_for_answer(struct poll_set *set, const struct wait_mask *mask, long number,
                            uint64_t deadline, ask ask, void *context)
{
    if (time_is_endless(deadline))
        return wait_without_end(set, mask, ask, context);
    struct wait wait;
    if (!wait_begin(&wait, CAPSULE_IN_POLL, number, deadline))
        return wait_in_real_time(set, mask, deadline, ask, context);
    set->entries[set->count] = (struct pollfd){.fd = wait.wake_descriptor, .events = POLLIN};
    long result;
    do {
        result = wait_poll(set->entries, set->count + 1, mask_pointer(mask));
        if (result >= 0)
            result = ask(context);
    } while (result == 0 && !wait_fired(&wait));
    wait_end(&wait);
    return result;
}

// MARK: epoll

struct epoll_question {
    long epoll;
    long events;
    long capacity;
};

static long ask_epoll(void *context)
{
    const struct epoll_question *question = context;
    return NATIVE(SYS_epoll_pwait, question->epoll, question->events, question->capacity, 0, NULL,
                  sizeof(kernel_mask));
}

long answer_epoll(const struct call *call)
{
    const long *a = call->arguments;
    struct epoll_question question = {.epoll = a[0], .events = a[1], .capacity = a[2]};
    uint64_t timeout = (int)a[3] < 0 ? UINT64_MAX : (uint64_t)(int)a[3] * 1000000;
    struct wait_mask mask = {0};
    if (call->number == SYS_epoll_pwait2) {
        const struct timespec *duration = (const struct timespec *)a[3];
        if (duration && !timespec_is_valid(duration))
            return -EINVAL;
        timeout = duration ? timespec_nanoseconds(duration) : UINT64_MAX;
    }
#ifdef SYS_epoll_wait
    if (call->number != SYS_epoll_wait)
#endif
        mask = copy_mask(a[4], a[5]);
    long result = ask_epoll(&question);
    if (result != 0 || timeout == 0)
        return answer_at_once(result);
    struct poll_set set;
    poll_set_prepare(&set, 1);
    set.entries[0] = (struct pollfd){.fd = (int)a[0], .events = POLLIN};
    return wait_for_answer(&set, &mask, call->number, time_after(time_reached(), timeout),
                           ask_epoll, &question);
}

// MARK: poll

struct poll_question {
    long entries;
    long count;
};

static long ask_poll(void *context)
{
    const struct poll_question *question = context;
    return NATIVE(SYS_ppoll, question->entries, question->count, &no_time, NULL, 0);
}

/// With the mask from the start: a signal that is pending must end the call.
static long ask_poll_under(const struct poll_question *question, const struct wait_mask *mask)
{
    return NATIVE(SYS_ppoll, question->entries, question->count, &no_time, mask_pointer(mask),
                  sizeof mask->bits);
}

static long poll_until(const struct call *call, const struct wait_mask *mask, uint64_t deadline)
{
    struct poll_question question = {.entries = call->arguments[0], .count = call->arguments[1]};
    long result = ask_poll_under(&question, mask);
    if (result != 0 || deadline <= time_reached())
        return answer_at_once(result);
    struct poll_set set;
    if (!poll_set_prepare(&set, (size_t)question.count))
        return -ENOMEM;
    for (size_t i = 0; i < set.count; i++)
        set.entries[i] = ((const struct pollfd *)question.entries)[i];
    result = wait_for_answer(&set, mask, call->number, deadline, ask_poll, &question);
    poll_set_discard(&set);
    return result;
}

long answer_poll(const struct call *call)
{
    const long *a = call->arguments;
    uint64_t reached = time_reached();
    struct wait_mask mask = {0};
#ifdef SYS_poll
    if (call->number == SYS_poll)
        return poll_until(call, &mask, time_after(reached, (uint64_t)(int)a[2] * 1000000));
#endif
    struct timespec *timeout = (struct timespec *)a[2];
    if (!timespec_is_valid(timeout))
        return -EINVAL;
    mask = copy_mask(a[3], a[4]);
    uint64_t deadline = time_after(reached, timespec_nanoseconds(timeout));
    long result = poll_until(call, &mask, deadline);
    write_remaining(timeout, deadline);
    return result;
}

// MARK: select

enum { WORD_BITS = 8 * sizeof(unsigned long), SELECT_WORDS = FD_SETSIZE / WORD_BITS };

/// The three sets of a select, as the agent passed them: the kernel overwrites the originals.
struct select_question {
    size_t limit;
    size_t words;
    unsigned long *sets[3];
    unsigned long *asked[3];
    unsigned long few[3][SELECT_WORDS];
    size_t mapped;
};

/// How many descriptors a select looks at: the kernel never reads beyond its table of descriptors,
/// where the sets of a program may end.
static size_t select_limit(int wanted)
{
    if (wanted <= FD_SETSIZE)
        return (size_t)wanted;
    char text[1024];
    native_read_text("/proc/self/status", text, sizeof text);
    const char *line = strstr(text, "FDSize:");
    size_t size = 0;
    for (line = line ? line + strlen("FDSize:") : ""; *line && *line != '\n'; line++)
        if (*line >= '0' && *line <= '9')
            size = size * 10 + (size_t)(*line - '0');
    return size && size < (size_t)wanted ? size : (size_t)wanted;
}

static bool select_copy(struct select_question *question, const struct call *call)
{
    question->limit = select_limit((int)call->arguments[0]);
    question->words = (question->limit + WORD_BITS - 1) / WORD_BITS;
    question->mapped = 0;
    unsigned long *copies = question->few[0];
    if (question->words > SELECT_WORDS) {
        size_t size = 3 * question->words * sizeof(unsigned long);
        long memory = NATIVE(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory < 0 && memory > -4096)
            return false;
        copies = (unsigned long *)memory;
        question->mapped = size;
    }
    for (int kind = 0; kind < 3; kind++) {
        question->sets[kind] = (unsigned long *)call->arguments[1 + kind];
        question->asked[kind] = copies + (size_t)kind * question->words;
        for (size_t i = 0; i < question->words; i++)
            question->asked[kind][i] = question->sets[kind] ? question->sets[kind][i] : 0;
    }
    return true;
}

static void select_restore(const struct select_question *question)
{
    for (int kind = 0; kind < 3; kind++)
        for (size_t i = 0; question->sets[kind] && i < question->words; i++)
            question->sets[kind][i] = question->asked[kind][i];
}

static long ask_select_under(const struct select_question *question, const struct wait_mask *mask)
{
    struct timespec timeout = {0};
    struct {
        const kernel_mask *bits;
        size_t size;
    } masked = {.bits = mask_pointer(mask), .size = sizeof mask->bits};
    return NATIVE(SYS_pselect6, question->limit, question->sets[0], question->sets[1],
                  question->sets[2], &timeout, &masked);
}

static long ask_select(void *context)
{
    const struct wait_mask none = {0};
    select_restore(context);
    return ask_select_under(context, &none);
}

static short select_events(const struct select_question *question, size_t descriptor)
{
    static const short events[3] = {POLLIN | POLLRDNORM | POLLRDBAND,
                                    POLLOUT | POLLWRNORM | POLLWRBAND, POLLPRI};
    short all = 0;
    for (int kind = 0; kind < 3; kind++)
        if (question->asked[kind][descriptor / WORD_BITS] >> (descriptor % WORD_BITS) & 1)
            all |= events[kind];
    return all;
}

static bool select_poll_set(const struct select_question *question, struct poll_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < question->limit; i++)
        count += select_events(question, i) != 0;
    if (!poll_set_prepare(set, count))
        return false;
    count = 0;
    for (size_t i = 0; i < question->limit; i++) {
        short events = select_events(question, i);
        if (events)
            set->entries[count++] = (struct pollfd){.fd = (int)i, .events = events};
    }
    return true;
}

static long select_until(const struct call *call, const struct wait_mask *mask, uint64_t deadline)
{
    struct select_question question;
    if ((int)call->arguments[0] < 0)
        return -EINVAL;
    if (!select_copy(&question, call))
        return -ENOMEM;
    long result = ask_select_under(&question, mask);
    struct poll_set set = {0};
    if (result == 0 && deadline > time_reached()) {
        result = -ENOMEM;
        if (select_poll_set(&question, &set))
            result = wait_for_answer(&set, mask, call->number, deadline, ask_select, &question);
        poll_set_discard(&set);
    }
    if (result < 0)
        select_restore(&question);
    if (question.mapped)
        NATIVE(SYS_munmap, question.asked[0], question.mapped);
    return result;
}

static long answer_pselect(const struct call *call)
{
    struct timespec *timeout = (struct timespec *)call->arguments[4];
    const long *masked = (const long *)call->arguments[5];
    if (!timespec_is_valid(timeout))
        return -EINVAL;
    struct wait_mask mask = {0};
    if (masked)
        mask = copy_mask(masked[0], masked[1]);
    uint64_t deadline = time_after(time_reached(), timespec_nanoseconds(timeout));
    long result = select_until(call, &mask, deadline);
    write_remaining(timeout, deadline);
    return result;
}

long answer_select(const struct call *call)
{
#ifdef SYS_select
    if (call->number == SYS_select) {
        struct timeval *timeout = (struct timeval *)call->arguments[4];
        if (timeout->tv_sec < 0 || timeout->tv_usec < 0)
            return -EINVAL;
        struct wait_mask mask = {0};
        struct timespec duration = {
            .tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000,
            .tv_nsec = timeout->tv_usec % 1000000 * 1000,
        };
        uint64_t deadline = time_after(time_reached(), timespec_nanoseconds(&duration));
        long result = select_until(call, &mask, deadline);
        write_remaining(&duration, deadline);
        *timeout = (struct timeval){.tv_sec = duration.tv_sec, .tv_usec = duration.tv_nsec / 1000};
        return result;
    }
#endif
    return answer_pselect(call);
}

// MARK: Signals

static long ask_signal(void *context)
{
    const struct call *call = context;
    long result = NATIVE(SYS_rt_sigtimedwait, call->arguments[0], call->arguments[1], &no_time,
                         call->arguments[3]);
    return result == -EAGAIN ? 0 : result;
}

/// Waits for a signal as for a descriptor, a signalfd of the same set.
long answer_signal_wait(const struct call *call)
{
    const struct timespec *timeout = (const struct timespec *)call->arguments[2];
    if (!timespec_is_valid(timeout) || call->arguments[3] != (long)sizeof(kernel_mask))
        return native_repeat(call);
    uint64_t reached = time_reached();
    uint64_t deadline = time_after(reached, timespec_nanoseconds(timeout));
    struct call question = *call;
    long result = ask_signal(&question);
    if (result != 0 || deadline <= reached)
        return result ? result : -EAGAIN;
    long descriptor = NATIVE(SYS_signalfd4, -1, call->arguments[0], sizeof(kernel_mask),
                             SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor < 0)
        return answer_uncovered(call);
    struct wait_mask mask = {.is_set = true};
    NATIVE(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask.bits, sizeof mask.bits);
    mask.bits |= *(const kernel_mask *)call->arguments[0] & ~SIGNAL_BIT(SIGSYS);
    struct poll_set set;
    poll_set_prepare(&set, 1);
    set.entries[0] = (struct pollfd){.fd = (int)descriptor, .events = POLLIN};
    result = wait_for_answer(&set, &mask, call->number, deadline, ask_signal, &question);
    NATIVE(SYS_close, descriptor);
    return result ? result : -EAGAIN;
}
