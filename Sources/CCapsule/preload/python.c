/// The end of a Python program in a copy of a template.
///
/// An interpreter that ends has its collector go through all objects three times, and takes most of
/// them apart. With a large SDK that is most of what a copy does, and nobody sees anything of it: the
/// kernel takes the memory back. Where no object would do anything else when it is collected, the
/// interpreter is taken for ended there and then, or, where that is not known how, told to pass them
/// over (`gc.freeze`). Where one might, it ends as always.

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
#include "unwind.h"

/// See Sources/Capsule/Hooks/quiet.py.
static const char script[] = QUIET_PY;

/// The process whose end is awaited; 0 for none.
static int32_t awaited;

/// What a template found out for its copies.
struct learnt {
    bool knows_lists;  ///< The collector's lists are where `census_take` looks for them.
    /// Up to this object all is quiet for good, as long as the collector is of this age.
    void *boundary;
    long age;
    /// The script, compiled; of no length when that failed.
    size_t code_length;
    char code[1 << 15];
};

static struct learnt learnt;

void python_await_end(void)
{
    awaited = (int32_t)NATIVE(SYS_getpid);
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

static void *compile(const struct python *python)
{
    enum { WHOLE_FILE = 257 };  // Py_file_input
    if (learnt.code_length)
        return python->PyMarshal_ReadObjectFromString(learnt.code, (ssize_t)learnt.code_length);
    return python->Py_CompileString(script, "stormtape", WHOLE_FILE);
}

/// The names that the script defines; NULL when it failed.
static void *run_script(const struct python *python)
{
    void *names = python->PyDict_New();
    void *code = compile(python);
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

/// Whether a function of the script says so of all that has to be asked. `last_class` is given the
/// last class of the oldest generation: such a one hardly ever ends before its program.
static bool holds(const struct python *python, void *names, const struct census *census,
                  const char *function, void **last_class)
{
    void *types = python->PyList_New(0);
    for (size_t i = 0; types && i < census->kind_count; i++)
        python->PyList_Append(types, census->types[i]);
    void *sorted = types ? call(python, names, "sort_out", types) : NULL;
    const char *kinds = sorted ? python->PyBytes_AsString(sorted) : NULL;
    void *suspects = kinds ? find_suspects(python, census, kinds) : NULL;
    bool held = suspects && is_true(python, call(python, names, function, suspects));
    for (size_t i = census->oldest; held && last_class && !*last_class && i < census->count; i++)
        if (kinds[census->kinds[i]] == 'c')
            *last_class = census->objects[i];
    void *all[] = {suspects, sorted, types};
    for (size_t i = 0; i < COUNT(all); i++)
        python->Py_DecRef(all[i]);
    return held;
}

static long age_of_collector(const struct python *python, void *names)
{
    void *age = call(python, names, "age", NULL);
    long result = age ? python->PyLong_AsLong(age) : -1;
    python->Py_DecRef(age);
    return result;
}

static bool is_quiet(const struct python *python, void *names)
{
    struct census census;
    void *list = NULL;
    if (!learnt.knows_lists && !(list = call(python, names, "objects", NULL)))
        return false;
    bool same_age = learnt.boundary && age_of_collector(python, names) == learnt.age;
    bool quiet = census_take(&census, python, list, same_age ? learnt.boundary : NULL)
                 && holds(python, names, &census, "are_quiet", NULL);
    python->Py_DecRef(list);
    return quiet;
}

/// Does something with the interpreter of which the program knows nothing, whatever goes wrong.
static bool apart(const struct python *python, bool (*act)(const struct python *, void *))
{
    void *raised[3];
    python->PyErr_Fetch(&raised[0], &raised[1], &raised[2]);
    void *names = run_script(python);
    // No collection may take away what a census holds.
    void *paused = names ? call(python, names, "pause", NULL) : NULL;
    bool result = paused && act(python, names);
    if (paused) {
        void *ignored[3];
        python->PyErr_Fetch(&ignored[0], &ignored[1], &ignored[2]);
        for (size_t i = 0; i < COUNT(ignored); i++)
            python->Py_DecRef(ignored[i]);
        python->Py_DecRef(call(python, names, "resume", paused));
    }
    python->Py_DecRef(paused);
    python->Py_DecRef(names);
    python->PyErr_Restore(raised[0], raised[1], raised[2]);
    return result;
}

// MARK: End

static bool pass_over(const struct python *python, void *names)
{
    if (!is_true(python, call(python, names, "is_unwatched", NULL)) || !is_quiet(python, names))
        return false;
    // Whoever ended the interpreter goes on with the status that the program has.
    if (is_true(python, call(python, names, "is_flushed", NULL)))
        unwind_return_zero_from(dlsym(RTLD_DEFAULT, "Py_FinalizeEx"));
    // What it returns is what must stay: it is never given back.
    return call(python, names, "pass_over", NULL);
}

/// Whether a tracer, a profiler or a call of the collector would see the script run.
static bool is_observed(const struct python *python)
{
    void *tracer = python->PySys_GetObject("gettrace");
    void *profiler = python->PySys_GetObject("getprofile");
    void *collector = python->PyImport_ImportModule("gc");
    void *found[] = {
        tracer ? python->PyObject_CallFunctionObjArgs(tracer, NULL) : NULL,
        profiler ? python->PyObject_CallFunctionObjArgs(profiler, NULL) : NULL,
        collector ? python->PyObject_GetAttrString(collector, "callbacks") : NULL,
    };
    bool observed = false;
    for (size_t i = 0; i < COUNT(found); i++) {
        observed = observed || !found[i] || python->PyObject_IsTrue(found[i]) != 0;
        python->Py_DecRef(found[i]);
    }
    python->Py_DecRef(collector);
    return observed;
}

void python_signal_defaulted(int signal)
{
    struct python python;
    // A process that it made, and may share memory with, ends in its own way.
    if (LIKELY(!awaited) || signal != SIGINT || awaited != NATIVE(SYS_getpid))
        return;
    int error = errno;
    bool found = find(&python);
    awaited = found ? awaited : 0;
    // It takes its handlers away when it ends: after the functions of `atexit`, before its collector.
    // Later it has no thread any more.
    if (found && !python.Py_IsInitialized() && python.PyGILState_Check()
        && python.PyGILState_GetThisThreadState()) {
        awaited = 0;
        if (is_alone() && !writes_files() && !is_observed(&python))
            apart(&python, pass_over);
    }
    errno = error;
}

// MARK: Template

/// Whether walking through the collector's lists gives what it says.
static bool compare_lists(const struct python *python, void *names, struct census *walked)
{
    struct census asked;
    void *list = call(python, names, "objects", NULL);
    bool same = list && census_take(&asked, python, list, NULL)
                && census_take(walked, python, NULL, NULL);
    // The list itself is one that it does not hold. What it holds begins with the old ends.
    same = same && walked->count == asked.count + 1;
    size_t compared = 0;
    const size_t ends[] = {0, walked->middle, walked->oldest, walked->count};
    for (size_t generation = 0; same && generation + 1 < COUNT(ends); generation++)
        for (size_t i = ends[generation + 1]; same && i > ends[generation]; i--)
            if (walked->objects[i - 1] != list)
                same = compared < asked.count
                       && walked->objects[i - 1] == asked.objects[compared++];
    return same;
}

static bool find_out(const struct python *python, void *names)
{
    struct census census;
    learnt.knows_lists = compare_lists(python, names, &census);
    learnt.age = learnt.knows_lists ? age_of_collector(python, names) : -1;
    return learnt.age >= 0
           && holds(python, names, &census, "stay_quiet", &learnt.boundary);
}

/// Compiles the script once for all copies.
static void keep_code(const struct python *python)
{
    enum { NEWEST_FORM = 4 };
    void *code = compile(python);
    void *bytes = code ? python->PyMarshal_WriteObjectToString(code, NEWEST_FORM) : NULL;
    ssize_t length = bytes ? python->PyBytes_Size(bytes) : 0;
    if (length > 0 && (size_t)length <= sizeof learnt.code) {
        memcpy(learnt.code, python->PyBytes_AsString(bytes), (size_t)length);
        learnt.code_length = (size_t)length;
    }
}

/// Looks closely, in a process of its own: where the lists are others, anything may happen.
static void look(int answer)
{
    static const struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } standard = {0};
    struct python python;
    for (int i = 0; i <= 2; i++)
        NATIVE(SYS_close, i);
    NATIVE(SYS_rt_sigaction, SIGSEGV, &standard, NULL, sizeof standard.mask);
    NATIVE(SYS_rt_sigaction, SIGBUS, &standard, NULL, sizeof standard.mask);
    if (find(&python) && python.Py_IsInitialized()) {
        python.PyGILState_Ensure();
        // Nothing may move in the collector's lists that stays where it is in the template.
        int (*disable)(void) = (__typeof__(disable))dlsym(RTLD_DEFAULT, "PyGC_Disable");
        if (disable)
            disable();
        keep_code(&python);
        apart(&python, find_out);
    }
    NATIVE(SYS_write, answer, &learnt, sizeof learnt);
    NATIVE(SYS_exit_group, 0);
}

void python_learn(void)
{
    int ends[2];
    if (NATIVE(SYS_pipe2, ends, O_CLOEXEC) != 0)
        return;
    long pid = NATIVE(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0);
    if (pid == 0)
        look(ends[1]);
    NATIVE(SYS_close, ends[1]);
    size_t known = 0;
    for (long got = 1; known < sizeof learnt && got > 0; known += got > 0 ? (size_t)got : 0)
        got = NATIVE(SYS_read, ends[0], (char *)&learnt + known, sizeof learnt - known);
    if (known < sizeof learnt)
        learnt = (struct learnt){0};
    NATIVE(SYS_close, ends[0]);
    if (pid > 0)
        NATIVE(SYS_wait4, pid, NULL, 0, NULL);
}
