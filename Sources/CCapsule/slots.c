// The coordinator's side of the shared page: reads the waits of the agent's threads and ends them.
#define _GNU_SOURCE
#include "capsule_slots.h"

#include "capsule_page.h"

#include <errno.h>
#include <string.h>

#ifdef __linux__
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct capsule_page *capsule_page_create(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return NULL;
    struct capsule_page *page = MAP_FAILED;
    if (ftruncate(file, sizeof *page) == 0)
        page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    int error = errno;
    close(file);
    errno = error;
    if (page == MAP_FAILED) return NULL;
    page->magic = CAPSULE_MAGIC;
    page->layout_version = CAPSULE_LAYOUT_VERSION;
    page->status = -1;
    return page;
}

void capsule_page_close(struct capsule_page *page) {
    if (page) munmap(page, sizeof *page);
}

static void free_slot(struct capsule_slot *slot) {
    slot->pid = 0;
    atomic_store(&slot->state, CAPSULE_RUNNING);
    atomic_store(&slot->use, CAPSULE_FREE);
}

static int is_waiting(const struct capsule_slot *slot, uint32_t state) {
    if (slot->use == CAPSULE_TIMER) return state == CAPSULE_ARMED;
    if (slot->use != CAPSULE_THREAD || slot->kind >= CAPSULE_ASKS_TO_CONNECT) return 0;
    return state == CAPSULE_IN_FUTEX || state == CAPSULE_IN_POLL;
}

static int is_asking(const struct capsule_slot *slot, uint32_t state) {
    return slot->use == CAPSULE_THREAD && slot->kind >= CAPSULE_ASKS_TO_CONNECT
           && state == CAPSULE_IN_FUTEX;
}

/* Frees the slot of a thread or a process that is no more; whether it was one. */
static int is_orphaned(struct capsule_slot *slot, struct capsule_watch *watch) {
    // The library writes the process last, and takes it away first.
    if (slot->use == CAPSULE_FREE || slot->pid == 0) return 1;
    int is_thread = slot->use == CAPSULE_THREAD;
    if (capsule_watch_outer(watch, slot->pid, is_thread ? slot->tid : 0)) return 0;
    free_slot(slot);
    return 1;
}

static size_t list(
    struct capsule_page *page, struct capsule_watch *watch, struct capsule_wait *waits,
    size_t room, int (*accepts)(const struct capsule_slot *, uint32_t)
) {
    size_t count = 0;
    uint32_t used = atomic_load(&page->slot_count);
    if (used > CAPSULE_SLOTS) used = CAPSULE_SLOTS;
    for (uint32_t index = 0; index < used; index++) {
        struct capsule_slot *slot = &page->slots[index];
        if (is_orphaned(slot, watch)) continue;
        if (!accepts(slot, atomic_load(&slot->state))) continue;
        if (count < room) {
            waits[count] = (struct capsule_wait){.slot = index,
                                                 .use = slot->use,
                                                 .kind = slot->kind,
                                                 .pid = slot->pid,
                                                 .tid = slot->tid,
                                                 .deadline = atomic_load(&slot->deadline),
                                                 .generation = atomic_load(&slot->generation)};
            memcpy(waits[count].birth, slot->birth, sizeof slot->birth);
        }
        count++;
    }
    return count;
}

size_t capsule_page_waits(
    struct capsule_page *page, struct capsule_watch *watch, struct capsule_wait *waits,
    size_t room
) {
    return list(page, watch, waits, room, is_waiting);
}

size_t capsule_page_questions(
    struct capsule_page *page, struct capsule_watch *watch, struct capsule_wait *questions,
    size_t room
) {
    return list(page, watch, questions, room, is_asking);
}

static int wake_futex(struct capsule_slot *slot) {
    atomic_store(&slot->control, 1);
    return syscall(SYS_futex, &slot->control, FUTEX_WAKE, 64, NULL, NULL, 0) < 0 ? -errno : 0;
}

/* A copy of a descriptor of another process. */
static int borrow(pid_t pid, int descriptor) {
    int process = (int)syscall(SYS_pidfd_open, pid, 0u);
    if (process < 0) return -errno;
    int copy = (int)syscall(SYS_pidfd_getfd, process, descriptor, 0u);
    int error = errno;
    close(process);
    return copy < 0 ? -error : copy;
}

