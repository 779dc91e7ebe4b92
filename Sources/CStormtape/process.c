#define _GNU_SOURCE
#include "process.h"

#include "become.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

/* The limit of files before it was raised; 0 when it was not. */
static struct rlimit file_limit;

#ifdef __linux__
static void settle_in(const struct stormtape_spawn *request) {
    if (request->fixed_addresses) personality(ADDR_NO_RANDOMIZE);
    if (request->processor >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(request->processor, &set);
        sched_setaffinity(0, sizeof set, &set);
        struct sched_param parameter = {.sched_priority = 1};
        if (request->takes_turns) sched_setscheduler(0, SCHED_FIFO, &parameter);
    }
}
#endif

/* Moves the descriptor that is kept to its place, above that of the report. */
static int keep_control(const struct stormtape_spawn *request, int report) {
    if (request->control_at > report) return dup2(request->control, request->control_at) < 0;
    errno = EMFILE;
    return -1;
}

#ifdef __linux__
/* Closes all descriptors above `lowest` but one; -1 for none. */
static void close_above(int lowest, int kept) {
    if (kept > lowest + 1) syscall(SYS_close_range, (unsigned)lowest + 1, (unsigned)kept - 1, 0u);
    syscall(SYS_close_range, (unsigned)(kept > lowest ? kept : lowest) + 1, ~0u, 0u);
}
#endif

/* Runs in the child between fork and exec: async-signal-safe calls only. */
void stormtape_become(const struct stormtape_spawn *request, int report, pid_t parent) {
    int descriptors[3] = {
        request->standard_input, request->standard_output, request->standard_error};
    if (request->new_group) setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* A parent that was killed before that sends no signal any more. */
    if (getppid() != parent) _exit(127);
    settle_in(request);
#else
    (void)parent;
#endif
    if (file_limit.rlim_max != 0) setrlimit(RLIMIT_NOFILE, &file_limit);
    if (request->control >= 0 && keep_control(request, report) != 0) goto failed;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int signal_number = 1; signal_number < 32; signal_number++)
        signal(signal_number, SIG_DFL);
    for (int index = 0; index < 3; index++) {
        int source = descriptors[index];
        if (source < 0) source = open("/dev/null", index == 0 ? O_RDONLY : O_WRONLY);
        if (source < 0) goto failed;
        /* Move aside what would be overwritten by a lower target. */
        if (source < 3 && source != index) source = fcntl(source, F_DUPFD, 3);
        descriptors[index] = source;
    }
    for (int index = 0; index < 3; index++) {
        if (descriptors[index] == index) {
            fcntl(index, F_SETFD, 0);
        } else if (dup2(descriptors[index], index) < 0) {
            goto failed;
        }
    }
#ifdef __linux__
    /* Everything but the report is closed; the report is closed by a successful exec. */
    if (report > 3) syscall(SYS_close_range, 3u, (unsigned)report - 1, 0u);
    close_above(report, request->control >= 0 ? request->control_at : -1);
#endif
    if (request->directory && chdir(request->directory) != 0) goto failed;
    execve(request->path, request->argv, request->envp);
failed:;
    int error = errno;
    ssize_t ignored = write(report, &error, sizeof error);
    (void)ignored;
    _exit(127);
}

pid_t stormtape_start(const struct stormtape_spawn *request) {
    int report[2];
    int error_number = stormtape_pipe(report, 0);
    if (error_number) return error_number;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        /* Keep the report out of the way of the first three descriptors. */
        int high = fcntl(report[1], F_DUPFD_CLOEXEC, 100);
        stormtape_become(request, high >= 0 ? high : report[1], parent);
    }
    int fork_error = errno;
    close(report[1]);
    if (child < 0) {
        close(report[0]);
        return -fork_error;
    }
    int error = 0;
    ssize_t got;
    do got = read(report[0], &error, sizeof error);
    while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got == (ssize_t)sizeof error) {
        waitpid(child, NULL, 0);
        return -error;
    }
    return child;
}

