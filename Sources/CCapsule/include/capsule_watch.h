#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Watches every thread of a tree of processes through /proc; Linux only.
struct capsule_watch;

/// What one look at the whole tree found.
struct capsule_look {
    /// 1 when every thread sleeps in a call that nothing but an event ends; 0 when one does not.
    int blocked;
    /// Over the threads and how often each was run: two looks that are `blocked` and agree here
    /// prove that nothing ran in between.
    uint64_t signature;
    uint32_t tasks;
    /// How many threads ran since `capsule_watch_mark`.
    uint32_t ran;
    /// How many processes there are.
    uint32_t processes;
    /// The first thread that does not sleep durably, and the system call it is in; -1 when it runs.
    pid_t task;
    long call;
    /// 1 when that thread sleeps in a call that real time ends: nobody has it under control.
    int is_timed;
};

/// One thread as a person wants to see it.
struct capsule_thread {
    pid_t pid, tid;    ///< As this process sees them.
    pid_t inner_tid;   ///< As the agent itself does.
    long call;         ///< The system call it is in; -1 when it runs.
    char name[17];
};

/// Begins to watch; `root` is left out itself when `skips_root` is set. NULL without memory.
struct capsule_watch *capsule_watch_open(pid_t root, int skips_root);
void capsule_watch_close(struct capsule_watch *watch);

/// Looks once at every thread; stops at the first one that does not sleep durably.
///
/// A thread that was just woken for another processor seems to sleep in its call until that
/// processor hears of it; only its state tells. It costs more to read, so it is read when `closely`.
void capsule_watch_look(struct capsule_watch *watch, int closely, struct capsule_look *look);

/// Counts `ran`, and `capsule_watch_computed`, from here on.
void capsule_watch_mark(struct capsule_watch *watch);

/// The CPU time in ns that the threads which are known used since `capsule_watch_mark`.
uint64_t capsule_watch_computed(struct capsule_watch *watch);

/// The identifier that this process knows a process or thread of the tree by; 0 when it is gone.
pid_t capsule_watch_outer(struct capsule_watch *watch, pid_t inner_pid, pid_t inner_tid);

/// Lists threads; returns how many there are, of which at most `room` are written.
size_t capsule_watch_threads(
    struct capsule_watch *watch, struct capsule_thread *threads, size_t room);

/// Lets threads that take turns (SCHED_FIFO) share the machine with all others (SCHED_OTHER) for a
/// while, or ends that.
void capsule_watch_share(struct capsule_watch *watch, int shares);

/// How much the tree takes.
struct capsule_census {
    uint32_t processes;
    uint64_t memory_bytes;  ///< Resident; pages that processes share count for each.
};

/// Counts all processes, whatever they do.
void capsule_watch_count(struct capsule_watch *watch, struct capsule_census *census);

/// The name of a system call in which threads sleep; NULL for others.
const char *capsule_call_name(long call);
