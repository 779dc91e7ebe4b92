// A container for an agent: process identifiers that are the same in every run, a folder that lies
// at the same place in every run, and an end that nothing of it outlives.
#define _GNU_SOURCE
#include "become.h"

#include <errno.h>
#include <stddef.h>

#ifdef __linux__
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* fork() without its handlers: other threads of this process may hold locks that they wait for. */
static pid_t bare_fork(unsigned long flags) {
#ifdef __s390x__
    return (pid_t)syscall(SYS_clone, NULL, flags | SIGCHLD, NULL, NULL, 0);
#else
    return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);
#endif
}

enum stage { stage_none, stage_private, stage_proc, stage_bind, stage_fork };

static const char *const stage_names[] = {
    "a process namespace", "a private view of the file system", "mounting /proc",
    "showing the run's folder at a fixed place", "starting the agent in it",
};

/* No more than so many threads and processes in all, whoever outruns whom: the kernel counts
   identifiers for each namespace since Linux 6.14. Before, the limit would be the whole machine's. */
static void limit_identifiers(void) {
    static const char most[] = "8192";
    struct utsname system;
    int major = 0, minor = 0;
    if (uname(&system) != 0 || sscanf(system.release, "%d.%d", &major, &minor) != 2) return;
    if (major < 6 || (major == 6 && minor < 14)) return;
    int file = open("/proc/sys/kernel/pid_max", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t ignored = write(file, most, sizeof most - 1);
    (void)ignored;
    close(file);
}

static enum stage furnish(const struct stormtape_container *container) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return stage_private;
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
        return stage_proc;
    limit_identifiers();
    if (container->source
        && mount(container->source, container->target, NULL, MS_BIND, NULL) != 0)
        return stage_bind;
    return stage_none;
}

static void report_failure(int report, int error, enum stage stage) {
    int words[2] = {error, (int)stage};
    ssize_t ignored = write(report, words, sizeof words);
    (void)ignored;
    _exit(127);
}

/* Whether what the agent left behind has ended as well, for which it is given a moment. */
static int is_all_over(void) {
    enum { looks = 100 };
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int look = 0; look < looks; look++) {
        pid_t pid;
        do pid = waitpid(-1, NULL, WNOHANG);
        while (pid > 0);
        if (pid < 0) return 1;
        nanosleep(&pause, NULL);
    }
    return 0;
}

/* Number 1 of the namespace: waits for everything and ends with the agent. */
static void keep_house(pid_t agent, int *status) {
    for (;;) {
        int ended = 0;
        pid_t pid = waitpid(-1, &ended, 0);
        if (pid < 0 && errno != EINTR) _exit(0);
        if (pid != agent) continue;
        status[0] = ended;
        status[1] = !is_all_over();
        _exit(0);
    }
}

static void be_init(
    const struct stormtape_spawn *request, const struct stormtape_container *container, int report
) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "stormtape-init");
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    enum stage stage = furnish(container);
    if (stage != stage_none) report_failure(report, errno, stage);
    pid_t agent = bare_fork(0);
    if (agent < 0) report_failure(report, errno, stage_fork);
    if (agent == 0) stormtape_become(request, report, 1);
    // Whoever reads the agent's output must see its end when the agent ends.
    syscall(SYS_close_range, 0u, ~0u, 0u);
    keep_house(agent, container->status);
}

pid_t stormtape_start_contained(
    const struct stormtape_spawn *request, const struct stormtape_container *container,
    const char **stage
) {
    int report[2];
    *stage = NULL;
    int error_number = stormtape_pipe(report, 0);
    if (error_number) return error_number;
    *container->status = -1;
    pid_t init = bare_fork(CLONE_NEWPID | CLONE_NEWNS);
    if (init == 0) {
        int high = fcntl(report[1], F_DUPFD_CLOEXEC, 100);
        be_init(request, container, high >= 0 ? high : report[1]);
    }
    int fork_error = errno;
    close(report[1]);
    if (init < 0) {
        close(report[0]);
        *stage = stage_names[0];
        return -fork_error;
    }
    int words[2] = {0, stage_none};
    ssize_t got;
    do got = read(report[0], words, sizeof words);
    while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got <= 0) return init;
    waitpid(init, NULL, 0);
    // The container reports two words, the agent's failure to start is one.
    if (got == (ssize_t)sizeof words) *stage = stage_names[words[1]];
    return -words[0];
}

int *stormtape_status_open(void) {
    int *status =
        mmap(NULL, 2 * sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (status == MAP_FAILED) return NULL;
    *status = -1;
    return status;
}

void stormtape_status_close(int *status) {
    if (status) munmap(status, 2 * sizeof(int));
}

int stormtape_can_fix_addresses(void) {
    int before = personality(0xFFFFFFFF);
    if (before < 0) return -errno;
    if (personality((unsigned long)before | ADDR_NO_RANDOMIZE) < 0) return -errno;
    personality((unsigned long)before);
    return 0;
}
#else
pid_t stormtape_start_contained(
    const struct stormtape_spawn *request, const struct stormtape_container *container,
    const char **stage
) {
    (void)request;
    (void)container;
    *stage = "process namespaces, which this system does not have";
    return -ENOSYS;
}

int *stormtape_status_open(void) { return NULL; }
void stormtape_status_close(int *status) { (void)status; }
int stormtape_can_fix_addresses(void) { return -ENOSYS; }
#endif
