/// Leaves a function of the program from within a call that it made.

#include "unwind.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#ifdef __x86_64__
/// What the unwinder, which every Linux has as libgcc_s.so.1, says of a frame.
struct unwinder {
    int (*_Unwind_Backtrace)(int (*)(void *, void *), void *);
    uintptr_t (*_Unwind_GetIP)(void *);
    uintptr_t (*_Unwind_GetCFA)(void *);
    uintptr_t (*_Unwind_GetGR)(void *, int);
    void *(*_Unwind_FindEnclosingFunction)(void *);
};

/// The registers that a call keeps, as DWARF numbers them, and where it returns to.
static const int kept[] = {3, 6, 12, 13, 14, 15};

struct frame {
    uintptr_t registers[COUNT(kept)];
    uintptr_t stack, instruction;
};

struct search {
    struct unwinder unwinder;
    void *function;
    bool is_below;  ///< The frame before was that of the function.
    bool found;
    struct frame caller;
};

static bool find_unwinder(struct unwinder *unwinder)
{
    // Mostly an extension has it loaded. It is never given back: the process ends.
    void *library = dlopen("libgcc_s.so.1", RTLD_LAZY);
    bool found = library != NULL;
#define FIND(name)                                                                                 \
    found = found && (unwinder->name = (__typeof__(unwinder->name))dlsym(library, #name))
    FIND(_Unwind_Backtrace);
    FIND(_Unwind_GetIP);
    FIND(_Unwind_GetCFA);
    FIND(_Unwind_GetGR);
    FIND(_Unwind_FindEnclosingFunction);
#undef FIND
    return found;
}

static int32_t offset_at(uintptr_t address)
{
    int32_t offset;
    memcpy(&offset, (const void *)address, sizeof offset);
    return offset;
}

/// Where a jump by way of a table leads, as calls between libraries make; 0 when it is none.
static uintptr_t follow_jump(const uint8_t *code)
{
    static const uint8_t landing[] = {0xF3, 0x0F, 0x1E, 0xFA};  // endbr64
    code += memcmp(code, landing, sizeof landing) == 0 ? sizeof landing : 0;
    code += *code == 0xF2;  // bnd
    if (code[0] != 0xFF || code[1] != 0x25)
        return 0;
    uintptr_t end = (uintptr_t)code + 6;
    return *(const uintptr_t *)(end + (uintptr_t)(intptr_t)offset_at(end - 4));
}

/// Whether the instruction before is a call of the function. That need not have a frame of its own:
/// it may have jumped to what does the work.
static bool is_called_before(uintptr_t instruction, const struct search *search)
{
    if (*(const uint8_t *)(instruction - 5) != 0xE8)
        return false;
    uintptr_t target = instruction + (uintptr_t)(intptr_t)offset_at(instruction - 4);
    if (target == (uintptr_t)search->function)
        return true;
    // Where it only looks like a call, the target may be anywhere: no code is known there.
    return search->unwinder._Unwind_FindEnclosingFunction((void *)(target + 1))
           && follow_jump((const uint8_t *)target) == (uintptr_t)search->function;
}

static int visit(void *context, void *argument)
{
    enum { GO_ON = 0, STOP = 4 };  // _URC_NO_REASON, _URC_NORMAL_STOP
    struct search *search = argument;
    const struct unwinder *unwinder = &search->unwinder;
    uintptr_t instruction = unwinder->_Unwind_GetIP(context);
    if (!search->is_below && !is_called_before(instruction, search)) {
        void *function = unwinder->_Unwind_FindEnclosingFunction((void *)instruction);
        search->is_below = function == search->function;
        return GO_ON;
    }
    search->found = true;
    search->caller.instruction = instruction;
    search->caller.stack = unwinder->_Unwind_GetCFA(context);
    for (size_t i = 0; i < COUNT(kept); i++)
        search->caller.registers[i] = unwinder->_Unwind_GetGR(context, kept[i]);
    return STOP;
}

/// A processor that keeps a second stack of return addresses would notice.
static bool has_shadow_stack(void)
{
    uintptr_t pointer = 0;
    __asm__ volatile("rdsspq %0" : "+r"(pointer));
    return pointer != 0;
}

__attribute__((noreturn)) static void enter(const struct frame *frame)
{
    __asm__ volatile("movq 0(%0), %%rbx\n\t"
                     "movq 8(%0), %%rbp\n\t"
                     "movq 16(%0), %%r12\n\t"
                     "movq 24(%0), %%r13\n\t"
                     "movq 32(%0), %%r14\n\t"
                     "movq 40(%0), %%r15\n\t"
                     "movq 56(%0), %%rdx\n\t"
                     "movq 48(%0), %%rsp\n\t"
                     "xorl %%eax, %%eax\n\t"
                     "jmp *%%rdx"
                     :
                     : "a"(frame)
                     : "memory");
    __builtin_unreachable();
}

void unwind_return_zero_from(void *function)
{
    struct search search = {.function = function};
    if (!function || has_shadow_stack() || !find_unwinder(&search.unwinder))
        return;
    search.unwinder._Unwind_Backtrace(visit, &search);
    if (search.found)
        enter(&search.caller);
}
#else
void unwind_return_zero_from(void *function)
{
    (void)function;
}
#endif
