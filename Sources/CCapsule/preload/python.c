/// The end of a Python program in a copy of a template.
///
/// An interpreter that ends has its collector go through all objects three times, and takes most of
/// them apart. With a large SDK that is most of what a copy does, and nobody sees anything of it: the
/// kernel takes the memory back. Where no object would do anything else when it is collected, the
/// interpreter is told to pass them over (`gc.freeze`). Where one might, it ends as always.

#include "python.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "native.h"

/// See Sources/Capsule/Hooks/quiet.py.
static const char script[] = QUIET_PY;

static bool is_awaited;
/// Whether the collector's lists are where `census_take` looks for them.
static bool knows_lists;

void python_await_end(void)
{
    is_awaited = true;
}

// MARK: What the kernel knows

/// Whether a file that is open may have more written to it: by an extension, when it closes it.
static bool is_written(int descriptor)
{
    struct stat status;
    long flags = NATIVE(SYS_fcntl, descriptor, F_GETFL);
    return (flags & O_ACCMODE) != O_RDONLY && fstat(descriptor, &status) == 0
           && S_ISREG(status.st_mode);
}

static bool writes_files(void)
{
    bool found = false;
    char buffer[2048];
    long folder = NATIVE(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long got = folder;
    while (!found && got >= 0
           && (got = NATIVE(SYS_getdents64, folder, buffer, sizeof buffer)) > 0)
        for (long at = 0; !found && at < got;) {
            unsigned short length;
            // Inode, offset, the length of the entry, a byte for the type, and the name.
            memcpy(&length, buffer + at + 16, sizeof length);
            int descriptor = atoi(buffer + at + 19);
            found = descriptor > 2 && is_written(descriptor);
            at += length;
        }
    if (folder >= 0)
        NATIVE(SYS_close, folder);
    return found || got < 0;
}

/// Threads of extensions say nothing of what they would still do.
static bool is_alone(void)
{
    struct stat status;
    // A link for each of them, and two that every folder has.
    return stat("/proc/self/task", &status) == 0 && status.st_nlink == 3;
}

// MARK: Interpreter

static bool find(struct python *python)
{
    bool found = true;
#define FIND(result, name, parameters)                                                             \
    found = found && (python->name = (__typeof__(python->name))dlsym(RTLD_DEFAULT, #name));
    EACH_PYTHON(FIND)
#undef FIND
    // Without the one lock, objects begin in another way.
    return found && strncmp(python->Py_GetVersion(), "3.", 2) == 0
           && !strstr(python->Py_GetVersion(), "free-threading");
}

/// The names that the script defines; NULL when it failed.
static void *run_script(const struct python *python)
{
    enum { WHOLE_FILE = 257 };  // Py_file_input
    void *names = python->PyDict_New();
    void *code = python->Py_CompileString(script, "stormtape", WHOLE_FILE);
    void *done = NULL;
    if (names && code) {
        python->PyDict_SetItemString(names, "__builtins__", python->PyEval_GetBuiltins());
        done = python->PyEval_EvalCode(code, names, names);
    }
    python->Py_DecRef(code);
    if (done) {
        python->Py_DecRef(done);
        return names;
    }
    python->Py_DecRef(names);
    return NULL;
}

static void *call(const struct python *python, void *names, const char *name, void *argument)
{
    void *function = python->PyDict_GetItemString(names, name);
    return function ? python->PyObject_CallFunctionObjArgs(function, argument, NULL) : NULL;
}

static bool is_true(const struct python *python, void *answer)
{
    bool result = answer && python->PyObject_IsTrue(answer) == 1;
    python->Py_DecRef(answer);
    return result;
}

/// The list of what has to be asked, in `census`: objects of types of which the script says so, and
/// classes whose objects the collector does not know.
static void *find_suspects(const struct python *python, const struct census *census,
                           const char *kinds)
{
    enum { COLLECTED = 1 << 14 };  // Py_TPFLAGS_HAVE_GC
    void *suspects = python->PyList_New(0);
    for (size_t i = 0; suspects && i < census->count; i++) {
        char kind = kinds[census->kinds[i]];
        void *object = census->objects[i];
        if (kind == 'q' || (kind == 'c' && !(python->PyType_GetFlags(object) & COLLECTED)))
            python->PyList_Append(suspects, object);
    }
    return suspects;
}

static bool is_quiet(const struct python *python, void *names)
{
    struct census census;
    void *list = NULL;
    if (!knows_lists && !(list = call(python, names, "objects", NULL)))
        return false;
    bool quiet = census_take(&census, python, list);
    void *types = quiet ? python->PyList_New(0) : NULL;
    for (size_t i = 0; types && i < census.kind_count; i++)
        python->PyList_Append(types, census.types[i]);
    void *kinds = types ? call(python, names, "sort_out", types) : NULL;
    void *suspects
        = kinds ? find_suspects(python, &census, python->PyBytes_AsString(kinds)) : NULL;
    quiet = suspects && is_true(python, call(python, names, "are_quiet", suspects));
    void *all[] = {suspects, kinds, types, list};
    for (size_t i = 0; i < COUNT(all); i++)
        python->Py_DecRef(all[i]);
    return quiet;
}

/// Does something with the interpreter of which the program knows nothing, whatever goes wrong.
static bool apart(const struct python *python, bool (*act)(const struct python *, void *))
{
    void *raised[3];
    python->PyErr_Fetch(&raised[0], &raised[1], &raised[2]);
    void *names = run_script(python);
    bool result = names && act(python, names);
    python->Py_DecRef(names);
    python->PyErr_Restore(raised[0], raised[1], raised[2]);
    return result;
}

// MARK: End

static bool pass_over(const struct python *python, void *names)
{
    // What it returns is what must stay: it is never given back.
    return is_true(python, call(python, names, "is_unwatched", NULL)) && is_quiet(python, names)
           && call(python, names, "pass_over", NULL);
}

void python_signal_defaulted(void)
{
    struct python python;
    if (LIKELY(!is_awaited))
        return;
    int error = errno;
    is_awaited = find(&python);
    // It takes its handlers away when it ends: after the functions of `atexit`, before its collector.
    if (is_awaited && !python.Py_IsInitialized() && python.PyGILState_Check()) {
        is_awaited = false;
        if (is_alone() && !writes_files())
            apart(&python, pass_over);
    }
    errno = error;
}

// MARK: Template

static bool compare_lists(const struct python *python, void *names)
{
    struct census asked, walked;
    void *list = call(python, names, "objects", NULL);
    bool same = list && census_take(&asked, python, list) && census_take(&walked, python, NULL);
    // The list itself is one that it does not hold.
    same = same && walked.count == asked.count + 1;
    for (size_t i = 0, j = 0; same && i < walked.count; i++)
        if (walked.objects[i] != list)
            same = j < asked.count && walked.objects[i] == asked.objects[j++];
    return same;
}

/// Whether walking through the collector's lists gives what it says. It may give anything, and so it
/// is tried in a process of its own.
static void try_lists(void)
{
    static const struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } standard = {0};
    struct python python;
    NATIVE(SYS_close_range, 0u, ~0u, 0u);
    NATIVE(SYS_rt_sigaction, SIGSEGV, &standard, NULL, sizeof standard.mask);
    NATIVE(SYS_rt_sigaction, SIGBUS, &standard, NULL, sizeof standard.mask);
    if (!find(&python) || !python.Py_IsInitialized())
        NATIVE(SYS_exit_group, 1);
    python.PyGILState_Ensure();
    NATIVE(SYS_exit_group, apart(&python, compare_lists) ? 0 : 1);
}

void python_learn(void)
{
    int status = 1;
    long pid = NATIVE(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);
    if (pid == 0)
        try_lists();
    if (pid > 0)
        NATIVE(SYS_wait4, pid, &status, 0, NULL);
    knows_lists = status == 0;
}
