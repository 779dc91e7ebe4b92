/// What is kept of a template for its copies, and given back to them.

#include "template.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "native.h"

long write_text(const char *path, const char *text)
{
    long file = NATIVE(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return file;
    long result = NATIVE(SYS_write, file, text, strlen(text));
    NATIVE(SYS_close, file);
    return result;
}

// Where libc registered its area for restartable sequences; older ones have none.
extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned int __rseq_size __attribute__((weak));

#ifndef PR_GET_TID_ADDRESS
#define PR_GET_TID_ADDRESS 40
#endif

void keep_state(struct thread_state *state)
{
    state->user = NATIVE(SYS_geteuid);
    state->group = NATIVE(SYS_getegid);
    native_read_text(last_pid_path, state->last_pid, sizeof state->last_pid);
    native_read_text(pid_max_path, state->pid_max, sizeof state->pid_max);
    NATIVE(SYS_get_robust_list, 0, &state->robust_list, &state->robust_size);
    NATIVE(SYS_prctl, PR_GET_TID_ADDRESS, &state->tid_address);
    NATIVE(SYS_prctl, PR_GET_NAME, state->name);
}

static void restore_sequences(void)
{
#if defined(__x86_64__)
    const uint32_t signature = 0x53053053u;
#else
    const uint32_t signature = 0xd428bc00u;
#endif
    const unsigned int least = 32;
    if (&__rseq_size && __rseq_size)
        NATIVE(SYS_rseq, (char *)__builtin_thread_pointer() + __rseq_offset,
               __rseq_size > least ? __rseq_size : least, 0, signature);
}

void restore_state(const struct thread_state *state)
{
    NATIVE(SYS_prctl, PR_SET_NAME, state->name);
    NATIVE(SYS_set_robust_list, state->robust_list, state->robust_size);
    if (state->tid_address)
        NATIVE(SYS_set_tid_address, state->tid_address);
    restore_sequences();
    NATIVE(SYS_rt_sigprocmask, SIG_SETMASK, &state->signals, NULL, sizeof state->signals);
}

void drop_privileges(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    NATIVE(SYS_capset, &header, none);
}
