#include "preload.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "native.h"

#include <fcntl.h>

#if defined(__x86_64__)

// The instructions that the page holds; also used from here until it is mapped.
__asm__(
    ".pushsection .text\n"
    ".local native_instructions\n"
    "native_instructions: syscall\n"
    "ret\n"
    ".popsection\n");
#define NATIVE_INSTRUCTIONS_SIZE 3

#elif defined(__aarch64__)

__asm__(
    ".pushsection .text\n"
    ".balign 4\n"
    ".local native_instructions\n"
    "native_instructions: svc #0\n"
    "ret\n"
    ".popsection\n");
#define NATIVE_INSTRUCTIONS_SIZE 8

#endif

#if NATIVE_SUPPORTED

extern const uint8_t native_instructions[] __attribute__((visibility("hidden")));

static uintptr_t entry = (uintptr_t)native_instructions;

static long call_at(uintptr_t address, const long number, const long a[6])
{
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = a[3];
    register long r8 __asm__("r8") = a[4];
    register long r9 __asm__("r9") = a[5];
    __asm__ volatile("call *%[address]"
                     : "=a"(result)
                     : [address] "r"(address), "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]),
                       "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#else
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a[0];
    register long x1 __asm__("x1") = a[1];
    register long x2 __asm__("x2") = a[2];
    register long x3 __asm__("x3") = a[3];
    register long x4 __asm__("x4") = a[4];
    register long x5 __asm__("x5") = a[5];
    __asm__ volatile("blr %[address]"
                     : "+r"(x0)
                     : [address] "r"(address), "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "x30", "memory", "cc");
    return x0;
#endif
}

bool native_prepare(void)
{
    long size = sysconf(_SC_PAGESIZE);
    void *wanted = (void *)(uintptr_t)NATIVE_PAGE;
    void *page = mmap(wanted, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (page != wanted) {
        // Kernels that do not know MAP_FIXED_NOREPLACE take the address as a hint.
        if (page != MAP_FAILED)
            munmap(page, size);
        return false;
    }
    memcpy(page, native_instructions, NATIVE_INSTRUCTIONS_SIZE);
    __builtin___clear_cache((char *)page, (char *)page + NATIVE_INSTRUCTIONS_SIZE);
    if (mprotect(page, size, PROT_READ | PROT_EXEC) != 0)
        return false;
    entry = (uintptr_t)page;
    return true;
}

long native_call(long number, long a, long b, long c, long d, long e, long f)
{
    return call_at(entry, number, (const long[6]){a, b, c, d, e, f});
}

long native_call_here(long number, long a, long b)
{
    return call_at((uintptr_t)native_instructions, number, (const long[6]){a, b});
}

void native_read_call(const ucontext_t *context, struct call *call)
{
#if defined(__x86_64__)
    static const int registers[6] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
    call->number = context->uc_mcontext.gregs[REG_RAX];
    for (int i = 0; i < 6; i++)
        call->arguments[i] = context->uc_mcontext.gregs[registers[i]];
#else
    call->number = (long)context->uc_mcontext.regs[8];
    for (int i = 0; i < 6; i++)
        call->arguments[i] = (long)context->uc_mcontext.regs[i];
#endif
}

void native_set_result(ucontext_t *context, long result)
{
#if defined(__x86_64__)
    context->uc_mcontext.gregs[REG_RAX] = result;
#else
    context->uc_mcontext.regs[0] = (unsigned long)result;
#endif
}

#else

bool native_prepare(void)
{
    return false;
}

long native_call(long number, long a, long b, long c, long d, long e, long f)
{
    long result = syscall(number, a, b, c, d, e, f);
    return result == -1 ? -errno : result;
}

long native_call_here(long number, long a, long b)
{
    return native_call(number, a, b, 0, 0, 0, 0);
}

void native_read_call(const ucontext_t *context, struct call *call)
{
    (void)context;
    *call = (struct call){.number = -1};
}

void native_set_result(ucontext_t *context, long result)
{
    (void)context;
    (void)result;
}

#endif

void native_read_text(const char *path, char *text, size_t size)
{
    text[0] = 0;
    long file = NATIVE(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    long length = NATIVE(SYS_read, file, text, size - 1);
    NATIVE(SYS_close, file);
    text[length > 0 ? length : 0] = 0;
}
