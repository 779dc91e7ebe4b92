#pragma once

#include "preload.h"

/// What the filter passes to the handler in `si_errno`, so that it knows its own traps.
#define FILTER_TRAP_DATA 0x5354u

/// The `si_code` of traps, SYS_SECCOMP, which the headers of libc do not have.
#define FILTER_TRAP_CODE 1

/// FUTEX_LOCK_PI2, which older headers do not have.
#define FILTER_LOCK_PI2 13
