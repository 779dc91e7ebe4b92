/// The agent as a template: it stops before its first contact with the world, its first thread or
/// its first wait, and each run goes on from there in a copy of it.
///
/// A copy lives in namespaces of its own, as an agent that was started for the run does, with the
/// same process identifier; it knows nothing of having been copied. In a namespace of processes the
/// first one is its init: a child of the template that shares its memory, like one of vfork, so
/// that memory is copied once and not twice.

#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capsule_template.h"
#include "native.h"
#include "python.h"
#include "rebuild.h"
#include "template.h"

enum { CONTROL = CAPSULE_TEMPLATE_DESCRIPTOR };

static bool is_template;
static struct thread_state state;

// MARK: Words

static void say(int32_t kind, int32_t detail)
{
    struct capsule_template_word word = {.kind = kind, .detail = detail};
    NATIVE(SYS_sendto, CONTROL, &word, sizeof word, MSG_NOSIGNAL, NULL, 0);
}

void template_start(void)
{
    is_template = process.page->is_template && process.birth[0] == 1 && process.birth[1] == 0;
    if (!is_template || process.images > 0)
        return;
    uint8_t leave;
    say(CAPSULE_TEMPLATE_BEGINS, 0);
    NATIVE(SYS_recvfrom, CONTROL, &leave, sizeof leave, 0, NULL, NULL);
}

static void fail(long error)
{
    say(CAPSULE_TEMPLATE_FAILED, (int32_t)-error);
    NATIVE(SYS_exit_group, 1);
}

/// The coordinator ends it; until then it does nothing more.
static void give_up(int32_t why)
{
    say(CAPSULE_TEMPLATE_UNFIT, why);
    for (;;)
        NATIVE(SYS_ppoll, NULL, 0, NULL, NULL, 0);
}

void template_waited(void)
{
    template_hold();
    // Its children wait without its knowing.
    if (UNLIKELY(process.page->is_template))
        give_up(CAPSULE_UNFIT_WAITED);
}

// MARK: The order

struct order {
    struct capsule_template_order text;
    int descriptors[3];
};

/// Waits for the next order; false when there will be none.
static bool receive(struct order *order)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof order->descriptors)];
    } control;
    struct iovec part = {.iov_base = &order->text, .iov_len = sizeof order->text};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    long got;
    do
        got = NATIVE(SYS_recvmsg, CONTROL, &message, MSG_CMSG_CLOEXEC);
    while (got == -EINTR);
    if (got != sizeof order->text)
        return false;
    size_t size = (size_t)order->text.descriptors * sizeof(int);
    if (message.msg_controllen >= sizeof(struct cmsghdr) && size <= sizeof order->descriptors
        && control.header.cmsg_type == SCM_RIGHTS && control.header.cmsg_len == CMSG_LEN(size))
        memcpy(order->descriptors, CMSG_DATA(&control.header), size);
    else
        return false;
    return true;
}

/// Whether namespaces are refused but to one who has a namespace of users of his own.
static bool needs_user;

static long map_self(const char *path, long identifier)
{
    char text[48];
    char *to = decimal_format(text, (uint64_t)identifier);
    *to++ = ' ';
    to = decimal_format(to, (uint64_t)identifier);
    memcpy(to, " 1", sizeof " 1");
    return write_text(path, text);
}

/// Has the init be who the template is, and able to choose the identifiers of processes.
static long settle_in(void)
{
    if (needs_user) {
        write_text("/proc/self/setgroups", "deny");
        long error = map_self("/proc/self/uid_map", state.user);
        if (error >= 0)
            error = map_self("/proc/self/gid_map", state.group);
        if (error < 0)
            return error;
    }
    // Of its own namespace: it stays as it is.
    return write_text(last_pid_path, "1");
}

