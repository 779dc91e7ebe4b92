// What the coordinator and a template of runs say to each other, and what it holds that copies
// would share.
#define _GNU_SOURCE
#include "capsule_template.h"

#include <errno.h>
#include <string.h>

#ifdef __linux__
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

int capsule_template_pair(int ends[2]) {
    const int yes = 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
    if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) == 0) return 0;
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return -error;
}

int capsule_template_hear(
    int control, int timeout_ms, int32_t *kind, int32_t *detail, pid_t *sender
) {
    struct capsule_template_word word;
    struct iovec part = {.iov_base = &word, .iov_len = sizeof word};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(struct ucred))];
    } space;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &space, .msg_controllen = sizeof space};
    struct pollfd waited = {.fd = control, .events = POLLIN};
    int ready;
    do ready = poll(&waited, 1, timeout_ms);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0) return ready ? -errno : -ETIMEDOUT;
    ssize_t got = recvmsg(control, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got <= 0) return got ? -errno : 0;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (got != sizeof word || !header || header->cmsg_type != SCM_CREDENTIALS) return -EBADMSG;
    struct ucred credentials;
    memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
    *kind = word.kind;
    *detail = word.detail;
    *sender = credentials.pid;
    return 1;
}

int capsule_template_go(int control) {
    const char go = 1;
    return send(control, &go, 1, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int capsule_template_order(
    int control, const char *folder, const char *shown_at, int64_t input_offset,
    const int *descriptors, int count
) {
    struct capsule_template_order order = {.input_offset = input_offset, .descriptors = count};
    if (strlen(folder) >= sizeof order.folder || strlen(shown_at) >= sizeof order.shown_at)
        return -ENAMETOOLONG;
    strcpy(order.folder, folder);
    strcpy(order.shown_at, shown_at);
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(3 * sizeof(int))];
    } space = {0};
    const size_t size = (size_t)count * sizeof(int);
    space.header.cmsg_level = SOL_SOCKET;
    space.header.cmsg_type = SCM_RIGHTS;
    space.header.cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(&space.header), descriptors, size);
    struct iovec part = {.iov_base = &order, .iov_len = sizeof order};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &space,
                             .msg_controllen = CMSG_SPACE(size)};
    return sendmsg(control, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

// MARK: Inspection

/* Descriptors of devices that keep nothing are as good as new ones. */
static int is_plain_device(const char *target) {
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"};
    for (size_t index = 0; index < sizeof devices / sizeof *devices; index++)
        if (strcmp(target, devices[index]) == 0) return 1;
    return 0;
}

static int inspect_descriptors(pid_t agent, char *why, size_t size) {
    char path[64], target[256];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)agent);
    DIR *folder = opendir(path);
    int found = !folder;
    if (!folder) snprintf(why, size, "cannot be looked at");
    for (struct dirent *entry; folder && !found && (entry = readdir(folder));) {
        int descriptor = atoi(entry->d_name);
        if (entry->d_name[0] == '.' || descriptor <= 2
            || descriptor == CAPSULE_TEMPLATE_DESCRIPTOR)
            continue;
        ssize_t length = readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1);
        target[length > 0 ? length : 0] = 0;
        // What lies in no folder the template itself can make again, or it would not have held.
        found = target[0] == '/' && !is_plain_device(target);
        if (found) snprintf(why, size, "has '%s' open", target);
    }
    if (folder) closedir(folder);
    return found;
}

/* Memory that copies would share with each other, or would find empty. */
static int inspect_memory(pid_t agent, char *why, size_t size) {
    char line[512];
    snprintf(line, sizeof line, "/proc/%d/smaps", (int)agent);
    FILE *file = fopen(line, "re");
    if (!file) {
        snprintf(why, size, "cannot be looked at");
        return 1;
    }
    int found = 0, pages = 0;
    while (!found && fgets(line, sizeof line, file)) {
        char access[8] = "", name[256] = "";
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255[^\n]", &from, &to, access, name) >= 3) {
            // The capsule's own page is one.
            if (access[1] == 'w' && access[3] == 's' && ++pages > 1) {
                found = 1;
                snprintf(why, size, "shares memory (%s)", name);
            }
        } else if (strncmp(line, "VmFlags:", 8) == 0
                   && (strstr(line, " wf") || strstr(line, " dc"))) {
            found = 1;
            snprintf(why, size, "has memory that copies of it would not get");
        }
    }
    fclose(file);
    return found;
}

/* Its only thread is the first one. */
static int inspect_threads(pid_t agent, char *why, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)agent);
    DIR *folder = opendir(path);
    int count = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    if (folder) closedir(folder);
    if (count != 1) snprintf(why, size, "has %d threads", count);
    return count != 1;
}

/* The standard streams are still those that it was given: copies get others in their place. */
static int inspect_streams(
    pid_t agent, int has_input, const int outputs[2], char *why, size_t size
) {
    int kept = 1;
    for (int stream = 0; stream <= 2; stream++) {
        char path[64];
        struct stat theirs, ours = {0};
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)agent, stream);
        kept &= stat(path, &theirs) == 0;
        if (stream > 0)
            kept &= fstat(outputs[stream - 1], &ours) == 0 && theirs.st_ino == ours.st_ino
                    && theirs.st_dev == ours.st_dev;
        else if (has_input)
            kept &= S_ISREG(theirs.st_mode) && theirs.st_nlink == 0;
        else
            kept &= S_ISCHR(theirs.st_mode) && theirs.st_rdev == makedev(1, 3);
    }
    if (!kept) snprintf(why, size, "puts something else in the place of a standard stream");
    return !kept;
}

int capsule_template_inspect(
    pid_t agent, int has_input, const int outputs[2], char *why, size_t size
) {
    return inspect_streams(agent, has_input, outputs, why, size)
           || inspect_threads(agent, why, size) || inspect_descriptors(agent, why, size)
           || inspect_memory(agent, why, size);
}
#else
int capsule_template_pair(int ends[2]) {
    (void)ends;
    return -ENOSYS;
}
int capsule_template_hear(
    int control, int timeout_ms, int32_t *kind, int32_t *detail, pid_t *sender
) {
    (void)control, (void)timeout_ms, (void)kind, (void)detail, (void)sender;
    return -ENOSYS;
}
int capsule_template_go(int control) {
    (void)control;
    return -ENOSYS;
}
int capsule_template_order(
    int control, const char *folder, const char *shown_at, int64_t input_offset,
    const int *descriptors, int count
) {
    (void)control, (void)folder, (void)shown_at, (void)input_offset, (void)descriptors,
        (void)count;
    return -ENOSYS;
}
int capsule_template_inspect(
    pid_t agent, int has_input, const int outputs[2], char *why, size_t size
) {
    (void)has_input, (void)outputs, (void)agent, (void)why, (void)size;
    return 1;
}
#endif
