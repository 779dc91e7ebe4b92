/// Connections to the mounts, which a fault may refuse or leave without an answer, and look-ups of
/// their names: the coordinator is asked before each.

#include "preload.h"

#include <arpa/inet.h>
#include <linux/futex.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "native.h"
#include "next.h"

/// Waits for the word of the coordinator, which gives it when all others wait too.
static uint64_t ask(long question, uint16_t port)
{
    struct wait wait;
    if (!wait_begin(&wait, CAPSULE_IN_FUTEX, question, port))
        return CAPSULE_OPEN;
    while (atomic_load(&wait.slot->control) == 0)
        NATIVE(SYS_futex, &wait.slot->control, FUTEX_WAIT, 0, NULL);
    uint64_t answer = atomic_load(&wait.slot->interval);
    wait_end(&wait);
    return answer;
}

static const struct capsule_mount *mount_at(uint16_t port)
{
    for (uint32_t i = 0; port && i < process.page->mount_count; i++)
        if (process.page->mounts[i].port == port)
            return &process.page->mounts[i];
    return NULL;
}

static const struct capsule_mount *mount_named(const char *name)
{
    for (uint32_t i = 0; name && i < process.page->mount_count; i++)
        if (process.page->mounts[i].name[0] && strcasecmp(process.page->mounts[i].name, name) == 0)
            return &process.page->mounts[i];
    return NULL;
}

// MARK: connect

/// The port of an address on loopback, also of one of IPv4 in the form of IPv6; 0 for any other.
static uint16_t loopback_port(const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_in plain;
    struct sockaddr_in6 mapped;
    if (address && length >= sizeof plain && address->sa_family == AF_INET) {
        memcpy(&plain, address, sizeof plain);
        return plain.sin_addr.s_addr == htonl(INADDR_LOOPBACK) ? ntohs(plain.sin_port) : 0;
    }
    if (address && length >= sizeof mapped && address->sa_family == AF_INET6) {
        static const uint8_t loopback[16] = {[10] = 0xFF, 0xFF, 127, 0, 0, 1};
        memcpy(&mapped, address, sizeof mapped);
        bool is_loopback = memcmp(&mapped.sin6_addr, loopback, sizeof loopback) == 0;
        return is_loopback ? ntohs(mapped.sin6_port) : 0;
    }
    return 0;
}

/// The same address with the port of a place that refuses, or that never answers: so the kernel
/// itself fails the connection, in all the ways in which a program can hear of it.
static int connect_elsewhere(int descriptor, const struct sockaddr *address, socklen_t length,
                             uint16_t port)
{
    union {
        struct sockaddr any;
        struct sockaddr_in plain;
        struct sockaddr_in6 mapped;
    } other;
    memcpy(&other, address, length < sizeof other ? length : sizeof other);
    // The port stands at the same place in both.
    other.plain.sin_port = htons(port);
    return next()->connect(descriptor, &other.any, length);
}

EXPORTED int connect(int descriptor, __CONST_SOCKADDR_ARG address, socklen_t length)
{
    const struct sockaddr *wanted = address.__sockaddr__;
    if (!process.page || process.page->mount_count == 0)
        return next()->connect(descriptor, address, length);
    const struct capsule_mount *mount = mount_at(loopback_port(wanted, length));
    switch (mount ? ask(CAPSULE_ASKS_TO_CONNECT, mount->port) : CAPSULE_OPEN) {
    case CAPSULE_REFUSED:
        return connect_elsewhere(descriptor, wanted, length, process.page->closed_port);
    case CAPSULE_SILENT:
        return connect_elsewhere(descriptor, wanted, length, process.page->silent_port);
    default:
        return next()->connect(descriptor, address, length);
    }
}

// MARK: Names

EXPORTED int getaddrinfo(const char *restrict name, const char *restrict service,
                         const struct addrinfo *restrict hints,
                         struct addrinfo **restrict addresses)
{
    const struct capsule_mount *mount = process.page ? mount_named(name) : NULL;
    if (!mount)
        return next()->getaddrinfo(name, service, hints, addresses);
    switch (ask(CAPSULE_ASKS_FOR_NAME, mount->port)) {
    case CAPSULE_NO_NAME:
        return EAI_NONAME;
    case CAPSULE_NO_SERVER:
        return EAI_AGAIN;
    default:
        return next()->getaddrinfo("127.0.0.1", service, hints, addresses);
    }
}
