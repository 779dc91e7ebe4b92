#pragma once

#include "preload.h"

#include <signal.h>

/// Gives a SIGSYS that is not a trap of ours to whom the agent wants it to go.
void signals_pass_on(int signal, siginfo_t *information, void *context);
