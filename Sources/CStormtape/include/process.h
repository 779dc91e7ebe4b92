#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What to start and how.
struct stormtape_spawn {
    const char *path;              ///< The executable, found already.
    char *const *argv;             ///< Its arguments, NULL at the end.
    char *const *envp;             ///< Its environment, NULL at the end.
    const char *directory;         ///< Where it starts; NULL for here.
    int standard_input;            ///< Descriptors for the first three; -1 for /dev/null.
    int standard_output;
    int standard_error;
    int new_group;                 ///< Whether it leads a process group of its own.
    int fixed_addresses;           ///< Whether its memory is laid out the same every time.
    int processor;                 ///< The one processor it may use; -1 for all.
    /// Whether its threads take turns in the order in which they became ready, and none is
    /// interrupted for another one (SCHED_FIFO). Needs a processor.
    int takes_turns;
    int control;                   ///< A descriptor that it gets as `control_at`; -1 for none.
    int control_at;
};

/// Namespaces around a process: its own process identifiers, from an init that is number 1 on, and
/// its own view of the file system.
struct stormtape_container {
    const char *source;   ///< A folder that is seen at `target` as well; NULL for none.
    const char *target;   ///< A folder that exists.
    /// In memory of this process alone; becomes the status of the process, as `waitpid` gives it,
    /// when it ends. The init ends soon after it, and nothing that was started outlives the init:
    /// the second number says whether anything was left to be ended.
    int *status;
};

/// Starts a process that dies with the calling thread. Returns its id, or -errno.
pid_t stormtape_start(const struct stormtape_spawn *request);

/// Starts a process in a container and returns the id of its init, or -errno; when it is the
/// container that was refused, *stage names what, and nothing was started.
pid_t stormtape_start_contained(
    const struct stormtape_spawn *request, const struct stormtape_container *container,
    const char **stage);

/// Memory that is shared with processes started later, for a status and one more number; NULL
/// without memory.
int *stormtape_status_open(void);
void stormtape_status_close(int *status);

/// Whether addresses can be fixed: 0 or -errno.
int stormtape_can_fix_addresses(void);

/// The first child of a process, or 0.
pid_t stormtape_first_child(pid_t pid);

/// Whether this process may give SCHED_FIFO to others: 0 or -errno.
int stormtape_can_take_turns(void);

/// How many processors this process may use.
int stormtape_processor_count(void);

/// The n-th of them, from 0 on and around; -1 where the system does not say.
int stormtape_processor(unsigned number);

/// Lets this process open as many files as it may; what it starts gets the limit from before.
void stormtape_raise_file_limit(void);

/// A descriptor that becomes readable when the process ends; -errno where there is none.
int stormtape_pidfd(pid_t pid);

/// Makes this process adopt the orphans of its descendants. Returns 0 or -errno.
int stormtape_become_subreaper(void);

/// Kills every child and adopted descendant of this process and waits for them.
void stormtape_kill_descendants(void);

/// Names a child that `stormtape_kill_descendants` leaves alone; 0 for none.
void stormtape_spare(pid_t pid);

/// Exit status of a child without waiting: 1 and *status when it ended, 0 when it runs, -errno.
int stormtape_reap(pid_t pid, int *status);

/// Waits for the end of a child, and until then takes the ends of all others, also of processes
/// that this one follows: the init of a container ends only after those. Returns the status, or 0
/// when it is no child.
int stormtape_await(pid_t pid);

/// Sends a signal to the process of a descriptor, which may have ended. Returns 0 or -errno.
int stormtape_signal(int pid_descriptor, int signal_number);

/// The way `waitpid` encodes a status: exit code, or 256 + signal.
int stormtape_decode_status(int status);

/// Makes a pipe whose ends are closed on exec; the reading end does not block if asked.
/// Returns 0 or -errno.
int stormtape_pipe(int ends[2], int nonblocking);

/// Removes a folder and all below it; symbolic links are not followed.
void stormtape_remove_tree(const char *path);
