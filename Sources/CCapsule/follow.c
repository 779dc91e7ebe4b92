// Follows what a template does until it holds, call by call: it is copied only if all of that stays
// within it. What is not known to is taken to have an effect.
#define _GNU_SOURCE
#include "capsule_template.h"

#include <stdio.h>

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "capsule_watch.h"

enum { syscall_stop = SIGTRAP | 0x80 };

// MARK: Single calls

/* A text of another process, cut to the room. */
static void read_text(pid_t pid, uint64_t address, char *text, size_t size) {
    struct iovec to = {.iov_base = text, .iov_len = size - 1};
    struct iovec from = {.iov_base = (void *)(uintptr_t)address, .iov_len = size - 1};
    // No further than the page, behind which nothing need be.
    const size_t left = 4096 - (address & 4095);
    if (from.iov_len > left) from.iov_len = left;
    ssize_t got = process_vm_readv(pid, &to, 1, &from, 1, 0);
    text[got > 0 ? got : 0] = 0;
}

static int opens_to_read(pid_t pid, uint64_t path, uint64_t flags) {
    if ((flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC))
        && (flags & O_TMPFILE) != O_TMPFILE)
        return 1;
    char text[16];
    read_text(pid, path, text, sizeof text);
    return strcmp(text, "/dev/null") == 0;
}

/* Whether a file is the page of the template, which copies get anew: the library maps it in every
   program that it is loaded into. */
static int is_page(const struct stat *page, const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && status.st_dev == page->st_dev
           && status.st_ino == page->st_ino;
}

static int opens_page(const struct stat *page, pid_t pid, uint64_t path, uint64_t flags) {
    char text[160], seen[200];
    read_text(pid, path, text, sizeof text);
    if (text[0] != '/' || (flags & (O_CREAT | O_TRUNC))) return 0;
    snprintf(seen, sizeof seen, "/proc/%d/root%s", (int)pid, text);
    return is_page(page, seen);
}

static int maps_page(const struct stat *page, pid_t pid, uint64_t descriptor) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, (int)descriptor);
    return is_page(page, path);
}

/* Whether what is written there stays among its processes, or is output. */
static int is_inner(pid_t pid, uint64_t descriptor) {
    char path[64], target[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, (int)descriptor);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length > 0 ? length : 0] = 0;
    return strncmp(target, "pipe:", 5) == 0 || strncmp(target, "socket:", 7) == 0
           || strcmp(target, "anon_inode:[eventfd]") == 0 || strcmp(target, "/dev/null") == 0;
}

/* Whether a socket gets no name that others see: that of the kernel's own tables, or any port, as
   packages take one to see whether there is IPv6. A socket that stays open ends it later on. */
static int binds_nothing(pid_t pid, uint64_t address, uint64_t length) {
    struct sockaddr_in any = {0};
    struct iovec to = {.iov_base = &any, .iov_len = offsetof(struct sockaddr_in, sin_addr)};
    struct iovec from = {.iov_base = (void *)(uintptr_t)address, .iov_len = to.iov_len};
    if (length < to.iov_len || process_vm_readv(pid, &to, 1, &from, 1, 0) != (ssize_t)to.iov_len)
        return 0;
    if (any.sin_family == AF_NETLINK) return 1;
    // The port stands at the same place in both.
    return (any.sin_family == AF_INET || any.sin_family == AF_INET6) && any.sin_port == 0;
}

/* What is set on a standard stream is not set on those that copies get. */
static int controls_nothing(uint64_t descriptor, uint64_t command) {
    if (command == F_SETFL) return descriptor > 2;
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC || command == F_GETFD
           || command == F_SETFD || command == F_GETFL;
}

static int asks_only(uint64_t descriptor, uint64_t request) {
    if (request == FIONBIO) return descriptor > 2;
    return request == TCGETS || request == TIOCGWINSZ || request == FIONREAD || request == FIOCLEX
           || request == FIONCLEX;
}

static int names_only(uint64_t option) {
    return option == PR_SET_NAME || option == PR_GET_NAME || option == PR_SET_VMA
           || option == PR_GET_DUMPABLE || option == PR_CAPBSET_READ || option == PR_GET_SECCOMP
           || option == PR_SET_NO_NEW_PRIVS;
}

/* Calls whose effect depends on their arguments: 1 has none, 0 has one, -1 for other calls. */
static int is_harmless(
    const struct stat *page, pid_t pid, uint64_t number, const uint64_t *argument) {
    switch (number) {
#ifdef SYS_open
        case SYS_open: return opens_to_read(pid, argument[0], argument[1]);
#endif
        case SYS_openat:
            return opens_to_read(pid, argument[1], argument[2])
                   || opens_page(page, pid, argument[1], argument[2]);
        case SYS_write:
        case SYS_writev: return is_inner(pid, argument[0]);
        case SYS_sendto: return argument[4] == 0 && is_inner(pid, argument[0]);
        case SYS_bind: return binds_nothing(pid, argument[1], argument[2]);
        case SYS_fcntl: return controls_nothing(argument[0], argument[1]);
        case SYS_ioctl: return asks_only(argument[0], argument[1]);
        case SYS_prctl: return names_only(argument[0]);
        case SYS_mmap:
            return !(argument[3] & MAP_SHARED) || !(argument[2] & PROT_WRITE)
                   || maps_page(page, pid, argument[4]);
        case SYS_prlimit64: return argument[2] == 0;
        default: return -1;
    }
}

