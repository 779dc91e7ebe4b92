/// Threads and forked processes get their birth from whoever makes them.

#include "preload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"
#include "next.h"

/// What a new thread is told.
struct beginning {
    void *(*routine)(void *);
    void *argument;
    uint16_t birth[CAPSULE_BIRTH_STEPS];
};

static void *begin_thread(void *given)
{
    struct beginning beginning = *(struct beginning *)given;
    free(given);
    self.tid = (int32_t)NATIVE(SYS_gettid);
    memcpy(self.birth, beginning.birth, sizeof self.birth);
    return beginning.routine(beginning.argument);
}

EXPORTED int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                            void *(*routine)(void *), void *argument)
{
    if (!process.page)
        return next()->pthread_create(thread, attributes, routine, argument);
    template_hold();
    struct beginning *beginning = malloc(sizeof *beginning);
    if (!beginning)
        return EAGAIN;
    *beginning = (struct beginning){.routine = routine, .argument = argument};
    birth_next(beginning->birth);
    int error = next()->pthread_create(thread, attributes, begin_thread, beginning);
    if (error) {
        self.children--;
        free(beginning);
    }
    return error;
}

// MARK: Fork

/// The birth of the child that is being made, from before to after fork.
static THREAD_LOCAL uint16_t forked_birth[CAPSULE_BIRTH_STEPS];

static void before_fork(void)
{
    birth_next(forked_birth);
}

static void after_fork_in_child(void)
{
    popen_after_fork();
    // The slot stays the parent's; the descriptor is the same eventfd as the parent's.
    self.slot = NULL;
    slot_end_thread(NULL);
    birth_fork(forked_birth);
    atomic_fetch_add(&process.page->process_count, 1);
}

void threads_start(void)
{
    pthread_key_create(&process.thread_end, slot_end_thread);
    // Also called by daemon() and forkpty(), which call fork inside of libc.
    pthread_atfork(before_fork, NULL, after_fork_in_child);
}
