/// Keeps SIGSYS deliverable: a trapped call with SIGSYS blocked or ignored ends the process.

#include "signals.h"

#include <errno.h>

#include "native.h"
#include "next.h"
#include "python.h"

/// What the agent believes to have set. It gets what is not ours, like traps of its own filters.
static struct sigaction agents_action;

void signals_pass_on(int signal, siginfo_t *information, void *context)
{
    struct sigaction action = agents_action;
    if (action.sa_flags & SA_SIGINFO) {
        action.sa_sigaction(signal, information, context);
    } else if (action.sa_handler == SIG_DFL) {
        struct sigaction fatal = {.sa_handler = SIG_DFL};
        next()->sigaction(signal, &fatal, NULL);
        NATIVE(SYS_tgkill, NATIVE(SYS_getpid), NATIVE(SYS_gettid), signal);
    } else if (action.sa_handler != SIG_IGN) {
        action.sa_handler(signal);
    }
}

static const sigset_t *without_trap(const sigset_t *set, sigset_t *copy)
{
    if (!process.has_trap || !set || !sigismember(set, SIGSYS))
        return set;
    *copy = *set;
    sigdelset(copy, SIGSYS);
    return copy;
}

EXPORTED int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    return next()->sigprocmask(how, how == SIG_UNBLOCK ? set : without_trap(set, &copy), old);
}

EXPORTED int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    return next()->pthread_sigmask(how, how == SIG_UNBLOCK ? set : without_trap(set, &copy), old);
}

EXPORTED int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    if (process.has_trap && signal == SIGSYS) {
        struct sigaction former = agents_action;
        if (action)
            agents_action = *action;
        if (old)
            *old = former;
        return 0;
    }
    if (action && action->sa_handler == SIG_DFL)
        python_signal_defaulted(signal);
    if (!process.has_trap || !action)
        return next()->sigaction(signal, action, old);
    // Handlers may wait, too.
    struct sigaction copy = *action;
    sigdelset(&copy.sa_mask, SIGSYS);
    return next()->sigaction(signal, &copy, old);
}

EXPORTED int sigsuspend(const sigset_t *set)
{
    sigset_t copy;
    return next()->sigsuspend(without_trap(set, &copy));
}

EXPORTED sighandler_t signal(int number, sighandler_t handler)
{
    if (!process.has_trap || number != SIGSYS)
        return next()->signal(number, handler);
    sighandler_t former = agents_action.sa_handler;
    agents_action = (struct sigaction){.sa_handler = handler, .sa_flags = SA_RESTART};
    return former;
}
