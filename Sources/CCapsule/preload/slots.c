/// A thread's place on the page, and the waits that it announces there.

#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "native.h"

enum {
    /// Descriptors of ours are put out of the way of programs that count on low numbers.
    WAKE_DESCRIPTOR_FROM = 900,
    WAKE_DESCRIPTOR_MARGIN = 64,
};

// MARK: Slots

static void raise_slot_count(uint32_t count)
{
    uint32_t seen = atomic_load(&process.page->slot_count);
    while (seen < count
           && !atomic_compare_exchange_weak(&process.page->slot_count, &seen, count)) {
    }
}

struct capsule_slot *slot_acquire(uint32_t use, const uint16_t birth[CAPSULE_BIRTH_STEPS])
{
    template_waited();
    for (uint32_t i = 0; i < CAPSULE_SLOTS; i++) {
        struct capsule_slot *slot = &process.page->slots[i];
        uint32_t unused = CAPSULE_FREE;
        if (atomic_load_explicit(&slot->use, memory_order_relaxed) != CAPSULE_FREE
            || !atomic_compare_exchange_strong(&slot->use, &unused, use))
            continue;
        atomic_store(&slot->state, CAPSULE_RUNNING);
        atomic_store(&slot->deadline, 0);
        atomic_store(&slot->interval, 0);
        atomic_store(&slot->clock_reads, 0);
        slot->wake_descriptor = -1;
        slot->target = 0;
        slot->signal = 0;
        slot->signal_value = 0;
        slot->timer_id = 0;
        memcpy(slot->birth, birth, sizeof slot->birth);
        slot->tid = (int32_t)NATIVE(SYS_gettid);
        // Last: a slot without a process is not freed by the coordinator.
        slot->pid = (int32_t)NATIVE(SYS_getpid);
        raise_slot_count(i + 1);
        return slot;
    }
    mark(CAPSULE_MARK_SLOTS_FULL);
    return NULL;
}

void slot_release(struct capsule_slot *slot)
{
    atomic_store(&slot->state, CAPSULE_RUNNING);
    slot->pid = 0;
    slot->tid = 0;
    atomic_store(&slot->use, CAPSULE_FREE);
}

void slots_sweep(void)
{
    uint32_t count = atomic_load(&process.page->slot_count);
    for (uint32_t i = 0; i < count; i++) {
        struct capsule_slot *slot = &process.page->slots[i];
        if (slot->pid != process.pid)
            continue;
        // Interval timers and open timerfds outlive an exec, threads and POSIX timers do not.
        uint32_t use = atomic_load(&slot->use);
        if (use == CAPSULE_THREAD
            || (use == CAPSULE_TIMER && slot->kind == CAPSULE_POSIX_TIMER))
            slot_release(slot);
    }
}

// MARK: The descriptor that ends a poll

