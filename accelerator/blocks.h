/* Sixteen bytes at a time, where the processor can; elsewhere these do nothing. */

#ifndef XMPPSPY_BLOCKS_H
#define XMPPSPY_BLOCKS_H

#include <stddef.h>

#if defined(__SSE2__)

#include <emmintrin.h>

#define BLOCK 16

static inline __m128i block_at(const char *at) {
    return _mm_loadu_si128((const __m128i *)at);
}

static inline __m128i block_has(__m128i block, char byte) {
    return _mm_cmpeq_epi8(block, _mm_set1_epi8(byte));
}

/* Control characters, and whatever is not ASCII: that is negative. */
static inline __m128i block_odd(__m128i block) {
    return _mm_cmplt_epi8(block, _mm_set1_epi8(' '));
}

/* Skip what may stand in character data, or in a value, without a second look. */
static inline const char *skip_blocks(const char *at, const char *end, char quote) {
    for (; end - at >= BLOCK; at += BLOCK) {
        __m128i block = block_at(at), found = block_odd(block);
        found = _mm_or_si128(found, block_has(block, '<'));
        found = _mm_or_si128(found, block_has(block, '='));
        found = _mm_or_si128(found, block_has(block, '%'));
        found = _mm_or_si128(found, block_has(block, '&'));
        found = _mm_or_si128(found, block_has(block, ']'));
        found = _mm_or_si128(found, block_has(block, quote));
        int mask = _mm_movemask_epi8(found);
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
    return at;
}

/* Copy what may stand in a JSON string as it is; returns how many bytes that were. */
static inline size_t copy_blocks(char *to, const char *from, size_t length) {
    size_t at = 0;
    for (; length - at >= BLOCK; at += BLOCK) {
        __m128i block = block_at(from + at), found = block_odd(block);
        found = _mm_or_si128(found, block_has(block, '"'));
        found = _mm_or_si128(found, block_has(block, '\\'));
        found = _mm_or_si128(found, block_has(block, 0x7F));
        int mask = _mm_movemask_epi8(found);
        /* There is room for it: every byte may become six. */
        _mm_storeu_si128((__m128i *)(to + at), block);
        if (mask)
            return at + (size_t)__builtin_ctz((unsigned)mask);
    }
    return at;
}

#else

static inline const char *skip_blocks(const char *at, const char *end, char quote) {
    (void)end, (void)quote;
    return at;
}

static inline size_t copy_blocks(char *to, const char *from, size_t length) {
    (void)to, (void)from, (void)length;
    return 0;
}

#endif
#endif
