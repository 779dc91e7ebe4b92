#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What the coordinator and an agent that serves as a template of runs say to each other, over a
/// socket of packets that the agent's first process has at a fixed descriptor.

/// Where the agent has the socket. Out of the way of programs that count on low numbers.
#define CAPSULE_TEMPLATE_DESCRIPTOR 700

/// What is said; in `kind`.
enum {
    CAPSULE_TEMPLATE_BEGINS = 1,  ///< The agent: it waits for one packet to go on.
    CAPSULE_TEMPLATE_HOLDS = 2,   ///< The agent: it stands before its first contact with the world.
    CAPSULE_TEMPLATE_UNFIT = 3,   ///< The agent: it did what no copy can repeat, `detail`.
    CAPSULE_TEMPLATE_READY = 4,   ///< The init of the next copy: it waits for an order.
    CAPSULE_TEMPLATE_STARTED = 5, ///< The init of a copy: the copy goes on.
    CAPSULE_TEMPLATE_FAILED = 6,  ///< The init of a copy, or who should make it: `detail` is errno.
};

/// Why an agent is unfit, as far as it knows itself.
enum {
    CAPSULE_UNFIT_WAITED = 1,  ///< It waited for time to pass, or set a timer.
    CAPSULE_UNFIT_MARKED = 2,  ///< Something happened that lowers the grade.
    CAPSULE_UNFIT_FILES = 3,   ///< It has descriptors open that cannot be made again.
};

/// What the page says of a copy that has not ended, in place of its status.
enum {
    CAPSULE_COPY_RUNS = -1,
    CAPSULE_COPY_BEGUN = -2,   ///< For its init, which then says so.
    CAPSULE_COPY_FAILED = -3,
};

/// One packet of the agent.
struct capsule_template_word {
    int32_t kind;
    int32_t detail;
};

/// One packet of the coordinator: go on as the run of this folder. With it come the descriptors of
/// standard output and standard error, and of standard input where that is a file.
struct capsule_template_order {
    char folder[256];      ///< The run's own folder, with the page.
    char shown_at[64];     ///< Where the agent sees it.
    int64_t input_offset;  ///< How far standard input is read; negative when it stays.
    int32_t descriptors;   ///< How many descriptors come with it.
    int32_t padding;
};

// MARK: The coordinator's side

/// A socket of packets: ends[0] for the coordinator, ends[1] for the agent. Returns 0 or -errno.
int capsule_template_pair(int ends[2]);

/// Waits for the next packet of the agent, at most so long; *sender is who sent it, as this process
/// knows him. Returns 1, 0 when there will be none, -ETIMEDOUT or -errno.
int capsule_template_hear(
    int control, int timeout_ms, int32_t *kind, int32_t *detail, pid_t *sender);

/// Lets the agent go on from its start. Returns 0 or -errno.
int capsule_template_go(int control);

/// Sends the agent a run: its folder, where that is shown, how far standard input is read (negative
/// when it stays as it is), and two or three descriptors. Returns 0 or -errno.
int capsule_template_order(
    int control, const char *folder, const char *shown_at, int64_t input_offset,
    const int *descriptors, int count);

/// Follows every system call of an agent that waits for `capsule_template_go`, which this gives,
/// until it holds or says why it cannot. Its programs may write to the page, a file at this path,
/// as the library in them does. Returns 0, or 1 when what it did has an effect that no
/// copy would repeat; the reason follows the words "the agent". Its processes are still followed
/// then: whoever called this has to kill their container and to wait for every one of them, as
/// `stormtape_await` does, since the kernel gives their ends to nobody else first.
int capsule_template_follow(
    pid_t agent, const char *page, int control, int timeout_ms, char *why, size_t size);

/// Whether the held agent has nothing that copies would share or lack, but for the socket and its
/// first three descriptors: standard input, a file or nothing, and two pipes, of which these are
/// the other ends. 0, or 1 with the reason.
int capsule_template_inspect(
    pid_t agent, int has_input, const int outputs[2], char *why, size_t size);
