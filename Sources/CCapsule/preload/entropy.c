/// The kernel's random bytes, drawn from the seed of the page.
///
/// Each thread has a stream of its own, so that what one draws does not depend on the others. It
/// starts anew with every epoch: a take that draws more than before does not shift the next ones.

#include "preload.h"

#include <errno.h>
#include <string.h>

#include "native.h"
#include "next.h"

static uint64_t mix(uint64_t value)
{
    // The finalizer of SplitMix64.
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9ull;
    value = (value ^ value >> 27) * 0x94D049BB133111EBull;
    return value ^ value >> 31;
}

static uint64_t stream_nonce(void)
{
    uint64_t nonce = process.images;
    for (int depth = 0; depth < CAPSULE_BIRTH_STEPS && self.birth[depth]; depth++)
        nonce = mix(nonce + 0x9E3779B97F4A7C15ull + self.birth[depth]);
    return nonce;
}

static struct stream *current_stream(void)
{
    struct stream *stream = &self.stream;
    uint64_t epoch = atomic_load_explicit(&process.entropy->entropy_epoch, memory_order_acquire);
    if (LIKELY(stream->ready && stream->epoch == epoch))
        return stream;
    birth_ensure();
    stream->nonce = stream_nonce();
    stream->epoch = epoch;
    stream->block = 0;
    stream->used = sizeof stream->buffer;
    stream->ready = true;
    return stream;
}

void entropy_fill(void *bytes, size_t count)
{
    struct stream *stream = current_stream();
    uint8_t *to = bytes;
    while (count) {
        if (stream->used == sizeof stream->buffer) {
            uint64_t counter = stream->epoch << 32 | (uint32_t)stream->block++;
            chacha_block(stream->buffer, process.entropy->seed, counter, stream->nonce);
            stream->used = 0;
        }
        size_t part = sizeof stream->buffer - stream->used;
        if (part > count)
            part = count;
        memcpy(to, stream->buffer + stream->used, part);
        stream->used += (uint32_t)part;
        to += part;
        count -= part;
    }
}

// MARK: Interposed functions

EXPORTED ssize_t getrandom(void *bytes, size_t count, unsigned flags)
{
    if (process.entropy) {
        entropy_fill(bytes, count);
        return (ssize_t)count;
    }
    return next()->syscall(SYS_getrandom, bytes, count, flags);
}

EXPORTED int getentropy(void *bytes, size_t count)
{
    if (count > 256) {
        errno = EIO;
        return -1;
    }
    for (size_t done = 0; done < count;) {
        ssize_t part = getrandom((uint8_t *)bytes + done, count - done, 0);
        if (part < 0 && errno != EINTR)
            return -1;
        done += part > 0 ? (size_t)part : 0;
    }
    return 0;
}

EXPORTED void arc4random_buf(void *bytes, size_t count)
{
    uint8_t *to = bytes;
    for (size_t done = 0; done < count;) {
        size_t part = count - done < 256 ? count - done : 256;
        if (getentropy(to + done, part) != 0)
            __builtin_trap();
        done += part;
    }
}

EXPORTED uint32_t arc4random(void)
{
    uint32_t number;
    arc4random_buf(&number, sizeof number);
    return number;
}

EXPORTED uint32_t arc4random_uniform(uint32_t bound)
{
    if (bound < 2)
        return 0;
    // Numbers below 2^32 mod bound are drawn again, so that all remainders are as likely.
    uint32_t least = -bound % bound;
    uint32_t number;
    do
        number = arc4random();
    while (number < least);
    return number % bound;
}
