/// Names of temporary files, for which libc draws random bytes inside of itself.

#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "next.h"

enum { PLACES = 6, ATTEMPTS = 1000 };

/// Finds the `XXXXXX` that `suffix` characters follow; NULL when the template has none.
static char *find_places(char *template, int suffix)
{
    size_t length = strlen(template);
    if (suffix < 0 || length < (size_t)suffix + PLACES)
        return NULL;
    char *places = template + length - suffix - PLACES;
    return strspn(places, "X") >= PLACES ? places : NULL;
}

static void draw_name(char *places)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    uint8_t bytes[PLACES];
    entropy_fill(bytes, sizeof bytes);
    for (int i = 0; i < PLACES; i++)
        places[i] = letters[bytes[i] % (sizeof letters - 1)];
}

static int make_directory(const char *path, int flags)
{
    (void)flags;
    return mkdir(path, S_IRWXU);
}

static int make_file(const char *path, int flags)
{
    return next()->open(path, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
}

static int make_temporary(char *template, int suffix, int flags,
                          int (*make)(const char *path, int flags))
{
    char *places = find_places(template, suffix);
    int error = errno;
    errno = EINVAL;
    for (int attempt = 0; places && attempt < ATTEMPTS; attempt++) {
        draw_name(places);
        int result = make(template, flags);
        if (result >= 0) {
            errno = error;
            return result;
        }
        if (errno != EEXIST)
            return -1;
    }
    return -1;
}

EXPORTED int mkostemps(char *template, int suffix, int flags)
{
    if (!process.entropy)
        return next()->mkostemps(template, suffix, flags);
    return make_temporary(template, suffix, flags, make_file);
}

EXPORTED int mkostemps64(char *template, int suffix, int flags)
{
    return mkostemps(template, suffix, flags);
}

EXPORTED int mkstemps(char *template, int suffix)
{
    return mkostemps(template, suffix, 0);
}

EXPORTED int mkstemps64(char *template, int suffix)
{
    return mkostemps(template, suffix, 0);
}

EXPORTED int mkostemp(char *template, int flags)
{
    return mkostemps(template, 0, flags);
}

EXPORTED int mkostemp64(char *template, int flags)
{
    return mkostemps(template, 0, flags);
}

EXPORTED int mkstemp(char *template)
{
    return mkostemps(template, 0, 0);
}

EXPORTED int mkstemp64(char *template)
{
    return mkostemps(template, 0, 0);
}

EXPORTED char *mkdtemp(char *template)
{
    if (!process.entropy)
        return next()->mkdtemp(template);
    return make_temporary(template, 0, 0, make_directory) == 0 ? template : NULL;
}
