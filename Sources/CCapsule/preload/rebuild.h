/// Event loops of a template, which each copy makes again.
#pragma once

#include "preload.h"

/// Notes what copies need anew; false when something cannot be made again.
bool rebuild_look(void);
/// Makes it, in a copy; false when that failed.
bool rebuild_make(void);
