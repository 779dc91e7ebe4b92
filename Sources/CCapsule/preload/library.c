/// How the library starts, and what it knows of the process.

#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "native.h"
#include "next.h"

struct process process;
struct next next_functions;
THREAD_LOCAL struct thread self;

void next_find(void)
{
#define FIND_NEXT(name) next_functions.name = (__typeof__(&name))dlsym(RTLD_NEXT, #name);
    EACH_NEXT(FIND_NEXT)
#undef FIND_NEXT
}

static const char *find_variable(char **environment, const char *name)
{
    size_t length = strlen(name);
    for (char **entry = environment; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return *entry + length + 1;
    return NULL;
}

/// Reads `<path>:<birth>`, and after an exec `/<images>/<children>` behind it.
static bool parse_variable(const char *value)
{
    const char *colon = strrchr(value, ':');
    if (!colon || (size_t)(colon - value) >= sizeof process.page_path)
        return false;
    memcpy(process.page_path, value, colon - value);
    const char *rest = birth_parse(process.birth, colon + 1);
    if (process.birth[0] == 0)
        return false;
    uint32_t numbers[2] = {0, 0};
    for (int i = 0; i < 2 && *rest == '/'; i++)
        for (rest++; *rest >= '0' && *rest <= '9'; rest++)
            numbers[i] = numbers[i] * 10 + (uint32_t)(*rest - '0');
    process.images = numbers[0];
    self.children = numbers[1];
    return true;
}

static struct capsule_page *map_page(const char *path)
{
    int descriptor = (int)NATIVE(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
        return NULL;
    struct stat status;
    struct capsule_page *page = MAP_FAILED;
    if (fstat(descriptor, &status) == 0 && (size_t)status.st_size >= sizeof *page)
        page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    NATIVE(SYS_close, descriptor);
    if (page == MAP_FAILED)
        return NULL;
    if (page->magic != CAPSULE_MAGIC || page->layout_version != CAPSULE_LAYOUT_VERSION) {
        munmap(page, sizeof *page);
        return NULL;
    }
    return page;
}

static void find_library_path(void)
{
    Dl_info information;
    if (dladdr((void *)&process, &information) == 0 || !information.dli_fname)
        return;
    size_t length = strlen(information.dli_fname);
    if (length < sizeof process.library_path)
        memcpy(process.library_path, information.dli_fname, length + 1);
}

/// Programs take seeds from these 16 bytes, which the kernel draws at exec.
static void seed_auxiliary_random(void)
{
    void *bytes = (void *)getauxval(AT_RANDOM);
    if (bytes)
        entropy_fill(bytes, 16);
}

static void start_virtual_time(void)
{
    process.clock = process.page;
    slots_sweep();
    // Kernels before 5.16 cannot wait for two words at once.
    bool can_wait = NATIVE(SYS_futex_waitv, NULL, 0, 0, NULL, 0) != -ENOSYS;
    if (can_wait && trap_install() && (trap_probe() || (filter_install() && trap_probe())))
        return;
    mark(CAPSULE_MARK_NO_FILTER);
}

/// Without a page, a filter that a parent installed still needs somebody who makes the calls.
static void start_without_page(void)
{
    if (prctl(PR_GET_SECCOMP) == 2 && native_prepare())
        trap_install();
}

__attribute__((constructor)) static void start(int argc, char **argv, char **environment)
{
    (void)argc;
    (void)argv;
    next_find();
    const char *value = find_variable(environment, CAPSULE_VARIABLE);
    if (!NATIVE_SUPPORTED || !value)
        return;
    int error = errno;
    struct capsule_page *page = parse_variable(value) ? map_page(process.page_path) : NULL;
    if (!page) {
        start_without_page();
        errno = error;
        return;
    }
    process.pid = (int32_t)NATIVE(SYS_getpid);
    process.main = &self;
    self.tid = process.pid;
    memcpy(self.birth, process.birth, sizeof self.birth);
    find_library_path();
    process.page = page;
    threads_start();
    pages_read();
    if (process.images == 0)
        atomic_fetch_add(&page->process_count, 1);
    bool prepared = native_prepare();
    if (page->flags & CAPSULE_SEEDED_ENTROPY) {
        process.entropy = page;
        seed_auxiliary_random();
        devices_start();
    }
    if (page->flags & CAPSULE_VIRTUAL_TIME) {
        if (prepared) {
            start_virtual_time();
        } else {
            process.clock = page;
            mark(CAPSULE_MARK_NO_FILTER);
        }
    }
    template_start();
    errno = error;
}
