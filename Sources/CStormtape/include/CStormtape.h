#pragma once
#include "network.h"
#include "process.h"
#include "sock_diag.h"
