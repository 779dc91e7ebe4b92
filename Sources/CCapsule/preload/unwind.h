/// Leaves a function of the program from within a call that it made.
#pragma once

#include "preload.h"

/// Goes on where `function` was called, as if it had returned 0: nothing that it had still to do is
/// done. Returns when it is not found on the stack, or when it is not known how.
void unwind_return_zero_from(void *function);
