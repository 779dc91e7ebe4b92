#pragma once

#include "sock_diag.h"