static int wake_poll(struct capsule_slot *slot, pid_t pid) {
    int copy = borrow(pid, slot->wake_descriptor);
    if (copy < 0) return copy;
    uint64_t one = 1;
    ssize_t wrote = write(copy, &one, sizeof one);
    int error = wrote < 0 ? -errno : 0;
    close(copy);
    return error;
}

static int wake_thread(struct capsule_slot *slot, pid_t pid) {
    uint32_t state = CAPSULE_IN_FUTEX;
    if (atomic_compare_exchange_strong(&slot->state, &state, CAPSULE_FIRED))
        return wake_futex(slot);
    state = CAPSULE_IN_POLL;
    if (atomic_compare_exchange_strong(&slot->state, &state, CAPSULE_FIRED))
        return wake_poll(slot, pid);
    return -EAGAIN;
}

static int expire_descriptor(struct capsule_slot *slot, pid_t pid) {
    int copy = borrow(pid, slot->target);
    if (copy < 0) return copy;
    struct itimerspec soon = {.it_value = {.tv_nsec = 1}};
    int error = timerfd_settime(copy, 0, &soon, NULL) ? -errno : 0;
    // It goes off by an interrupt: until then its reader only seems to have nothing to do.
    while (!error && !timerfd_gettime(copy, &soon) && soon.it_value.tv_nsec) sched_yield();
    close(copy);
    return error;
}

static int send_signal(
    struct capsule_slot *slot, struct capsule_watch *watch, pid_t pid
) {
    siginfo_t info = {0};
    info.si_signo = slot->signal;
    info.si_code = SI_TIMER;
    info.si_timerid = (int)slot->timer_id;
    info.si_value.sival_ptr = (void *)(uintptr_t)slot->signal_value;
    long result;
    if (slot->target) {
        pid_t tid = capsule_watch_outer(watch, slot->pid, slot->target);
        if (!tid) return -ESRCH;
        result = syscall(SYS_rt_tgsigqueueinfo, pid, tid, slot->signal, &info);
    } else {
        result = syscall(SYS_rt_sigqueueinfo, pid, slot->signal, &info);
    }
    return result < 0 ? -errno : 0;
}

static int ring(struct capsule_slot *slot, struct capsule_watch *watch, pid_t pid) {
    uint64_t interval = atomic_load(&slot->interval);
    if (interval) {
        atomic_fetch_add(&slot->deadline, interval);
        atomic_fetch_add(&slot->generation, 1);
    } else {
        atomic_store(&slot->state, CAPSULE_RUNNING);
    }
    switch (slot->kind) {
        case CAPSULE_TIMERFD: return expire_descriptor(slot, pid);
        case CAPSULE_ITIMER: return kill(pid, SIGALRM) ? -errno : 0;
        case CAPSULE_POSIX_TIMER: return send_signal(slot, watch, pid);
        default: return -EINVAL;
    }
}

int capsule_page_fire(struct capsule_page *page, struct capsule_watch *watch, uint32_t index) {
    if (index >= CAPSULE_SLOTS) return -EINVAL;
    struct capsule_slot *slot = &page->slots[index];
    pid_t pid = capsule_watch_outer(watch, slot->pid, 0);
    if (!pid) return -ESRCH;
    if (slot->use == CAPSULE_THREAD) return wake_thread(slot, pid);
    int error = ring(slot, watch, pid);
    // A timer whose descriptor was closed would go off for ever.
    if (error) free_slot(slot);
    return error;
}

int capsule_page_answer(
    struct capsule_page *page, struct capsule_watch *watch, uint32_t index, uint64_t generation,
    uint64_t answer
) {
    if (index >= CAPSULE_SLOTS) return -EINVAL;
    if (atomic_load(&page->slots[index].generation) != generation) return -ESRCH;
    atomic_store(&page->slots[index].interval, answer);
    return capsule_page_fire(page, watch, index);
}

int capsule_page_fire_short(
    struct capsule_page *page, struct capsule_watch *watch, uint64_t span
) {
    uint64_t latest = atomic_load(&page->now) + span;
    uint32_t used = atomic_load(&page->slot_count), found = CAPSULE_SLOTS;
    if (used > CAPSULE_SLOTS) used = CAPSULE_SLOTS;
    for (uint32_t index = 0; index < used; index++) {
        struct capsule_slot *slot = &page->slots[index];
        if (slot->use != CAPSULE_THREAD || !is_waiting(slot, atomic_load(&slot->state))) continue;
        uint64_t deadline = atomic_load(&slot->deadline);
        if (deadline > latest) continue;
        latest = deadline;
        found = index;
    }
    return found < CAPSULE_SLOTS && capsule_page_fire(page, watch, found) == 0;
}

