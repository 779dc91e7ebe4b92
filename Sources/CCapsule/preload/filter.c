/// The seccomp filter that turns timed calls of shared libraries into SIGSYS.
///
/// It is inherited over exec. Programs that do not load this library (static ones) issue their
/// calls from lower addresses than shared libraries, and are let pass.

#include "filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "native.h"

/// When a call is timed.
enum condition {
    ALWAYS,
    LIMITED,   ///< An argument, a number of milliseconds, is not negative.
    NO_HANG,   ///< An argument, options of a wait for children, holds WNOHANG.
    GIVEN,     ///< An argument, a pointer, is not NULL.
    FUTEX,
    CLOCK,  ///< Not one of used processor time: programs without this library ask the vDSO, which
            ///< passes these on from where libraries lie.
};

struct rule {
    uint16_t number;
    uint8_t condition;
    uint8_t argument;
};

static const struct rule rules[] = {
    {SYS_futex, FUTEX, 3},
    {SYS_clock_nanosleep, ALWAYS, 0},
    {SYS_nanosleep, ALWAYS, 0},
    {SYS_clock_gettime, CLOCK, 0},
    {SYS_gettimeofday, ALWAYS, 0},
    {SYS_epoll_pwait, ALWAYS, 0},
    {SYS_epoll_pwait2, ALWAYS, 0},
    {SYS_wait4, NO_HANG, 2},
    {SYS_waitid, NO_HANG, 3},
    {SYS_ppoll, GIVEN, 2},
    {SYS_pselect6, GIVEN, 4},
    {SYS_rt_sigtimedwait, GIVEN, 2},
    {SYS_timerfd_settime, ALWAYS, 0},
    {SYS_timerfd_gettime, ALWAYS, 0},
    {SYS_setitimer, ALWAYS, 0},
    {SYS_getitimer, ALWAYS, 0},
    {SYS_timer_create, ALWAYS, 0},
    {SYS_timer_settime, ALWAYS, 0},
    {SYS_timer_gettime, ALWAYS, 0},
    {SYS_timer_delete, ALWAYS, 0},
    {SYS_recvmmsg, GIVEN, 4},
    {SYS_semtimedop, GIVEN, 3},
    {SYS_mq_timedsend, GIVEN, 4},
    {SYS_mq_timedreceive, GIVEN, 4},
    {SYS_io_getevents, GIVEN, 4},
    {SYS_io_pgetevents, GIVEN, 4},
#ifdef SYS_time
    {SYS_time, ALWAYS, 0},
#endif
#ifdef SYS_alarm
    {SYS_alarm, ALWAYS, 0},
#endif
#ifdef SYS_poll
    {SYS_poll, LIMITED, 2},
#endif
#ifdef SYS_select
    {SYS_select, GIVEN, 4},
#endif
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, ALWAYS, 0},
#endif
};

enum { CAPACITY = 256 };

struct program {
    struct sock_filter code[CAPACITY];
    uint16_t length;
};

static void emit(struct program *program, uint16_t code, uint8_t if_true, uint8_t if_false,
                 uint32_t value)
{
    program->code[program->length++] =
        (struct sock_filter){.code = code, .jt = if_true, .jf = if_false, .k = value};
}

static void emit_load(struct program *program, size_t offset)
{
    emit(program, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void emit_return(struct program *program, uint32_t action)
{
    emit(program, BPF_RET | BPF_K, 0, 0, action);
}

static size_t argument_low(const struct rule *rule)
{
    return offsetof(struct seccomp_data, args) + rule->argument * sizeof(uint64_t);
}

/// Skips `return allow` when the argument meets the condition.
static void emit_condition(struct program *program, const struct rule *rule)
{
    switch (rule->condition) {
    case LIMITED:
        emit_load(program, argument_low(rule));
        emit(program, BPF_JMP | BPF_JSET | BPF_K, 0, 1, 0x80000000u);
        emit_return(program, SECCOMP_RET_ALLOW);
        break;
    case NO_HANG:
        emit_load(program, argument_low(rule));
        emit(program, BPF_JMP | BPF_JSET | BPF_K, 1, 0, WNOHANG);
        emit_return(program, SECCOMP_RET_ALLOW);
        break;
    case CLOCK:
        emit_load(program, argument_low(rule));
        emit(program, BPF_JMP | BPF_JSET | BPF_K, 2, 0, 0x80000000u);
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, CLOCK_PROCESS_CPUTIME_ID);
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, CLOCK_THREAD_CPUTIME_ID);
        emit_return(program, SECCOMP_RET_ALLOW);
        break;
    case FUTEX:
        emit_load(program, offsetof(struct seccomp_data, args) + sizeof(uint64_t));
        emit(program, BPF_ALU | BPF_AND | BPF_K, 0, 0, FUTEX_CMD_MASK);
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 4, 0, FUTEX_WAIT);
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 3, 0, FUTEX_WAIT_BITSET);
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, FUTEX_LOCK_PI);
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, FILTER_LOCK_PI2);
        emit_return(program, SECCOMP_RET_ALLOW);
        __attribute__((fallthrough));
    case GIVEN:
        emit_load(program, argument_low(rule));
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0);
        emit_load(program, argument_low(rule) + sizeof(uint32_t));
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
        emit_return(program, SECCOMP_RET_ALLOW);
        break;
    default:
        break;
    }
}

/// The body of a rule: allow, or trap when the condition holds and the caller is a library.
static void emit_rule(struct program *program, const struct rule *rule)
{
    emit_condition(program, rule);
    emit_load(program, offsetof(struct seccomp_data, instruction_pointer) + sizeof(uint32_t));
    emit(program, BPF_JMP | BPF_JGE | BPF_K, 1, 0, NATIVE_TRAPPED_FROM);
    emit_return(program, SECCOMP_RET_ALLOW);
    emit_return(program, SECCOMP_RET_TRAP | FILTER_TRAP_DATA);
}

/// The number comes first and alone: the kernel then remembers which calls are always allowed, and
/// does not run the filter for them.
static void build(struct program *program)
{
    program->length = 0;
    emit_load(program, offsetof(struct seccomp_data, arch));
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, NATIVE_AUDIT_ARCHITECTURE);
    emit_return(program, SECCOMP_RET_ALLOW);
    emit_load(program, offsetof(struct seccomp_data, nr));
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_io_uring_setup);
    emit_return(program, SECCOMP_RET_ERRNO | ENOSYS);
    for (size_t i = 0; i < COUNT(rules); i++) {
        uint16_t jump = program->length;
        emit(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, rules[i].number);
        emit_rule(program, &rules[i]);
        program->code[jump].jf = (uint8_t)(program->length - jump - 1);
    }
    emit_return(program, SECCOMP_RET_ALLOW);
}

bool filter_install(void)
{
    struct program program;
    build(&program);
    struct sock_fprog loaded = {.len = program.length, .filter = program.code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    long flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_TSYNC;
    return NATIVE(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &loaded) == 0;
}
