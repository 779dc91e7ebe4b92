// The proof that nothing of the agent runs: what /proc says of each thread of its processes.
//
// `syscall` says "running" unless the thread is off the run queue, and else in which call it
// sleeps; `schedstat` counts how often it was run. Reading both twice with the same counts
// proves that each thread slept over an interval, and that all of these overlap.
#define _GNU_SOURCE
#include "capsule_watch.h"

#include "calls.h"

#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

struct task {
    pid_t pid, tid;
    pid_t inner_tid;
    int call_file, run_file, children_file, state_file;
    uint64_t runs, cpu_ns;            // As last read.
    uint64_t marked_runs, marked_ns;  // At the last mark.
    int seen;
};

struct process {
    pid_t pid;
    pid_t inner_pid;
    int task_folder;
    int seen;
};

struct capsule_watch {
    pid_t root;
    int skips_root;
    struct task *tasks;
    size_t task_count, task_room;
    struct process *processes;
    size_t process_count, process_room;
    int round;
    /// The agent's first process: when it has ended, the end of all is near, and nothing hangs.
    pid_t agent;
    int agent_lives;
    int closely;
    /// The thread that kept the last look from being whole; 0 for none.
    pid_t busy;
};

struct directory_entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static int open_file(pid_t pid, pid_t tid, const char *name, int flags) {
    char path[80];
    if (tid) snprintf(path, sizeof path, "/proc/%d/task/%d/%s", pid, tid, name);
    else snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return open(path, flags | O_RDONLY | O_CLOEXEC);
}

static ssize_t read_at_start(int file, char *buffer, size_t room) {
    ssize_t got = file < 0 ? -1 : pread(file, buffer, room - 1, 0);
    buffer[got > 0 ? got : 0] = 0;
    return got;
}

/* The last number of the line `NSpid:`: what the process calls itself. */
static pid_t inner_id(pid_t pid, pid_t tid) {
    char text[4096];
    int file = open_file(pid, tid, "status", 0);
    ssize_t got = read_at_start(file, text, sizeof text);
    if (file >= 0) close(file);
    if (got <= 0) return 0;
    char *line = strstr(text, "\nNSpid:");
    if (!line) return tid ? tid : pid;
    char *end = strchr(line + 1, '\n');
    if (end) *end = 0;
    char *last = strrchr(line + 1, '\t');
    return last ? (pid_t)atoi(last + 1) : pid;
}

static void *grown(void *items, size_t *room, size_t size) {
    size_t wanted = *room ? *room * 2 : 64;
    void *larger = realloc(items, wanted * size);
    if (larger) *room = wanted;
    return larger;
}

static struct process *process_of(struct capsule_watch *watch, pid_t pid) {
    for (size_t index = 0; index < watch->process_count; index++)
        if (watch->processes[index].pid == pid) return &watch->processes[index];
    if (watch->process_count == watch->process_room) {
        void *larger = grown(watch->processes, &watch->process_room, sizeof(struct process));
        if (!larger) return NULL;
        watch->processes = larger;
    }
    int folder = open_file(pid, 0, "task", O_DIRECTORY);
    if (folder < 0) return NULL;
    struct process *added = &watch->processes[watch->process_count++];
    *added = (struct process){
        .pid = pid, .inner_pid = inner_id(pid, 0), .task_folder = folder, .seen = watch->round};
    return added;
}

static void close_file(int file) {
    if (file >= 0) close(file);
}

static void close_task(const struct task *task) {
    close_file(task->call_file);
    close_file(task->run_file);
    close_file(task->children_file);
    close_file(task->state_file);
}

/* Opens all of a thread's files, or none: a thread of which a part is not seen would look dead. */
static int open_task(struct task *task) {
    task->call_file = open_file(task->pid, task->tid, "syscall", 0);
    task->run_file = open_file(task->pid, task->tid, "schedstat", 0);
    task->children_file = open_file(task->pid, task->tid, "children", 0);
    task->state_file = open_file(task->pid, task->tid, "stat", 0);
    if (task->call_file >= 0 && task->run_file >= 0 && task->children_file >= 0
        && task->state_file >= 0)
        return 1;
    int error = errno;
    close_task(task);
    errno = error;
    return 0;
}

