#ifndef STORMTAPE_CBROTLI_H
#define STORMTAPE_CBROTLI_H

#include <brotli/decode.h>

#endif
