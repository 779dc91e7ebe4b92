/// Reads of the random devices, and which descriptors need our attention.

#include "preload.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#include "native.h"
#include "next.h"

enum {
    TRACKED = 4096,  ///< Higher descriptors are not noticed.
    MEMORY_DEVICES = 1,
    RANDOM_DEVICE = 8,
    URANDOM_DEVICE = 9,
};

typedef _Atomic uint64_t descriptor_set[TRACKED / 64];

/// What was opened as a random device; verified at each read, for it may have been closed unseen.
static descriptor_set random_descriptors;
static descriptor_set timer_descriptors;

static bool contains(descriptor_set set, int descriptor)
{
    return descriptor >= 0 && descriptor < TRACKED
           && (atomic_load_explicit(&set[descriptor / 64], memory_order_relaxed)
               >> (descriptor % 64) & 1);
}

static void insert(descriptor_set set, int descriptor)
{
    if (descriptor >= 0 && descriptor < TRACKED)
        atomic_fetch_or(&set[descriptor / 64], 1ull << (descriptor % 64));
}

static void withdraw(descriptor_set set, int descriptor)
{
    if (contains(set, descriptor))
        atomic_fetch_and(&set[descriptor / 64], ~(1ull << (descriptor % 64)));
}

void descriptor_note_timer(int descriptor)
{
    insert(timer_descriptors, descriptor);
}

static bool is_random_device(int descriptor)
{
    struct stat status;
    if (NATIVE(SYS_fstat, descriptor, &status) != 0 || !S_ISCHR(status.st_mode)
        || major(status.st_rdev) != MEMORY_DEVICES)
        return false;
    unsigned device = minor(status.st_rdev);
    return device == RANDOM_DEVICE || device == URANDOM_DEVICE;
}

/// Whether a read is for us.
static bool is_random(int descriptor)
{
    if (LIKELY(!process.entropy) || LIKELY(!contains(random_descriptors, descriptor)))
        return false;
    if (is_random_device(descriptor))
        return true;
    withdraw(random_descriptors, descriptor);
    return false;
}

static bool is_device_path(const char *path)
{
    return process.entropy && (uintptr_t)path != 0 && strncmp(path, "/dev/", 5) == 0;
}

static int opened(const char *path, int descriptor)
{
    if (UNLIKELY(is_device_path(path)) && descriptor >= 0 && is_random_device(descriptor))
        insert(random_descriptors, descriptor);
    return descriptor;
}

// MARK: Opening

static bool takes_mode(int flags)
{
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

#define DEFINE_OPEN(name)                                       \
    EXPORTED int name(const char *path, int flags, ...)         \
    {                                                           \
        mode_t mode = 0;                                        \
        if (takes_mode(flags)) {                                \
            va_list rest;                                       \
            va_start(rest, flags);                              \
            mode = va_arg(rest, mode_t);                        \
            va_end(rest);                                       \
        }                                                       \
        return opened(path, next()->name(path, flags, mode));   \
    }

#define DEFINE_OPENAT(name)                                                 \
    EXPORTED int name(int directory, const char *path, int flags, ...)      \
    {                                                                       \
        mode_t mode = 0;                                                    \
        if (takes_mode(flags)) {                                            \
            va_list rest;                                                   \
            va_start(rest, flags);                                          \
            mode = va_arg(rest, mode_t);                                    \
            va_end(rest);                                                   \
        }                                                                   \
        return opened(path, next()->name(directory, path, flags, mode));    \
    }

DEFINE_OPEN(open)
DEFINE_OPEN(open64)
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)

// What calls become with _FORTIFY_SOURCE.
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int directory, const char *path, int flags);
int __openat64_2(int directory, const char *path, int flags);
ssize_t __read_chk(int descriptor, void *bytes, size_t count, size_t size);

EXPORTED int __open_2(const char *path, int flags)
{
    return open(path, flags);
}

EXPORTED int __open64_2(const char *path, int flags)
{
    return open64(path, flags);
}

EXPORTED int __openat_2(int directory, const char *path, int flags)
{
    return openat(directory, path, flags);
}

