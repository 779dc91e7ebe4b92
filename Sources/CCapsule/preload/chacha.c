/// ChaCha20 with a 64-bit counter and a 64-bit nonce, as first published by D. J. Bernstein.

#include "preload.h"

#include <string.h>

static uint32_t rotate(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

static void quarter_round(uint32_t state[16], int a, int b, int c, int d)
{
    state[a] += state[b];
    state[d] = rotate(state[d] ^ state[a], 16);
    state[c] += state[d];
    state[b] = rotate(state[b] ^ state[c], 12);
    state[a] += state[b];
    state[d] = rotate(state[d] ^ state[a], 8);
    state[c] += state[d];
    state[b] = rotate(state[b] ^ state[c], 7);
}

static void twenty_rounds(uint32_t state[16])
{
    for (int round = 0; round < 20; round += 2) {
        for (int column = 0; column < 4; column++)
            quarter_round(state, column, column + 4, column + 8, column + 12);
        for (int column = 0; column < 4; column++)
            quarter_round(state, column, 4 + (column + 1) % 4, 8 + (column + 2) % 4,
                          12 + (column + 3) % 4);
    }
}

static uint32_t load_word(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16
           | (uint32_t)bytes[3] << 24;
}

static void store_word(uint8_t bytes[4], uint32_t word)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(word >> (8 * i));
}

void chacha_block(uint8_t block[64], const uint8_t key[32], uint64_t counter, uint64_t nonce)
{
    uint32_t initial[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};  // expand 32-byte k
    for (int i = 0; i < 8; i++)
        initial[4 + i] = load_word(key + 4 * i);
    initial[12] = (uint32_t)counter;
    initial[13] = (uint32_t)(counter >> 32);
    initial[14] = (uint32_t)nonce;
    initial[15] = (uint32_t)(nonce >> 32);
    uint32_t state[16];
    memcpy(state, initial, sizeof state);
    twenty_rounds(state);
    for (int i = 0; i < 16; i++)
        store_word(block + 4 * i, state[i] + initial[i]);
}