static int create_wake_descriptor(void)
{
    struct rlimit limit = {0};
    NATIVE(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);
    long from = WAKE_DESCRIPTOR_FROM;
    if (limit.rlim_cur <= WAKE_DESCRIPTOR_FROM)
        from = limit.rlim_cur > WAKE_DESCRIPTOR_MARGIN
                   ? (long)limit.rlim_cur - WAKE_DESCRIPTOR_MARGIN
                   : 0;
    int low = (int)NATIVE(SYS_eventfd2, 0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (low < 0)
        return -1;
    int high = (int)NATIVE(SYS_fcntl, low, F_DUPFD_CLOEXEC, from);
    if (high < 0)
        return low;
    NATIVE(SYS_close, low);
    return high;
}

static bool wake_identity(int descriptor, uint64_t *device, uint64_t *file)
{
    struct stat status;
    if (NATIVE(SYS_fstat, descriptor, &status) != 0)
        return false;
    *device = status.st_dev;
    *file = status.st_ino;
    return true;
}

/// Programs close descriptors that they do not know, and open others with the same numbers.
static bool wake_descriptor_is_ours(void)
{
    uint64_t device, file;
    return (self.wake_device || self.wake_file)
           && wake_identity(self.wake_descriptor, &device, &file) && device == self.wake_device
           && file == self.wake_file;
}

static int own_wake_descriptor(void)
{
    if (wake_descriptor_is_ours())
        return self.wake_descriptor;
    int descriptor = create_wake_descriptor();
    if (descriptor < 0 || !wake_identity(descriptor, &self.wake_device, &self.wake_file))
        return -1;
    self.wake_descriptor = descriptor;
    return descriptor;
}

void slot_end_thread(void *unused)
{
    (void)unused;
    if (self.slot)
        slot_release(self.slot);
    if (wake_descriptor_is_ours())
        NATIVE(SYS_close, self.wake_descriptor);
    self.slot = NULL;
    self.wake_device = self.wake_file = 0;
    self.wait_frame = NULL;
}

// MARK: Waits

/// Takes the coordinator's token, so that it cannot end a later wait.
static void take_token(struct capsule_slot *slot, uint32_t state, int wake_descriptor)
{
    if (state == CAPSULE_IN_FUTEX) {
        while (atomic_load(&slot->control) == 0)
            NATIVE(SYS_futex, &slot->control, FUTEX_WAIT, 0, NULL);
        return;
    }
    uint64_t token;
    for (;;) {
        long count = NATIVE(SYS_read, wake_descriptor, &token, sizeof token);
        if (count > 0 || (count != -EAGAIN && count != -EINTR))
            return;
        struct pollfd wake = {.fd = wake_descriptor, .events = POLLIN};
        NATIVE(SYS_ppoll, &wake, 1, NULL, NULL, 0);
    }
}

static bool settle(struct capsule_slot *slot, uint32_t state, int wake_descriptor)
{
    if (atomic_exchange(&slot->state, CAPSULE_RUNNING) != CAPSULE_FIRED)
        return false;
    take_token(slot, state, wake_descriptor);
    return true;
}

static bool on_signal_stack(void)
{
    stack_t stack = {0};
    return NATIVE(SYS_sigaltstack, NULL, &stack) == 0 && (stack.ss_flags & SS_ONSTACK);
}

/// Whether this wait is in a signal handler that interrupted another wait of the same thread. That
/// one may also have been left for good by longjmp: then the stack is used again from above it.
static bool is_nested(const void *frame)
{
    return self.wait_frame && (frame < self.wait_frame || on_signal_stack());
}

/// The thread's own slot, or NULL where it must not be used.
static struct capsule_slot *own_slot(const void *frame)
{
    birth_ensure();
    // A child of vfork borrows the memory of its parent, threads made by clone that of another.
    if (self.tid != NATIVE(SYS_gettid) || is_nested(frame))
        return NULL;
    if (self.slot && self.wait_frame)
        settle(self.slot, self.wait_state, self.wake_descriptor);
    if (!self.slot) {
        self.slot = slot_acquire(CAPSULE_THREAD, self.birth);
        if (self.slot)
            pthread_setspecific(process.thread_end, &self);
    }
    return self.slot;
}

static struct capsule_slot *borrowed_slot(void)
{
    uint16_t birth[CAPSULE_BIRTH_STEPS];
    memcpy(birth, self.birth, sizeof birth);
    if (self.tid != NATIVE(SYS_gettid))
        birth_append_stranger(birth);
    return slot_acquire(CAPSULE_THREAD, birth);
}

static void release_borrowed(struct wait *wait)
{
    if (wait->wake_descriptor >= 0)
        NATIVE(SYS_close, wait->wake_descriptor);
    slot_release(wait->slot);
}

bool wait_begin(struct wait *wait, uint32_t state, long call, uint64_t deadline)
{
    const void *frame = __builtin_frame_address(0);
    struct capsule_slot *slot = own_slot(frame);
    // Who waits does not spin. Threads that wait for each other (for Python's global lock) read the
    // clock as often as chance has it.
    self.reads = 0;
    self.empty_sleeps = 0;
    *wait = (struct wait){.slot = slot, .wake_descriptor = -1, .state = state, .borrowed = !slot};
    if (!slot)
        wait->slot = slot = borrowed_slot();
    if (!slot)
        return false;
    if (state == CAPSULE_IN_POLL) {
        wait->wake_descriptor = wait->borrowed ? create_wake_descriptor() : own_wake_descriptor();
        if (wait->wake_descriptor < 0) {
            if (wait->borrowed)
                slot_release(slot);
            mark(CAPSULE_MARK_UNCOVERED);
            return false;
        }
        slot->wake_descriptor = wait->wake_descriptor;
    }
    if (!wait->borrowed) {
        self.wait_state = state;
        self.wait_frame = frame;
    }
    atomic_store(&slot->control, 0);
    slot->kind = (uint32_t)call;
    atomic_store(&slot->deadline, deadline);
    atomic_fetch_add(&slot->generation, 1);
    atomic_store(&slot->state, state);
    return true;
}

long wait_poll(struct pollfd *entries, size_t count, const uint64_t *signal_mask)
{
    long result = NATIVE(SYS_ppoll, entries, count, NULL, signal_mask, sizeof *signal_mask);
    // Another thread closed our descriptor. The agent tries again, with a new one.
    bool was_closed = result > 0 && (entries[count - 1].revents & POLLNVAL);
    return was_closed ? -EINTR : result;
}

bool wait_end(struct wait *wait)
{
    bool fired = settle(wait->slot, wait->state, wait->wake_descriptor);
    if (wait->borrowed)
        release_borrowed(wait);
    else
        self.wait_frame = NULL;
    return fired;
}