/// The view of the file system that a container has: see CStormtape.
static long furnish(const struct capsule_template_order *order)
{
    NATIVE(SYS_umount2, order->shown_at, MNT_DETACH);
    NATIVE(SYS_umount2, "/proc", MNT_DETACH);
    long error = NATIVE(SYS_mount, "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    if (error == 0)
        error = NATIVE(SYS_mount, order->folder, order->shown_at, NULL, MS_BIND, NULL);
    // Where each namespace counts for itself; else it is the whole machine's, and the same.
    char pid_max[sizeof state.pid_max];
    native_read_text(pid_max_path, pid_max, sizeof pid_max);
    if (error == 0 && strcmp(pid_max, state.pid_max) != 0)
        error = write_text(pid_max_path, state.pid_max) < 0 ? -EPERM : 0;
    return error;
}

/// Puts the run's page in the place of the template's, which nobody needs any more.
static long turn_page(void)
{
    long file = NATIVE(SYS_openat, AT_FDCWD, process.page_path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return file;
    long address = NATIVE(SYS_mmap, process.page, sizeof *process.page, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_FIXED, file, 0);
    NATIVE(SYS_close, file);
    if (address != (long)process.page)
        return address;
    atomic_fetch_add(&process.page->process_count, 1);
    return 0;
}

// MARK: The copy

static void become_run(const struct order *order)
{
    NATIVE(SYS_setpgid, 0, 0);
    NATIVE(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
    int first = order->text.descriptors == 3 ? 0 : 1;
    for (int i = 0; i < order->text.descriptors; i++) {
        NATIVE(SYS_dup3, order->descriptors[i], first + i, 0);
        NATIVE(SYS_close, order->descriptors[i]);
    }
    if (order->text.input_offset >= 0)
        NATIVE(SYS_lseek, 0, order->text.input_offset, SEEK_SET);
    NATIVE(SYS_close, CONTROL);
    bool made = rebuild_make();
    atomic_store(&process.page->status, made ? CAPSULE_COPY_BEGUN : CAPSULE_COPY_FAILED);
    NATIVE(SYS_futex, &process.page->status, FUTEX_WAKE, 1);
    // Better no run than one that shares what it must not.
    if (!made)
        NATIVE(SYS_exit_group, 127);
    write_text(last_pid_path, state.last_pid);
    if (needs_user)
        drop_privileges();
    restore_state(&state);
    python_await_end();
}

/// Whether what the agent left behind has ended as well, for which it is given a moment.
static bool is_all_over(void)
{
    enum { LOOKS = 100 };
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int look = 0; look < LOOKS; look++) {
        long pid;
        do
            pid = NATIVE(SYS_wait4, -1, NULL, WNOHANG, NULL);
        while (pid > 0);
        if (pid < 0)
            return true;
        NATIVE(SYS_nanosleep, &pause, NULL);
    }
    return false;
}

/// Number 1 of the namespace: waits for everything and ends with the agent.
static void keep_house(long agent)
{
    for (;;) {
        int status = 0;
        long pid = NATIVE(SYS_wait4, -1, &status, 0, NULL);
        if (pid < 0 && pid != -EINTR)
            NATIVE(SYS_exit_group, 0);
        if (pid != agent)
            continue;
        process.page->survivors = !is_all_over();
        atomic_store(&process.page->status, status);
        NATIVE(SYS_exit_group, 0);
    }
}

/// Whether the copy could make again what it must not share.
static bool has_begun(void)
{
    int32_t status;
    while ((status = atomic_load(&process.page->status)) == CAPSULE_COPY_RUNS)
        NATIVE(SYS_futex, &process.page->status, FUTEX_WAIT, CAPSULE_COPY_RUNS, NULL);
    atomic_store(&process.page->status, CAPSULE_COPY_RUNS);
    return status == CAPSULE_COPY_BEGUN;
}

/// Returns in the copy of the agent only.
__attribute__((noinline)) static void be_init(void)
{
    struct order order;
    NATIVE(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
    long error = settle_in();
    if (error < 0)
        fail(error);
    say(CAPSULE_TEMPLATE_READY, 0);
    if (!receive(&order))
        NATIVE(SYS_exit_group, 1);
    error = furnish(&order.text);
    if (error == 0)
        error = turn_page();
    NATIVE(SYS_prctl, PR_SET_NAME, "stormtape-init");
    long agent = error ? error : NATIVE(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);
    if (agent == 0) {
        become_run(&order);
        return;
    }
    if (agent < 0)
        fail(agent);
    if (!has_begun())
        fail(-EBADF);
    say(CAPSULE_TEMPLATE_STARTED, 0);
    // Whoever reads the agent's output must see its end when the agent ends.
    NATIVE(SYS_close_range, 0u, ~0u, 0u);
    keep_house(agent);
}

/// Makes an init, and waits for its end. It runs on this very stack: nothing of the library lies
/// between the call and what follows it.
__attribute__((noinline)) static long make_init(void)
{
    const long flags = CLONE_VM | CLONE_VFORK | CLONE_NEWPID | CLONE_NEWNS | SIGCHLD
                       | (needs_user ? CLONE_NEWUSER : 0);
    long pid;
#if defined(__x86_64__)
    register long r10 __asm__("r10") = 0;
    register long r8 __asm__("r8") = 0;
    __asm__ volatile("syscall"
                     : "=a"(pid)
                     : "a"(SYS_clone), "D"(flags), "S"(0), "d"(0), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = SYS_clone;
    register long x0 __asm__("x0") = flags;
    register long x1 __asm__("x1") = 0;
    register long x2 __asm__("x2") = 0;
    register long x3 __asm__("x3") = 0;
    register long x4 __asm__("x4") = 0;
    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
                     : "memory", "cc");
    pid = x0;
#else
    pid = -ENOSYS;
    (void)flags;
#endif
    if (pid == 0)
        be_init();
    return pid;
}

/// Serves runs; returns true in each copy, and false here when there are no more.
static bool serve(void)
{
    for (;;) {
        int status = 0;
        long pid = make_init();
        if (pid == 0)
            return true;
        if (pid == -EPERM && !needs_user) {
            needs_user = true;
            continue;
        }
        if (pid < 0)
            say(CAPSULE_TEMPLATE_FAILED, (int32_t)-pid);
        if (pid < 0 || NATIVE(SYS_wait4, pid, &status, __WALL, NULL) != pid || status == 1 << 8)
            return false;
    }
}

void template_hold(void)
{
    if (LIKELY(!is_template))
        return;
    is_template = false;
    int error = errno;
    if (atomic_load(&process.page->marks))
        give_up(CAPSULE_UNFIT_MARKED);
    if (!rebuild_look())
        give_up(CAPSULE_UNFIT_FILES);
    errno = error;
    // From here on it is not the agent that acts, and nobody follows it any more.
    say(CAPSULE_TEMPLATE_HOLDS, 0);
    keep_state(&state);
    // What is sent to the group of an init must not reach it.
    uint64_t all = ~0ull;
    NATIVE(SYS_rt_sigprocmask, SIG_SETMASK, &all, &state.signals, sizeof all);
    python_learn();
    if (serve())
        return;
    NATIVE(SYS_exit_group, 0);
}