static struct task *task_of(struct capsule_watch *watch, pid_t pid, pid_t tid) {
    for (size_t index = 0; index < watch->task_count; index++)
        if (watch->tasks[index].tid == tid && watch->tasks[index].pid == pid)
            return &watch->tasks[index];
    if (watch->task_count == watch->task_room) {
        void *larger = grown(watch->tasks, &watch->task_room, sizeof(struct task));
        if (!larger) return NULL;
        watch->tasks = larger;
    }
    struct task task = {.pid = pid, .tid = tid, .inner_tid = inner_id(pid, tid)};
    if (!task.inner_tid || !open_task(&task)) return NULL;
    watch->tasks[watch->task_count] = task;
    return &watch->tasks[watch->task_count++];
}

/* Forgets what this round did not meet. */
static void sweep(struct capsule_watch *watch) {
    size_t kept = 0;
    for (size_t index = 0; index < watch->task_count; index++) {
        struct task *task = &watch->tasks[index];
        if (task->seen == watch->round) {
            watch->tasks[kept++] = *task;
            continue;
        }
        close_task(task);
    }
    watch->task_count = kept;
    kept = 0;
    for (size_t index = 0; index < watch->process_count; index++) {
        struct process *process = &watch->processes[index];
        if (process->seen == watch->round) watch->processes[kept++] = *process;
        else close_file(process->task_folder);
    }
    watch->process_count = kept;
}

static char state_of(const struct task *task) {
    char text[512];
    ssize_t got = read_at_start(task->state_file, text, sizeof text);
    if (got <= 0) return got < 0 && errno == ESRCH ? 'X' : '?';
    char *end = strrchr(text, ')');
    return end && end[1] ? end[2] : '?';
}

/* Whether a thread sleeps durably; -1 when it is no more. */
static int look_at(struct task *task, int closely, struct capsule_look *look) {
    char text[256];
    ssize_t got = read_at_start(task->call_file, text, sizeof text);
    look->task = task->tid;
    look->call = -1;
    look->is_timed = 0;
    if (got <= 0) {
        char state = state_of(task);
        return state == 'Z' || state == 'X' ? -1 : 0;
    }
    if (text[0] == 'r') return 0;
    unsigned long long argument[6] = {0};
    long call = -1;
    sscanf(text, "%ld %llx %llx %llx %llx %llx %llx", &call, &argument[0], &argument[1],
           &argument[2], &argument[3], &argument[4], &argument[5]);
    look->call = call;
    int durable = call_is_durable(call, argument);
    if (durable == 1 && !closely) return 1;
    char state = state_of(task);
    if (state == 'Z' || state == 'X') return -1;
    if (durable || state == 'T') return state == 'S' || state == 'T';
    look->is_timed = state == 'S' && call_is_timed(call);
    return 0;
}

static int read_runs(struct task *task) {
    char text[128];
    if (read_at_start(task->run_file, text, sizeof text) <= 0) return 0;
    unsigned long long used = 0, waited = 0, runs = 0;
    if (sscanf(text, "%llu %llu %llu", &used, &waited, &runs) != 3) return 0;
    task->runs = runs;
    task->cpu_ns = used;
    return 1;
}

static void mix(uint64_t *signature, uint64_t value) {
    *signature = (*signature ^ value) * 0x9E3779B97F4A7C15ull;
    *signature ^= *signature >> 29;
}

static int visit(struct capsule_watch *watch, pid_t pid, struct capsule_look *look);

static int visit_children(struct capsule_watch *watch, int file, struct capsule_look *look) {
    char text[4096];
    // A read gives whole numbers, no more than a page of them.
    for (off_t offset = 0;;) {
        ssize_t got = pread(file, text, sizeof text - 1, offset);
        if (got < 0 && errno != ESRCH) return 0;
        if (got <= 0) return 1;
        text[got] = 0;
        char *position = text, *end;
        for (long child; (child = strtol(position, &end, 10)) > 0; position = end)
            if (!visit(watch, (pid_t)child, look)) return 0;
        offset += got;
    }
}

