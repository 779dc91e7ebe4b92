/// Descriptors that copies of a template would share although each process would have its own:
/// event loops, and what wakes them. Each copy makes them again.

#include "rebuild.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capsule_template.h"
#include "native.h"

enum { ROOM = 32, WATCHED = 64 };

enum kind { LOOP, COUNTER, SOCKET, PIPE };

struct item {
    enum kind kind;
    int descriptor;
    int other;  ///< The other end of a pair; -1 until it is known.
    int status_flags, descriptor_flags;
    uint64_t count;  ///< Of an eventfd; the number of a pipe.
    bool is_semaphore;
};

/// What an event loop watches.
struct watched {
    int loop;
    int descriptor;
    struct epoll_event event;
};

static struct item items[ROOM];
static size_t item_count;
static struct watched watched[WATCHED];
static size_t watched_count;

static struct item *item_of(int descriptor)
{
    for (size_t i = 0; i < item_count; i++)
        if (items[i].descriptor == descriptor)
            return &items[i];
    return NULL;
}

// MARK: Looking

static void path_of(char path[64], const char *folder, int descriptor)
{
    size_t length = strlen(folder);
    memcpy(path, folder, length);
    *decimal_format(path + length, (uint64_t)descriptor) = 0;
}

/// The line of a text that begins with `key`, behind it; NULL when there is none.
static const char *value_of(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) == 0)
            return line + length;
    }
    return NULL;
}

static bool look_at_loop(int loop, const char *text)
{
    for (const char *rest = text; (rest = value_of(rest, "tfd:")) != NULL;) {
        const char *events = strstr(rest, "events:"), *data = strstr(rest, "data:");
        if (!events || !data || watched_count == WATCHED)
            return false;
        watched[watched_count++] = (struct watched){
            .loop = loop,
            .descriptor = atoi(rest),
            .event = {.events = (uint32_t)strtoul(events + 7, NULL, 16),
                      .data.u64 = strtoull(data + 5, NULL, 16)}};
    }
    return true;
}

static bool look_at_counter(struct item *item, const char *text)
{
    const char *count = value_of(text, "eventfd-count:");
    const char *semaphore = value_of(text, "eventfd-semaphore:");
    if (!count)
        return false;
    item->count = strtoull(count, NULL, 16);
    item->is_semaphore = semaphore && atoi(semaphore);
    return true;
}

/// A pair of a kind that is known, as empty and as large as a new one.
static bool look_at_socket(int descriptor)
{
    int type = 0, family = 0;
    socklen_t size = sizeof type;
    char byte;
    return getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0
           && family == AF_UNIX && getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0
           && type == SOCK_STREAM
           && NATIVE(SYS_recvfrom, descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT, NULL, NULL)
                  == -EAGAIN;
}

static bool look_at_pipe(struct item *item, const char *target)
{
    int waiting = 0;
    item->count = strtoull(target + strlen("pipe:["), NULL, 10);
    return NATIVE(SYS_ioctl, item->descriptor, FIONREAD, &waiting) == 0 && waiting == 0;
}

/// Notes a descriptor that copies need anew; false when it cannot be made again.
static bool look_at(int descriptor)
{
    char path[64], target[64], text[4096];
    path_of(path, "/proc/self/fd/", descriptor);
    long length = NATIVE(SYS_readlinkat, AT_FDCWD, path, target, sizeof target - 1);
    target[length > 0 ? length : 0] = 0;
    if (target[0] == '/')
        return true;
    if (item_count == ROOM)
        return false;
    struct item *item = &items[item_count++];
    *item = (struct item){.descriptor = descriptor,
                          .other = -1,
                          .status_flags = (int)NATIVE(SYS_fcntl, descriptor, F_GETFL),
                          .descriptor_flags = (int)NATIVE(SYS_fcntl, descriptor, F_GETFD)};
    path_of(path, "/proc/self/fdinfo/", descriptor);
    native_read_text(path, text, sizeof text);
    if (strcmp(target, "anon_inode:[eventpoll]") == 0) {
        item->kind = LOOP;
        return strlen(text) < sizeof text - 1 && look_at_loop(descriptor, text);
    }
    if (strcmp(target, "anon_inode:[eventfd]") == 0) {
        item->kind = COUNTER;
        return look_at_counter(item, text);
    }
    item->kind = strncmp(target, "pipe:", 5) == 0 ? PIPE : SOCKET;
    return item->kind == PIPE ? look_at_pipe(item, target) : look_at_socket(descriptor);
}