// MARK: Calls without effect

/* Timed waits are among them: before the first one the agent holds. */
static const short harmless[] = {
#ifdef __x86_64__
    SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_getdents, SYS_pipe, SYS_dup2, SYS_poll,
    SYS_select, SYS_epoll_create, SYS_epoll_wait, SYS_eventfd, SYS_vfork, SYS_fork, SYS_getpgrp,
    SYS_time, SYS_arch_prctl, SYS_getrlimit,
#endif
    SYS_read, SYS_pread64, SYS_readv, SYS_preadv, SYS_lseek, SYS_close, SYS_close_range, SYS_dup,
    SYS_dup3, SYS_pipe2, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs,
    SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_getdents64, SYS_getcwd, SYS_chdir,
    SYS_fchdir, SYS_umask, SYS_fadvise64, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_brk,
    SYS_madvise, SYS_mincore, SYS_membarrier, SYS_futex, SYS_futex_waitv, SYS_getrandom,
    SYS_getpid, SYS_getppid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
    SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_getpgid, SYS_getsid, SYS_capget, SYS_uname,
    SYS_sysinfo, SYS_times, SYS_getrusage, SYS_getcpu, SYS_clock_gettime, SYS_clock_getres,
    SYS_gettimeofday, SYS_nanosleep, SYS_clock_nanosleep, SYS_sched_yield, SYS_sched_getaffinity,
    SYS_sched_getscheduler,
    SYS_sched_getparam, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending,
    SYS_sigaltstack, SYS_set_tid_address, SYS_set_robust_list, SYS_get_robust_list, SYS_rseq,
    SYS_seccomp, SYS_clone, SYS_clone3, SYS_execve, SYS_execveat, SYS_exit, SYS_exit_group,
    SYS_wait4, SYS_waitid, SYS_restart_syscall, SYS_ppoll, SYS_pselect6, SYS_epoll_create1,
    SYS_epoll_ctl, SYS_epoll_pwait, SYS_eventfd2, SYS_socket, SYS_socketpair,
    SYS_getsockname, SYS_getpeername, SYS_getsockopt, SYS_setsockopt, SYS_recvfrom, SYS_shutdown,
};

static int has_effect(
    const struct stat *page, pid_t pid, uint64_t number, const uint64_t *argument) {
    int known = is_harmless(page, pid, number, argument);
    for (size_t index = 0; known < 0 && index < sizeof harmless / sizeof *harmless; index++)
        if (number == (uint64_t)harmless[index]) known = 1;
    return known != 1;
}

// MARK: Following

struct follower {
    pid_t agent;
    pid_t living[64];       ///< Its processes.
    size_t count;
    uint32_t architecture;  ///< Of the first call.
    struct stat page;       ///< The file of the template's page.
    char *why;
    size_t size;
};

/* Looks at a call that begins: 1 when the agent says that it holds, -1 when it has an effect. */
static int begin_call(struct follower *follower, pid_t pid) {
    struct __ptrace_syscall_info info = {0};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0) return -1;
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return 0;
    // Another architecture numbers its calls in another way.
    if (!follower->architecture) follower->architecture = info.arch;
    if (follower->architecture != info.arch) return -1;
    const uint64_t number = info.entry.nr;
    uint64_t argument[6];
    for (int index = 0; index < 6; index++) argument[index] = info.entry.args[index];
    if (number == SYS_sendto && argument[0] == CAPSULE_TEMPLATE_DESCRIPTOR) {
        if (pid == follower->agent) return 1;
        // It would say so itself, to nobody.
        snprintf(follower->why, follower->size, "has a program that waits");
        return -1;
    }
    if (!has_effect(&follower->page, pid, number, argument)) return 0;
    const char *name = capsule_call_name((long)number);
    char path[160] = "";
    if (number == SYS_openat) read_text(pid, argument[1], path, sizeof path);
    if (*path) snprintf(follower->why, follower->size, "opens '%s' to write", path);
    else if (number == SYS_write)
        snprintf(follower->why, follower->size, "writes to a file");
    else if (name) snprintf(follower->why, follower->size, "calls %s", name);
    else snprintf(follower->why, follower->size, "makes system call %d", (int)number);
    return -1;
}