static int visit_task(
    struct capsule_watch *watch, struct process *process, pid_t tid, struct capsule_look *look
) {
    struct task *task = task_of(watch, process->pid, tid);
    if (!task) return errno == ENOENT || errno == ESRCH;
    int is_new = task->seen == 0;
    task->seen = watch->round;
    int skipped = watch->skips_root && process->pid == watch->root;
    int blocked = look_at(task, watch->closely, look);
    // The init's own pauses are none of the agent's.
    if (skipped) look->is_timed = 0;
    if (blocked == 0) watch->busy = tid;
    if (blocked == 0) return 0;
    if (blocked > 0) {
        if (!read_runs(task)) return 0;
        mix(&look->signature, ((uint64_t)tid << 32) ^ task->runs);
        if (!skipped) {
            if (!watch->agent) watch->agent = process->pid;
            watch->agent_lives |= process->pid == watch->agent;
            look->tasks++;
            look->ran += is_new || task->runs != task->marked_runs;
        }
    }
    int children = task->children_file;
    return visit_children(watch, children, look);
}

static int visit(struct capsule_watch *watch, pid_t pid, struct capsule_look *look) {
    struct process *process = process_of(watch, pid);
    if (!process) return errno == ENOENT || errno == ESRCH;
    process->seen = watch->round;
    look->processes++;
    struct process self = *process;
    char buffer[2048];
    if (lseek(self.task_folder, 0, SEEK_SET) < 0) return 0;
    for (;;) {
        long got = syscall(SYS_getdents64, self.task_folder, buffer, sizeof buffer);
        if (got < 0) return errno == ENOENT || errno == ESRCH;
        if (got == 0) return 1;
        for (long at = 0; at < got;) {
            struct directory_entry *entry = (void *)(buffer + at);
            at += entry->length;
            pid_t tid = (pid_t)atoi(entry->name);
            if (tid > 0 && !visit_task(watch, &self, tid, look)) return 0;
        }
    }
}

struct capsule_watch *capsule_watch_open(pid_t root, int skips_root) {
    struct capsule_watch *watch = calloc(1, sizeof *watch);
    if (!watch) return NULL;
    watch->root = root;
    watch->skips_root = skips_root;
    return watch;
}

void capsule_watch_close(struct capsule_watch *watch) {
    if (!watch) return;
    watch->round++;
    sweep(watch);
    free(watch->tasks);
    free(watch->processes);
    free(watch);
}

/* Whether the thread that ran still does: while an agent computes, that is all there is to know. */
static int still_runs(struct capsule_watch *watch) {
    char text[16];
    for (size_t index = 0; watch->busy && index < watch->task_count; index++)
        if (watch->tasks[index].tid == watch->busy)
            return read_at_start(watch->tasks[index].call_file, text, sizeof text) > 0
                   && text[0] == 'r';
    return 0;
}

void capsule_watch_look(struct capsule_watch *watch, int closely, struct capsule_look *look) {
    watch->closely = closely;
    *look = (struct capsule_look){.signature = 0x53544F524Dull, .task = watch->busy, .call = -1};
    if (still_runs(watch)) return;
    watch->busy = 0;
    watch->round++;
    watch->agent_lives = 0;
    int whole = visit(watch, watch->root, look);
    look->blocked = whole && watch->agent_lives;
    // A round that was broken off has not met everything.
    if (whole) sweep(watch);
}

void capsule_watch_mark(struct capsule_watch *watch) {
    for (size_t index = 0; index < watch->task_count; index++) {
        watch->tasks[index].marked_runs = watch->tasks[index].runs;
        watch->tasks[index].marked_ns = watch->tasks[index].cpu_ns;
    }
}

uint64_t capsule_watch_computed(struct capsule_watch *watch) {
    uint64_t sum = 0;
    for (size_t index = 0; index < watch->task_count; index++) {
        struct task *task = &watch->tasks[index];
        int skipped = watch->skips_root && task->pid == watch->root;
        if (!skipped && read_runs(task)) sum += task->cpu_ns - task->marked_ns;
    }
    return sum;
}

static int is_alive(pid_t pid, pid_t tid) {
    int file = open_file(pid, tid, "comm", 0);
    close_file(file);
    return file >= 0;
}

pid_t capsule_watch_outer(struct capsule_watch *watch, pid_t inner_pid, pid_t inner_tid) {
    for (size_t index = 0; index < watch->process_count; index++) {
        struct process *process = &watch->processes[index];
        if (process->inner_pid != inner_pid || process->pid == watch->root) continue;
        if (!inner_tid) return is_alive(process->pid, 0) ? process->pid : 0;
        for (size_t at = 0; at < watch->task_count; at++) {
            struct task *task = &watch->tasks[at];
            if (task->pid == process->pid && task->inner_tid == inner_tid)
                return is_alive(task->pid, task->tid) ? task->tid : 0;
        }
    }
    // Without a namespace of its own the root is the agent itself.
    if (!watch->skips_root && inner_pid == watch->root) return inner_tid ? inner_tid : inner_pid;
    return 0;
}

