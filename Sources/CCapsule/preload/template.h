/// What is kept of a template for its copies.
#pragma once

#include "preload.h"

static const char last_pid_path[] = "/proc/sys/kernel/ns_last_pid";
static const char pid_max_path[] = "/proc/sys/kernel/pid_max";

/// What the kernel keeps for a thread and does not copy, or not by way of an init.
struct thread_state {
    void *robust_list;
    size_t robust_size;
    int *tid_address;
    uint64_t signals;
    char name[16];
    char last_pid[16], pid_max[16];  ///< Of the namespace, as texts.
    long user, group;
};

void keep_state(struct thread_state *state);
/// Gives it back to a copy.
void restore_state(const struct thread_state *state);
/// What a program has that was started without privileges.
void drop_privileges(void);
/// Writes a text into a file of /proc; returns -errno for errors.
long write_text(const char *path, const char *text);