static int is_known(const struct follower *follower, pid_t pid) {
    for (size_t index = 0; index < follower->count; index++)
        if (follower->living[index] == pid) return 1;
    return 0;
}

static int note(struct follower *follower, pid_t pid) {
    if (follower->count == sizeof follower->living / sizeof *follower->living) {
        snprintf(follower->why, follower->size, "starts too many programs");
        return 0;
    }
    follower->living[follower->count++] = pid;
    return 1;
}

/* Notes the process that this one has just made; one that was heard of before has waited for it. */
static int note_child(struct follower *follower, pid_t parent) {
    unsigned long child = 0;
    if (ptrace(PTRACE_GETEVENTMSG, parent, 0, &child) != 0) return 0;
    if (!is_known(follower, (pid_t)child)) return note(follower, (pid_t)child);
    ptrace(PTRACE_SYSCALL, (pid_t)child, 0, 0);
    return 1;
}

static void forget(struct follower *follower, pid_t pid) {
    for (size_t index = 0; index < follower->count; index++)
        if (follower->living[index] == pid)
            follower->living[index--] = follower->living[--follower->count];
}

/* Handles one stop and lets the process go on; as `begin_call`. */
static int handle_stop(struct follower *follower, pid_t pid, int status) {
    // A child's first stop may be heard of before its parent's event.
    if (!is_known(follower, pid)) return note(follower, pid) ? 0 : -1;
    const int signal = WSTOPSIG(status), event = status >> 16;
    long passed = 0;
    if (signal == syscall_stop) {
        int found = begin_call(follower, pid);
        if (found) return found;
    } else if (event == PTRACE_EVENT_CLONE) {
        if (note_child(follower, pid))
            snprintf(follower->why, follower->size, "starts a thread");
        return -1;
    } else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) {
        if (!note_child(follower, pid)) return -1;
    } else if (event == 0) {
        passed = signal;
    }
    ptrace(PTRACE_SYSCALL, pid, 0, passed);
    return 0;
}

static int follow(struct follower *follower) {
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) return -1;
        if (WIFSTOPPED(status)) {
            int found = handle_stop(follower, pid, status);
            if (found) return found;
            continue;
        }
        forget(follower, pid);
        if (pid != follower->agent) continue;
        snprintf(follower->why, follower->size, "ends without asking anything");
        return -1;
    }
}

struct watchdog {
    pid_t agent;
    struct timespec until;
    sem_t over;
};

static void *watch(void *given) {
    struct watchdog *dog = given;
    int result;
    do result = sem_clockwait(&dog->over, CLOCK_MONOTONIC, &dog->until);
    while (result != 0 && errno == EINTR);
    if (result != 0) kill(dog->agent, SIGKILL);
    return NULL;
}

static const long follow_options =
    PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
    | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;

/* Has the agent stop at its next call. */
static int begin(pid_t agent) {
    int status;
    if (ptrace(PTRACE_INTERRUPT, agent, 0, 0) != 0) return -errno;
    if (waitpid(agent, &status, __WALL) != agent || !WIFSTOPPED(status)) return -ECHILD;
    return ptrace(PTRACE_SYSCALL, agent, 0, 0) != 0 ? -errno : 0;
}

/* As `follow`, but not for longer than that. */
static int follow_until(struct follower *follower, int timeout_ms) {
    struct watchdog dog = {.agent = follower->agent};
    pthread_t thread;
    clock_gettime(CLOCK_MONOTONIC, &dog.until);
    dog.until.tv_sec += timeout_ms / 1000 + 1;
    if (sem_init(&dog.over, 0, 0) != 0) return -1;
    int found = -1;
    if (pthread_create(&thread, NULL, watch, &dog) == 0) {
        found = follow(follower);
        sem_post(&dog.over);
        pthread_join(thread, NULL);
    }
    sem_destroy(&dog.over);
    return found;
}

int capsule_template_follow(
    pid_t agent, const char *page, int control, int timeout_ms, char *why, size_t size) {
    struct follower follower = {
        .agent = agent, .living = {agent}, .count = 1, .why = why, .size = size};
    snprintf(why, size, "cannot be followed");
    if (stat(page, &follower.page) != 0) return 1;
    if (ptrace(PTRACE_SEIZE, agent, 0, follow_options) != 0) return 1;
    int found = -1;
    if (begin(agent) == 0 && capsule_template_go(control) == 0)
        found = follow_until(&follower, timeout_ms);
    if (found == 1 && follower.count != 1) {
        snprintf(why, size, "has other programs running");
        found = -1;
    }
    if (found == 1 && ptrace(PTRACE_DETACH, agent, 0, 0) == 0) return 0;
    return 1;
}
#else
int capsule_template_follow(
    pid_t agent, const char *page, int control, int timeout_ms, char *why, size_t size) {
    (void)agent, (void)page, (void)control, (void)timeout_ms;
    snprintf(why, size, "cannot be followed on this system");
    return 1;
}
#endif
