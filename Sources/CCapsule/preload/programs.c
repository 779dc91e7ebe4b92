/// Programs that are started get this library, the page and their birth, whatever their environment
/// is meant to be.

#include "programs.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <unistd.h>

#include "native.h"
#include "next.h"

static const char preload_prefix[] = "LD_PRELOAD=";
static const char page_prefix[] = CAPSULE_VARIABLE "=";

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static char *append(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length + 1);
    return to + length;
}

size_t inheritance_size(char *const environment[])
{
    size_t count = 0;
    while (environment && environment[count])
        count++;
    return count + 3;
}

static void write_page(struct inheritance *inheritance, const uint16_t birth[CAPSULE_BIRTH_STEPS],
                       uint32_t images, uint32_t children)
{
    char *to = append(inheritance->page, page_prefix);
    to = append(to, process.page_path);
    *to++ = ':';
    to = birth_format(to, birth);
    if (images || children) {
        *to++ = '/';
        to = decimal_format(to, images);
        *to++ = '/';
        to = decimal_format(to, children);
    }
    *to = 0;
}

/// Puts the library in front of those that the agent wants.
static char *write_preload(struct inheritance *inheritance, char *wanted)
{
    const char *list = wanted ? wanted + strlen(preload_prefix) : "";
    if (wanted && strstr(list, process.library_path))
        return wanted;
    char *to = append(inheritance->preload, preload_prefix);
    to = append(to, process.library_path);
    if (*list && strlen(list) < sizeof inheritance->preload - PATH_MAX - sizeof preload_prefix) {
        *to++ = ':';
        append(to, list);
    }
    return inheritance->preload;
}

void inherit(struct inheritance *inheritance, char *const environment[], char *to[],
             const uint16_t birth[CAPSULE_BIRTH_STEPS], uint32_t images, uint32_t children)
{
    write_page(inheritance, birth, images, children);
    bool has_page = false, has_preload = false;
    size_t count = 0;
    for (char *const *entry = environment; entry && *entry; entry++) {
        char *kept = *entry;
        if (has_prefix(kept, page_prefix)) {
            kept = inheritance->page;
            has_page = true;
        } else if (has_prefix(kept, preload_prefix)) {
            kept = write_preload(inheritance, kept);
            has_preload = true;
        }
        to[count++] = kept;
    }
    if (!has_page)
        to[count++] = inheritance->page;
    if (!has_preload)
        to[count++] = write_preload(inheritance, NULL);
    to[count] = NULL;
}

// MARK: Static programs

static bool is_static_elf(int file, const Elf64_Ehdr *header)
{
    enum { HEADERS = 64 };
    for (int i = 0; i < header->e_phnum && i < HEADERS; i++) {
        Elf64_Phdr segment;
        long offset = (long)(header->e_phoff + (uint64_t)i * header->e_phentsize);
        if (NATIVE(SYS_pread64, file, &segment, sizeof segment, offset) != sizeof segment)
            return false;
        if (segment.p_type == PT_INTERP)
            return false;
    }
    return true;
}

/// Cuts `#! /bin/sh -e` to `/bin/sh`; NULL when it is no such line.
static const char *script_interpreter(char *line)
{
    if (line[0] != '#' || line[1] != '!')
        return NULL;
    char *start = line + 2 + strspn(line + 2, " \t");
    start[strcspn(start, " \t\n")] = 0;
    return *start ? start : NULL;
}

