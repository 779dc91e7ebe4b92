#pragma once
#include "capsule_constants.h"
#include "capsule_slots.h"
#include "capsule_template.h"
#include "capsule_watch.h"
