#pragma once
#include "process.h"

/// What a child does between fork and exec; `report` gets the errno when it fails.
void stormtape_become(const struct stormtape_spawn *request, int report, pid_t parent)
    __attribute__((noreturn));