/// The type of a static program, ET_EXEC or ET_DYN; ET_NONE for others.
static uint16_t static_type(const char *path)
{
    enum { NESTED_SCRIPTS = 4 };
    union {
        Elf64_Ehdr header;
        char line[256];
    } start;
    for (int depth = 0; path && depth < NESTED_SCRIPTS; depth++) {
        long file = NATIVE(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (file < 0)
            return ET_NONE;
        memset(&start, 0, sizeof start);
        long length = NATIVE(SYS_pread64, file, &start, sizeof start - 1, 0);
        bool is_elf = length >= (long)sizeof start.header
                      && memcmp(start.header.e_ident, ELFMAG, SELFMAG) == 0;
        bool is_static = is_elf && is_static_elf((int)file, &start.header);
        NATIVE(SYS_close, file);
        if (is_elf)
            return is_static ? start.header.e_type : ET_NONE;
        path = script_interpreter(start.line);
    }
    return ET_NONE;
}

struct placement place_program(const char *path)
{
    struct placement placement = {.former = -1};
    uint16_t type = static_type(path);
    if (type == ET_NONE)
        return placement;
    mark(CAPSULE_MARK_STATIC_CHILD);
    if (type == ET_DYN && process.has_trap) {
        long personality = NATIVE(SYS_personality, 0xFFFFFFFFu);
        // The layout of old: what is mapped lies in the middle of the address space.
        if (personality >= 0 && NATIVE(SYS_personality, personality | ADDR_COMPAT_LAYOUT) >= 0)
            placement.former = personality;
    }
    return placement;
}

void placement_end(const struct placement *placement)
{
    if (placement->former >= 0)
        NATIVE(SYS_personality, placement->former);
}

// MARK: Exec

struct program {
    int directory;
    const char *path;
    int flags;
    char *const *arguments;
    char *const *environment;
};

static int failed(long result)
{
    errno = (int)-result;
    return -1;
}

static int execute_in(const struct program *program, char *const environment[])
{
    if (program->directory == AT_FDCWD && !program->flags)
        return failed(NATIVE(SYS_execve, program->path, program->arguments, environment));
    return failed(NATIVE(SYS_execveat, program->directory, program->path, program->arguments,
                         environment, program->flags));
}

/// Whether the caller is a child that shares its parent's memory, and has no birth yet.
static bool is_vfork_child(void)
{
    return process.pid != NATIVE(SYS_getpid);
}

/// How the program that is about to start ends in place of beginning; 0 for none. Given once.
static uint32_t take_fate(void)
{
    uint32_t fate = atomic_load(&process.page->program_fate);
    while (fate && !atomic_compare_exchange_weak(&process.page->program_fate, &fate, 0)) {}
    return fate;
}

/// Whether the caller was made to run a program, and is not one that becomes another.
static bool is_new_child(void)
{
    return is_vfork_child() || (process.images == 0 && process.birth[1] != 0);
}

/// Ends a child that was to run a program.
static void meet_fate(uint32_t fate)
{
    if (fate & CAPSULE_FATE_EXIT)
        NATIVE(SYS_exit_group, fate & 0xFF);
    NATIVE(SYS_kill, NATIVE(SYS_getpid), fate);
    // It is ignored or held back here; so a shell tells of it.
    NATIVE(SYS_exit_group, 128 + fate);
}

static int execute(const struct program *program)
{
    if (!process.page)
        return execute_in(program, program->environment);
    uint32_t fate = is_new_child() ? take_fate() : 0;
    if (fate)
        meet_fate(fate);
    struct inheritance inheritance;
    char *environment[inheritance_size(program->environment)];
    if (is_vfork_child()) {
        uint16_t birth[CAPSULE_BIRTH_STEPS];
        birth_next(birth);
        inherit(&inheritance, program->environment, environment, birth, 0, 0);
    } else {
        inherit(&inheritance, program->environment, environment, process.birth,
                process.images + 1, process.main->children);
    }
    struct placement placement = {.former = -1};
    if (program->directory == AT_FDCWD)
        placement = place_program(program->path);
    int result = execute_in(program, environment);
    placement_end(&placement);
    return result;
}

static int execute_path(const char *path, char *const arguments[], char *const environment[])
{
    struct program program = {.directory = AT_FDCWD,
                              .path = path,
                              .arguments = arguments,
                              .environment = environment};
    return execute(&program);
}

/// A script without `#!` is one of the shell.
static int execute_script(const char *path, char *const arguments[], char *const environment[])
{
    size_t count = 0;
    while (arguments[count])
        count++;
    char *shell_arguments[count + 3];
    shell_arguments[0] = "/bin/sh";
    shell_arguments[1] = (char *)path;
    shell_arguments[2] = NULL;
    for (size_t i = 1; i < count; i++)
        shell_arguments[i + 1] = arguments[i];
    if (count > 0)
        shell_arguments[count + 1] = NULL;
    return execute_path("/bin/sh", shell_arguments, environment);
}

static const char *search_path(void)
{
    const char *path = getenv("PATH");
    return path ? path : "/bin:/usr/bin";
}

/// Writes the next candidate of a search, and returns where the rest starts; NULL at the end.
static const char *next_candidate(const char *rest, const char *name, char path[PATH_MAX])
{
    size_t length = strcspn(rest, ":");
    path[0] = 0;
    if (length + strlen(name) + 2 <= PATH_MAX) {
        memcpy(path, rest, length);
        if (length)
            path[length++] = '/';
        append(path + length, name);
    }
    rest += strcspn(rest, ":");
    return *rest ? rest + 1 : NULL;
}

bool find_program(const char *name, char path[PATH_MAX])
{
    if (strchr(name, '/'))
        return strlen(name) < PATH_MAX && append(path, name);
    for (const char *rest = search_path(); rest;) {
        rest = next_candidate(rest, name, path);
        if (*path && NATIVE(SYS_faccessat, AT_FDCWD, path, X_OK) == 0)
            return true;
    }
    return false;
}

static int execute_candidate(const char *path, char *const arguments[], char *const environment[])
{
    execute_path(path, arguments, environment);
    return errno == ENOEXEC ? execute_script(path, arguments, environment) : -1;
}

EXPORTED int execve(const char *path, char *const arguments[], char *const environment[])
{
    return execute_path(path, arguments, environment);
}

EXPORTED int execveat(int directory, const char *path, char *const arguments[],
                      char *const environment[], int flags)
{
    struct program program = {directory, path, flags, arguments, environment};
    return execute(&program);
}

EXPORTED int fexecve(int file, char *const arguments[], char *const environment[])
{
    return execveat(file, "", arguments, environment, AT_EMPTY_PATH);
}

EXPORTED int execv(const char *path, char *const arguments[])
{
    return execute_path(path, arguments, environ);
}

EXPORTED int execvpe(const char *name, char *const arguments[], char *const environment[])
{
    if (strchr(name, '/'))
        return execute_candidate(name, arguments, environment);
    bool was_denied = false;
    errno = ENOENT;
    for (const char *rest = *name ? search_path() : NULL; rest;) {
        char path[PATH_MAX];
        rest = next_candidate(rest, name, path);
        if (!*path || NATIVE(SYS_faccessat, AT_FDCWD, path, F_OK) != 0)
            continue;
        execute_candidate(path, arguments, environment);
        was_denied |= errno == EACCES;
        if (errno != EACCES && errno != ENOENT && errno != ENOTDIR && errno != ESTALE
            && errno != ENODEV && errno != ETIMEDOUT)
            return -1;
    }
    if (was_denied)
        errno = EACCES;
    return -1;
}

EXPORTED int execvp(const char *name, char *const arguments[])
{
    return execvpe(name, arguments, environ);
}

/// Counts the arguments of execl and its kin, the first included.
static size_t count_arguments(va_list rest)
{
    size_t count = 1;
    while (va_arg(rest, char *))
        count++;
    return count;
}

static void collect_arguments(char *to[], const char *first, size_t count, va_list rest)
{
    to[0] = (char *)first;
    for (size_t i = 1; i <= count; i++)
        to[i] = va_arg(rest, char *);
}

#define COLLECT(arguments, first)                           \
    va_list rest;                                           \
    va_start(rest, first);                                  \
    size_t count = count_arguments(rest);                   \
    va_end(rest);                                           \
    char *arguments[count + 1];                             \
    va_start(rest, first);                                  \
    collect_arguments(arguments, first, count, rest)

EXPORTED int execl(const char *path, const char *first, ...)
{
    COLLECT(arguments, first);
    va_end(rest);
    return execute_path(path, arguments, environ);
}

EXPORTED int execlp(const char *name, const char *first, ...)
{
    COLLECT(arguments, first);
    va_end(rest);
    return execvpe(name, arguments, environ);
}

EXPORTED int execle(const char *path, const char *first, ...)
{
    COLLECT(arguments, first);
    char *const *environment = va_arg(rest, char *const *);
    va_end(rest);
    return execute_path(path, arguments, environment);
}

// MARK: Spawn

/// Runs a shell that ends as it is told, in place of a program.
static int spawn_fate(pid_t *pid, uint32_t fate, const posix_spawn_file_actions_t *actions,
                      const posix_spawnattr_t *attributes, char *const environment[])
{
    char command[32];
    bool exits = fate & CAPSULE_FATE_EXIT;
    char *to = append(command, exits ? "exit " : "kill -");
    to = decimal_format(to, fate & 0xFF);
    append(to, exits ? "" : " $$");
    char *arguments[] = {"sh", "-c", command, NULL};
    return next()->posix_spawn(pid, "/bin/sh", actions, attributes, arguments, environment);
}

EXPORTED int posix_spawn(pid_t *restrict pid, const char *restrict path,
                         const posix_spawn_file_actions_t *restrict actions,
                         const posix_spawnattr_t *restrict attributes, char *const arguments[],
                         char *const environment[])
{
    if (!process.page)
        return next()->posix_spawn(pid, path, actions, attributes, arguments, environment);
    struct inheritance inheritance;
    char *inherited[inheritance_size(environment)];
    uint16_t birth[CAPSULE_BIRTH_STEPS];
    birth_next(birth);
    inherit(&inheritance, environment, inherited, birth, 0, 0);
    uint32_t fate = take_fate();
    if (fate)
        return spawn_fate(pid, fate, actions, attributes, inherited);
    struct placement placement = place_program(path);
    int error = next()->posix_spawn(pid, path, actions, attributes, arguments, inherited);
    placement_end(&placement);
    return error;
}

EXPORTED int posix_spawnp(pid_t *restrict pid, const char *restrict name,
                          const posix_spawn_file_actions_t *restrict actions,
                          const posix_spawnattr_t *restrict attributes, char *const arguments[],
                          char *const environment[])
{
    if (!process.page)
        return next()->posix_spawnp(pid, name, actions, attributes, arguments, environment);
    struct inheritance inheritance;
    char *inherited[inheritance_size(environment)];
    uint16_t birth[CAPSULE_BIRTH_STEPS];
    birth_next(birth);
    inherit(&inheritance, environment, inherited, birth, 0, 0);
    uint32_t fate = take_fate();
    if (fate)
        return spawn_fate(pid, fate, actions, attributes, inherited);
    char path[PATH_MAX];
    struct placement placement = {.former = -1};
    if (find_program(name, path))
        placement = place_program(path);
    int error = next()->posix_spawnp(pid, name, actions, attributes, arguments, inherited);
    placement_end(&placement);
    return error;
}
