/// Who a thread is, in numbers that are the same in every run.

#include "preload.h"

#include <string.h>

#include "native.h"

enum {
    /// Threads that came by no known way: their own count follows.
    STRANGER = 0xFFFF,
    /// An ordinal that needs another step: 0xFFFE and the rest. It keeps the order of births.
    LONG_ORDINAL = 0xFFFE,
};

static void append_step(uint16_t birth[CAPSULE_BIRTH_STEPS], uint16_t step)
{
    int depth = 0;
    while (depth < CAPSULE_BIRTH_STEPS && birth[depth])
        depth++;
    if (depth < CAPSULE_BIRTH_STEPS - 1) {
        birth[depth] = step;
        birth[depth + 1] = 0;
        return;
    }
    // Too deep for the page: fold the steps that do not fit into the last one.
    uint32_t folded = birth[CAPSULE_BIRTH_STEPS - 2] * 40503u + step;
    birth[CAPSULE_BIRTH_STEPS - 2] = (uint16_t)(folded % (LONG_ORDINAL - 1) + 1);
}

void birth_append(uint16_t birth[CAPSULE_BIRTH_STEPS], uint32_t ordinal)
{
    while (ordinal >= LONG_ORDINAL) {
        append_step(birth, LONG_ORDINAL);
        ordinal -= LONG_ORDINAL - 1;
    }
    append_step(birth, (uint16_t)ordinal);
}

void birth_append_stranger(uint16_t birth[CAPSULE_BIRTH_STEPS])
{
    append_step(birth, STRANGER);
    birth_append(birth, atomic_fetch_add(&process.strangers, 1) + 1);
}

void birth_next(uint16_t child[CAPSULE_BIRTH_STEPS])
{
    birth_ensure();
    memcpy(child, self.birth, sizeof self.birth);
    birth_append(child, ++self.children);
}

void birth_ensure(void)
{
    if (LIKELY(self.tid))
        return;
    self.tid = (int32_t)NATIVE(SYS_gettid);
    memcpy(self.birth, process.birth, sizeof self.birth);
    birth_append_stranger(self.birth);
}

void birth_fork(const uint16_t birth[CAPSULE_BIRTH_STEPS])
{
    process.pid = (int32_t)NATIVE(SYS_getpid);
    process.main = &self;
    process.images = 0;
    atomic_store(&process.strangers, 0);
    memcpy(process.birth, birth, sizeof process.birth);
    memcpy(self.birth, birth, sizeof self.birth);
    self.tid = process.pid;
    self.children = 0;
    self.stream.ready = false;
}

const char *birth_parse(uint16_t birth[CAPSULE_BIRTH_STEPS], const char *text)
{
    memset(birth, 0, sizeof(uint16_t) * CAPSULE_BIRTH_STEPS);
    for (int depth = 0; depth < CAPSULE_BIRTH_STEPS - 1; depth++) {
        uint32_t step = 0;
        for (; *text >= '0' && *text <= '9'; text++)
            step = step * 10 + (uint32_t)(*text - '0');
        birth[depth] = (uint16_t)step;
        if (*text != '.')
            break;
        text++;
    }
    return text;
}

char *decimal_format(char *text, uint64_t number)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (count)
        *text++ = digits[--count];
    return text;
}

char *birth_format(char *text, const uint16_t birth[CAPSULE_BIRTH_STEPS])
{
    for (int depth = 0; depth < CAPSULE_BIRTH_STEPS && birth[depth]; depth++) {
        if (depth)
            *text++ = '.';
        text = decimal_format(text, birth[depth]);
    }
    return text;
}