EXPORTED int __openat64_2(int directory, const char *path, int flags)
{
    return openat64(directory, path, flags);
}

// MARK: Streams

static ssize_t read_cookie(void *cookie, char *bytes, size_t count)
{
    (void)cookie;
    entropy_fill(bytes, count);
    return (ssize_t)count;
}

static bool is_random_path(const char *path)
{
    return is_device_path(path)
           && (strcmp(path, "/dev/urandom") == 0 || strcmp(path, "/dev/random") == 0);
}

/// Streams of libc read by themselves, not by way of read(): such a stream is made by hand.
static FILE *open_random_stream(const char *mode)
{
    return fopencookie(NULL, mode, (cookie_io_functions_t){.read = read_cookie});
}

void devices_start(void)
{
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (is_random_device(descriptor))
            insert(random_descriptors, descriptor);
    FILE *stream = contains(random_descriptors, 0) ? open_random_stream("r") : NULL;
    if (stream)
        stdin = stream;
}

EXPORTED FILE *fopen(const char *path, const char *mode)
{
    return is_random_path(path) ? open_random_stream(mode) : next()->fopen(path, mode);
}

EXPORTED FILE *fopen64(const char *path, const char *mode)
{
    return is_random_path(path) ? open_random_stream(mode) : next()->fopen64(path, mode);
}

// MARK: Reading and closing

EXPORTED ssize_t read(int descriptor, void *bytes, size_t count)
{
    if (LIKELY(!is_random(descriptor)))
        return next()->read(descriptor, bytes, count);
    entropy_fill(bytes, count);
    return (ssize_t)count;
}

EXPORTED ssize_t __read_chk(int descriptor, void *bytes, size_t count, size_t size)
{
    if (count > size)
        abort();
    return read(descriptor, bytes, count);
}

EXPORTED ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset)
{
    if (LIKELY(!is_random(descriptor)))
        return next()->pread(descriptor, bytes, count, offset);
    entropy_fill(bytes, count);
    return (ssize_t)count;
}

EXPORTED ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset)
{
    return pread(descriptor, bytes, count, offset);
}

EXPORTED ssize_t readv(int descriptor, const struct iovec *parts, int count)
{
    if (LIKELY(!is_random(descriptor)))
        return next()->readv(descriptor, parts, count);
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        entropy_fill(parts[i].iov_base, parts[i].iov_len);
        total += (ssize_t)parts[i].iov_len;
    }
    return total;
}

static void forget(int descriptor)
{
    withdraw(random_descriptors, descriptor);
    if (UNLIKELY(contains(timer_descriptors, descriptor))) {
        withdraw(timer_descriptors, descriptor);
        timer_descriptor_closed(descriptor);
    }
}

EXPORTED int close(int descriptor)
{
    forget(descriptor);
    return next()->close(descriptor);
}

// MARK: Copies

static int copied(int from, int to)
{
    if (UNLIKELY(to >= 0 && contains(random_descriptors, from)))
        insert(random_descriptors, to);
    return to;
}

/// As `copied`; what `to` was before is closed.
static int replaced(int from, int to)
{
    if (to >= 0 && to != from)
        forget(to);
    return copied(from, to);
}

EXPORTED int dup(int descriptor)
{
    return copied(descriptor, next()->dup(descriptor));
}

EXPORTED int dup2(int descriptor, int wanted)
{
    return replaced(descriptor, next()->dup2(descriptor, wanted));
}

EXPORTED int dup3(int descriptor, int wanted, int flags)
{
    return replaced(descriptor, next()->dup3(descriptor, wanted, flags));
}

static int control(int descriptor, int command, long argument)
{
    int result = next()->fcntl(descriptor, command, argument);
    bool is_copy = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
    return is_copy ? copied(descriptor, result) : result;
}

#define DEFINE_FCNTL(name)                                  \
    EXPORTED int name(int descriptor, int command, ...)     \
    {                                                       \
        va_list rest;                                       \
        va_start(rest, command);                            \
        long argument = va_arg(rest, long);                 \
        va_end(rest);                                       \
        return control(descriptor, command, argument);      \
    }

DEFINE_FCNTL(fcntl)
DEFINE_FCNTL(fcntl64)
