#include "CStormtape.h"
