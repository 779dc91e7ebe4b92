#pragma once
#include "network.h"
#include "process.h"
