/* Words that are looked for. */

#ifndef XMPPSPY_WORDS_H
#define XMPPSPY_WORDS_H

#include "plain.h"

static unsigned char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + 32) : (unsigned char)byte;
}

static unsigned ending(char last, char least) {
    return (unsigned)lower(last) << 8 | lower(least);
}

static bool same(const char *at, Span word) {
    for (size_t i = 0; i < word.length; i++)
        if (lower(at[i]) != (unsigned char)word.at[i])
            return false;
    return true;
}

/* Whether one of the words ends in front of `stop`, or, with `whole`, is all from `start` on. */
static bool is_watched(const Words *words, const char *start, const char *stop, bool whole) {
    size_t length = (size_t)(stop - start);
    if (length < 2)
        return false;
    unsigned two = ending(stop[-2], stop[-1]);
    if (!(words->endings[two / 8] >> two % 8 & 1))
        return false;
    for (int i = 0; i < words->count; i++) {
        Span word = words->words[i];
        if (word.length > length || (whole && word.length != length))
            continue;
        if (same(stop - word.length, word))
            return true;
    }
    return false;
}

#endif