int stormtape_pidfd(pid_t pid) {
#ifdef __linux__
    int descriptor = (int)syscall(SYS_pidfd_open, pid, 0u);
    return descriptor >= 0 ? descriptor : -errno;
#else
    (void)pid;
    return -ENOSYS;
#endif
}

int stormtape_become_subreaper(void) {
#ifdef __linux__
    return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ? 0 : -errno;
#else
    return -ENOSYS;
#endif
}

int stormtape_processor_count(void) {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}

int stormtape_processor(unsigned number) {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return -1;
    unsigned left = number % (unsigned)CPU_COUNT(&set);
    for (int processor = 0; processor < CPU_SETSIZE; processor++)
        if (CPU_ISSET(processor, &set) && left-- == 0) return processor;
#endif
    (void)number;
    return -1;
}

void stormtape_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
    file_limit = limit;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int stormtape_can_take_turns(void) {
#ifdef __linux__
    struct sched_param before, parameter = {.sched_priority = 1};
    int policy = sched_getscheduler(0);
    if (policy < 0 || sched_getparam(0, &before) != 0) return -errno;
    if (sched_setscheduler(0, SCHED_FIFO, &parameter) != 0) return -errno;
    return sched_setscheduler(0, policy, &before) == 0 ? 0 : -errno;
#else
    return -ENOSYS;
#endif
}

pid_t stormtape_first_child(pid_t pid) {
    int child = 0;
#ifdef __linux__
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    if (fscanf(file, "%d", &child) != 1) child = 0;
    fclose(file);
#endif
    return child;
}

/* The child that is spared when others are killed; 0 for none. */
static pid_t spared;

void stormtape_spare(pid_t pid) { spared = pid; }

/* Kills the children of this process; adopted orphans are children too. */
static int kill_children(void) {
    int count = 0;
#ifdef __linux__
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    int pid;
    while (fscanf(file, "%d", &pid) == 1) {
        if (pid == spared) continue;
        kill(pid, SIGKILL);
        count++;
    }
    fclose(file);
#endif
    return count;
}

void stormtape_kill_descendants(void) {
    /* A fork bomb may out-run one sweep; each sweep adopts what its parents leave behind. */
    for (int sweep = 0; sweep < 1000; sweep++) {
        int killed = kill_children();
        int waited = 0;
        while (waitpid(-1, NULL, killed ? 0 : WNOHANG) > 0) {
            waited++;
            killed = killed > 0 ? killed - 1 : 0;
        }
        if (waited == 0 && kill_children() == 0) return;
    }
}

int stormtape_reap(pid_t pid, int *status) {
    pid_t got = waitpid(pid, status, WNOHANG);
    if (got == pid) return 1;
    return got == 0 ? 0 : -errno;
}

int stormtape_await(pid_t pid) {
    int status = 0;
#ifdef __linux__
    siginfo_t info;
    // Others are not waited for in its place.
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return 0;
    for (;;) {
        pid_t got = waitpid(-1, &status, __WALL);
        // A process that is followed may stop on its way to its end.
        if (got == pid && !WIFSTOPPED(status)) return status;
        if (got < 0 && errno != EINTR) return 0;
    }
#else
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return 0;
    return status;
#endif
}

int stormtape_signal(int pid_descriptor, int signal_number) {
#ifdef __linux__
    long result = syscall(SYS_pidfd_send_signal, pid_descriptor, signal_number, NULL, 0u);
    return result == 0 ? 0 : -errno;
#else
    (void)pid_descriptor;
    (void)signal_number;
    return -ENOSYS;
#endif
}

int stormtape_decode_status(int status) {
    if (WIFSIGNALED(status)) return 256 + WTERMSIG(status);
    return WEXITSTATUS(status);
}

int stormtape_pipe(int ends[2], int nonblocking) {
    if (pipe(ends) != 0) return -errno;
    for (int index = 0; index < 2; index++) fcntl(ends[index], F_SETFD, FD_CLOEXEC);
    if (nonblocking) fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_NONBLOCK);
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void stormtape_remove_tree(const char *path) {
    nftw(path, remove_entry, 64, FTW_DEPTH | FTW_PHYS);
}
