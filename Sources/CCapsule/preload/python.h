/// What a copy of a template leaves out when it ends: see python.c.
#pragma once

#include "preload.h"

/// Of the interpreter's interface what every version since 3.9 has. It may be in the program itself
/// or in a library. Objects are pointers that nobody here looks into, but for their types.
#define EACH_PYTHON(F)                                                                             \
    F(const char *, Py_GetVersion, (void))                                                         \
    F(int, Py_IsInitialized, (void))                                                               \
    F(int, PyGILState_Check, (void))                                                               \
    F(int, PyGILState_Ensure, (void))                                                              \
    F(void *, PyGILState_GetThisThreadState, (void))                                               \
    F(void, PyGILState_Release, (int))                                                             \
    F(void, PyErr_Fetch, (void **, void **, void **))                                              \
    F(void, PyErr_Restore, (void *, void *, void *))                                               \
    F(void *, PyDict_New, (void))                                                                  \
    F(int, PyDict_SetItemString, (void *, const char *, void *))                                   \
    F(void *, PyDict_GetItemString, (void *, const char *))                                        \
    F(void *, PyEval_GetBuiltins, (void))                                                          \
    F(void *, Py_CompileString, (const char *, const char *, int))                                 \
    F(void *, PyEval_EvalCode, (void *, void *, void *))                                           \
    F(void *, PyObject_CallFunctionObjArgs, (void *, ...))                                         \
    F(int, PyObject_IsTrue, (void *))                                                              \
    F(void *, PyObject_GetAttrString, (void *, const char *))                                      \
    F(void *, PySys_GetObject, (const char *))                                                     \
    F(void *, PyImport_ImportModule, (const char *))                                               \
    F(long, PyLong_AsLong, (void *))                                                               \
    F(void *, PyList_New, (ssize_t))                                                               \
    F(ssize_t, PyList_Size, (void *))                                                              \
    F(void *, PyList_GetItem, (void *, ssize_t))                                                   \
    F(int, PyList_Append, (void *, void *))                                                        \
    F(char *, PyBytes_AsString, (void *))                                                          \
    F(ssize_t, PyBytes_Size, (void *))                                                             \
    F(void *, PyMarshal_WriteObjectToString, (void *, int))                                        \
    F(void *, PyMarshal_ReadObjectFromString, (const char *, ssize_t))                             \
    F(unsigned long, PyType_GetFlags, (void *))                                                    \
    F(void, Py_DecRef, (void *))

struct python {
#define PYTHON_MEMBER(result, name, parameters) result(*name) parameters;
    EACH_PYTHON(PYTHON_MEMBER)
#undef PYTHON_MEMBER
};

/// Objects that the collector knows, each with the number of its type.
struct census {
    size_t count, kind_count;
    size_t middle, oldest;  ///< Where those of the older generations begin.
    void **objects;
    uint16_t *kinds;
    void **types;
};

/// Takes it from a list of objects, or from the collector's own lists when there is none; of the
/// oldest generation then only what came after `boundary`, unless that is NULL. False when it is not
/// known how, or when there are too many.
bool census_take(struct census *census, const struct python *python, void *list, void *boundary);

/// In a template, which is held: finds out what copies can rely on.
void python_learn(void);
/// In a copy: has the end of an interpreter be watched for.
void python_await_end(void);
/// The program gives a signal its default action.
void python_signal_defaulted(int signal);
