/// The pages of the program's own files, read before it begins.
///
/// Programs take turns on one processor: each keeps it until it waits. One that has to wait for the
/// disk in the middle of its work lets the others in at a place that the state of the page cache
/// chooses, and an agent that reads from it finds one end of a pipe ready instead of two.

#include "preload.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "native.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

enum {
    /// Of a larger part most is never used, and the first run would read all of it.
    LARGEST_PART = 8 << 20,
};

static int read_object(struct dl_phdr_info *object, size_t size, void *context)
{
    (void)size;
    const uintptr_t page = *(const uintptr_t *)context;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || part->p_filesz > LARGEST_PART)
            continue;
        uintptr_t start = object->dlpi_addr + part->p_vaddr;
        uintptr_t end = start + part->p_filesz;
        start &= ~(page - 1);
        // Kernels before 5.14 do not know how; then the disk may interfere as it did.
        NATIVE(SYS_madvise, start, end - start, MADV_POPULATE_READ);
    }
    return 0;
}

void pages_read(void)
{
    uintptr_t page = getauxval(AT_PAGESZ);
    dl_iterate_phdr(read_object, &page);
}