#else
struct capsule_page *capsule_page_create(const char *path) {
    (void)path;
    errno = ENOSYS;
    return NULL;
}
void capsule_page_close(struct capsule_page *page) { (void)page; }
size_t capsule_page_waits(
    struct capsule_page *page, struct capsule_watch *watch, struct capsule_wait *waits,
    size_t room
) {
    (void)page;
    (void)watch;
    (void)waits;
    (void)room;
    return 0;
}
int capsule_page_fire_short(
    struct capsule_page *page, struct capsule_watch *watch, uint64_t span
) {
    (void)page;
    (void)watch;
    (void)span;
    return 0;
}
int capsule_page_fire(struct capsule_page *page, struct capsule_watch *watch, uint32_t slot) {
    (void)page;
    (void)watch;
    (void)slot;
    return -ENOSYS;
}
size_t capsule_page_questions(
    struct capsule_page *page, struct capsule_watch *watch, struct capsule_wait *questions,
    size_t room
) {
    (void)page;
    (void)watch;
    (void)questions;
    (void)room;
    return 0;
}
int capsule_page_answer(
    struct capsule_page *page, struct capsule_watch *watch, uint32_t slot, uint64_t generation,
    uint64_t answer
) {
    (void)generation;
    (void)page;
    (void)watch;
    (void)slot;
    (void)answer;
    return -ENOSYS;
}
#endif

void capsule_page_set_up(
    struct capsule_page *page, uint32_t flags, uint64_t wall_epoch, uint64_t monotonic_epoch,
    const uint8_t *seed
) {
    page->flags = flags;
    atomic_store(&page->wall_epoch, wall_epoch);
    page->monotonic_epoch = monotonic_epoch;
    memcpy(page->seed, seed, sizeof page->seed);
}

int capsule_page_add_mount(struct capsule_page *page, uint16_t port, const char *name) {
    if (page->mount_count == CAPSULE_MOUNTS) return -ENOSPC;
    size_t length = strlen(name);
    if (length >= CAPSULE_NAME_BYTES) return -ENAMETOOLONG;
    struct capsule_mount *mount = &page->mounts[page->mount_count++];
    mount->port = port;
    memcpy(mount->name, name, length + 1);
    return 0;
}

void capsule_page_set_dead_ends(struct capsule_page *page, uint16_t closed, uint16_t silent) {
    page->closed_port = closed;
    page->silent_port = silent;
}

void capsule_page_make_template(struct capsule_page *page) { page->is_template = 1; }

int capsule_page_status(const struct capsule_page *page, int *survivors) {
    int status = atomic_load(&page->status);
    *survivors = page->survivors;
    return status;
}

void capsule_page_set_now(struct capsule_page *page, uint64_t now) {
    if (atomic_load(&page->now) < now) atomic_store(&page->now, now);
}

void capsule_page_strike_program(struct capsule_page *page, int status, int signal) {
    uint32_t fate = signal ? (uint32_t)signal : CAPSULE_FATE_EXIT | (uint32_t)(status & 0xFF);
    atomic_store(&page->program_fate, fate);
}

int capsule_page_strikes_program(struct capsule_page *page) {
    return atomic_load(&page->program_fate) != 0;
}

void capsule_page_shift_wall(struct capsule_page *page, int64_t nanoseconds) {
    int64_t epoch = (int64_t)atomic_load(&page->wall_epoch);
    int64_t shifted;
    // Not before 1970, which no kernel shows.
    if (__builtin_add_overflow(epoch, nanoseconds, &shifted) || shifted < 0) shifted = 0;
    atomic_store(&page->wall_epoch, (uint64_t)shifted);
}

void capsule_page_next_epoch(struct capsule_page *page) {
    atomic_fetch_add(&page->entropy_epoch, 1);
}

uint32_t capsule_page_marks(const struct capsule_page *page) { return atomic_load(&page->marks); }

uint32_t capsule_page_programs(const struct capsule_page *page) {
    return atomic_load(&page->process_count);
}
