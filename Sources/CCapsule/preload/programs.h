/// The environment of the programs that the agent starts.
#pragma once

#include "preload.h"

/// What a program's environment must hold whatever the agent passes.
struct inheritance {
    char page[sizeof CAPSULE_VARIABLE + PATH_MAX + 6 * CAPSULE_BIRTH_STEPS + 32];
    char preload[2 * PATH_MAX];
};

/// The number of pointers that an environment needs with ours in it.
size_t inheritance_size(char *const environment[]);
/// Writes `environment` with ours in it to `to`. Allocates nothing: the caller may be in a child of
/// vfork, whose memory is its parent's.
void inherit(struct inheritance *inheritance, char *const environment[], char *to[],
             const uint16_t birth[CAPSULE_BIRTH_STEPS], uint32_t images, uint32_t children);
/// How the program to be started is placed in memory.
struct placement {
    long former;  ///< The personality of the caller; -1 when it was left as it is.
};

/// Notes that a program is static, and so will be in real time. One that may lie anywhere would lie
/// where the filter expects libraries: it is put elsewhere.
struct placement place_program(const char *path);
void placement_end(const struct placement *placement);
/// Finds a program as execvp does; false when there is none.
bool find_program(const char *name, char path[PATH_MAX]);