size_t capsule_watch_threads(
    struct capsule_watch *watch, struct capsule_thread *threads, size_t room
) {
    size_t count = 0;
    for (size_t index = 0; index < watch->task_count; index++) {
        struct task *task = &watch->tasks[index];
        if (watch->skips_root && task->pid == watch->root) continue;
        if (count < room) {
            struct capsule_look look;
            struct capsule_thread *thread = &threads[count];
            look_at(task, 0, &look);
            *thread = (struct capsule_thread){.pid = task->pid,
                                              .tid = task->tid,
                                              .inner_tid = task->inner_tid,
                                              .call = look.call};
            int file = open_file(task->pid, task->tid, "comm", 0);
            read_at_start(file, thread->name, sizeof thread->name);
            close_file(file);
            thread->name[strcspn(thread->name, "\n")] = 0;
        }
        count++;
    }
    return count;
}

void capsule_watch_share(struct capsule_watch *watch, int shares) {
    // Those that were born meanwhile are to be met in the next look.
    watch->busy = 0;
    int from = shares ? SCHED_FIFO : SCHED_OTHER, to = shares ? SCHED_OTHER : SCHED_FIFO;
    struct sched_param parameter = {.sched_priority = shares ? 0 : 1};
    for (size_t index = 0; index < watch->task_count; index++) {
        struct task *task = &watch->tasks[index];
        if (watch->skips_root && task->pid == watch->root) continue;
        if (sched_getscheduler(task->tid) == from) sched_setscheduler(task->tid, to, &parameter);
    }
}

static void count(pid_t pid, struct capsule_census *census) {
    char text[4096];
    int file = open_file(pid, 0, "statm", 0);
    if (file < 0) return;
    unsigned long long size = 0, resident = 0;
    if (read_at_start(file, text, sizeof text) > 0) sscanf(text, "%llu %llu", &size, &resident);
    close_file(file);
    census->processes++;
    census->memory_bytes += resident * (uint64_t)sysconf(_SC_PAGESIZE);
    // The children of the first thread: others seldom have any, and the count is for a limit.
    file = open_file(pid, pid, "children", 0);
    ssize_t got;
    for (off_t offset = 0; (got = pread(file, text, sizeof text - 1, offset)) > 0; offset += got) {
        text[got] = 0;
        char *position = text, *end;
        for (long child; (child = strtol(position, &end, 10)) > 0; position = end)
            count((pid_t)child, census);
    }
    close_file(file);
}

void capsule_watch_count(struct capsule_watch *watch, struct capsule_census *census) {
    *census = (struct capsule_census){0};
    // The next look is a whole one, which meets the children of all threads.
    watch->busy = 0;
    count(watch->root, census);
}

#else
struct capsule_watch *capsule_watch_open(pid_t root, int skips_root) {
    (void)root;
    (void)skips_root;
    return NULL;
}
void capsule_watch_close(struct capsule_watch *watch) { (void)watch; }
void capsule_watch_look(struct capsule_watch *watch, int closely, struct capsule_look *look) {
    (void)watch;
    (void)closely;
    memset(look, 0, sizeof *look);
}
void capsule_watch_mark(struct capsule_watch *watch) { (void)watch; }
uint64_t capsule_watch_computed(struct capsule_watch *watch) {
    (void)watch;
    return 0;
}
pid_t capsule_watch_outer(struct capsule_watch *watch, pid_t inner_pid, pid_t inner_tid) {
    (void)watch;
    (void)inner_pid;
    (void)inner_tid;
    return 0;
}
size_t capsule_watch_threads(
    struct capsule_watch *watch, struct capsule_thread *threads, size_t room
) {
    (void)watch;
    (void)threads;
    (void)room;
    return 0;
}
void capsule_watch_share(struct capsule_watch *watch, int shares) {
    (void)watch;
    (void)shares;
}
void capsule_watch_count(struct capsule_watch *watch, struct capsule_census *census) {
    (void)watch;
    memset(census, 0, sizeof *census);
}
#endif
