/// Connections to the mounts, which a fault may refuse or leave without an answer, and look-ups of
/// their names: the coordinator is asked before each. A template holds before the first of them.

#include "preload.h"

#include <arpa/inet.h>
#include <errno.h>
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

// MARK: socket

/// A template holds before it has a socket: copies would share one.
EXPORTED int socket(int family, int type, int protocol)
{
    const int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
    if (family == AF_INET && (type & ~flags) == SOCK_STREAM)
        template_hold();
    return next()->socket(family, type, protocol);
}

// MARK: connect

/// An address of the internet, as one of IPv6.
struct place {
    struct in6_addr address;
    uint16_t port;
};

static bool read_place(struct place *place, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_in plain;
    struct sockaddr_in6 wide;
    if (address && length >= sizeof plain && address->sa_family == AF_INET) {
        memcpy(&plain, address, sizeof plain);
        *place = (struct place){.address.s6_addr = {[10] = 0xFF, 0xFF}, ntohs(plain.sin_port)};
        memcpy(&place->address.s6_addr[12], &plain.sin_addr, sizeof plain.sin_addr);
        return true;
    }
    if (address && length >= sizeof wide && address->sa_family == AF_INET6) {
        memcpy(&wide, address, sizeof wide);
        *place = (struct place){.address = wide.sin6_addr, .port = ntohs(wide.sin6_port)};
        return true;
    }
    return false;
}

/// Whether it is on this machine; the unspecified address is.
static bool is_near(const struct in6_addr *address)
{
    if (!IN6_IS_ADDR_V4MAPPED(address))
        return IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_UNSPECIFIED(address);
    uint32_t plain;
    memcpy(&plain, &address->s6_addr[12], sizeof plain);
    return (ntohl(plain) >> 24) == IN_LOOPBACKNET || plain == INADDR_ANY;
}

static bool is_stream(int descriptor)
{
    int type = 0;
    socklen_t size = sizeof type;
    return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

/// The mount at an address; NULL for any other. A connection to another machine is noted.
static const struct capsule_mount *mount_of(int descriptor, const struct sockaddr *address,
                                            socklen_t length)
{
    static const struct in6_addr gateway = {.s6_addr = {[10] = 0xFF, 0xFF, 127, 0, 0, 1}};
    struct place place;
    if (!read_place(&place, address, length))
        return NULL;
    if (memcmp(&place.address, &gateway, sizeof gateway) == 0)
        return mount_at(place.port);
    if (!is_near(&place.address) && is_stream(descriptor))
        mark(CAPSULE_MARK_FOREIGN);
    return NULL;
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
    if (!process.page)
        return next()->connect(descriptor, address, length);
    int error = errno;
    const struct capsule_mount *mount = mount_of(descriptor, wanted, length);
    errno = error;
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
    // Numbers are not looked up.
    struct in6_addr number;
    if (name && inet_pton(AF_INET, name, &number) != 1 && inet_pton(AF_INET6, name, &number) != 1)
        template_hold();
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