static bool look_at_all(void)
{
    char buffer[2048];
    long folder = NATIVE(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool known = folder >= 0;
    long got = 0;
    while (known && (got = NATIVE(SYS_getdents64, folder, buffer, sizeof buffer)) > 0)
        for (long at = 0; known && at < got;) {
            struct {
                uint64_t inode;
                int64_t offset;
                unsigned short length;
            } head;
            memcpy(&head, buffer + at, sizeof head);
            // The name stands behind the length and a byte for the type.
            int descriptor = atoi(buffer + at + 19);
            at += head.length;
            if (descriptor > 2 && descriptor != folder
                && descriptor != CAPSULE_TEMPLATE_DESCRIPTOR)
                known = look_at(descriptor);
        }
    NATIVE(SYS_close, folder);
    return known && got >= 0;
}

// MARK: Pairs

/// Whether what is sent into one socket comes out of the other.
static bool are_joined(int one, int other)
{
    char byte = 0;
    return NATIVE(SYS_recvfrom, other, &byte, 1, MSG_DONTWAIT, NULL, NULL) == 1 && one != other;
}

static void join(struct item *one, struct item *other)
{
    one->other = other->descriptor;
    other->other = one->descriptor;
}

static bool find_other_socket(struct item *item)
{
    const char byte = 0;
    if (NATIVE(SYS_sendto, item->descriptor, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0) != 1)
        return false;
    for (size_t i = 0; i < item_count; i++)
        if (items[i].kind == SOCKET && are_joined(item->descriptor, items[i].descriptor))
            join(item, &items[i]);
    return item->other >= 0;
}

static bool find_other_pipe(struct item *item)
{
    int ends = 0;
    for (size_t i = 0; i < item_count; i++) {
        struct item *other = &items[i];
        if (other->kind != PIPE || other->count != item->count)
            continue;
        ends++;
        if ((other->status_flags & O_ACCMODE) != (item->status_flags & O_ACCMODE))
            join(item, other);
    }
    return item->other >= 0 && ends == 2;
}

bool rebuild_look(void)
{
    item_count = watched_count = 0;
    if (!look_at_all())
        return false;
    for (size_t i = 0; i < item_count; i++) {
        struct item *item = &items[i];
        if (item->other < 0 && item->kind == SOCKET && !find_other_socket(item))
            return false;
        if (item->other < 0 && item->kind == PIPE && !find_other_pipe(item))
            return false;
    }
    for (size_t i = 0; i < watched_count; i++)
        if (!item_of(watched[i].descriptor))
            return false;
    return true;
}

// MARK: Making

static bool place(const struct item *item, long made)
{
    if (made < 0)
        return false;
    NATIVE(SYS_fcntl, made, F_SETFL, item->status_flags);
    long flags = item->descriptor_flags & FD_CLOEXEC ? O_CLOEXEC : 0;
    bool placed = NATIVE(SYS_dup3, made, item->descriptor, flags) == item->descriptor;
    NATIVE(SYS_close, made);
    return placed;
}

static bool make_pair(const struct item *item)
{
    // Each pair once, from the end that is met first; of a pipe that is read from `ends[0]`.
    const struct item *other = item_of(item->other);
    if (!other || other < item)
        return other != NULL;
    int ends[2] = {-1, -1};
    if (item->kind == SOCKET)
        NATIVE(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
    else
        NATIVE(SYS_pipe2, ends, O_CLOEXEC);
    bool reads = item->kind == SOCKET || (item->status_flags & O_ACCMODE) == O_RDONLY;
    return place(reads ? item : other, ends[0]) && place(reads ? other : item, ends[1]);
}

static bool make_loop(const struct item *item)
{
    long made = NATIVE(SYS_epoll_create1, EPOLL_CLOEXEC);
    for (size_t i = 0; made >= 0 && i < watched_count; i++)
        if (watched[i].loop == item->descriptor
            && NATIVE(SYS_epoll_ctl, made, EPOLL_CTL_ADD, watched[i].descriptor, &watched[i].event)
                   != 0)
            return false;
    return place(item, made);
}

bool rebuild_make(void)
{
    bool made = true;
    for (size_t i = 0; made && i < item_count; i++) {
        const struct item *item = &items[i];
        if (item->kind == COUNTER)
            made = place(item, NATIVE(SYS_eventfd2, item->count,
                                      EFD_CLOEXEC | (item->is_semaphore ? EFD_SEMAPHORE : 0)));
        else if (item->kind != LOOP)
            made = make_pair(item);
    }
    // Loops last: they watch the others.
    for (size_t i = 0; made && i < item_count; i++)
        if (items[i].kind == LOOP)
            made = make_loop(&items[i]);
    return made;
}
