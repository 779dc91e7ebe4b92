#pragma once
#include <stddef.h>
#include <stdint.h>

/// Moves this process into a network namespace of its own in which every address is local, so
/// that nothing foreign can be reached and every attempt can be seen. Must be called while
/// the process has one thread. Returns 0, or -errno with *stage naming what was refused.
int stormtape_isolate_network(const char **stage);

/// A packet of the agent to an address that is not on loopback.
struct stormtape_foreign {
    uint8_t version;       ///< 4 or 6.
    uint8_t protocol;      ///< 6 for TCP, 17 for UDP.
    uint16_t port;         ///< The destination port.
    uint8_t address[16];   ///< The destination; the first four bytes for version 4.
    char name[256];        ///< The name that was looked up, for a DNS question; else empty.
};

/// Opens a non-blocking descriptor that sees foreign packets of this namespace, or -errno.
int stormtape_watch_foreign(void);

/// Reads the next attempt: 1 when there is one, 0 when there is none.
int stormtape_next_foreign(int descriptor, struct stormtape_foreign *found);
