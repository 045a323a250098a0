/* The reader of plain stanzas, as far as names, character data and values; tags are in plain.c. */

#ifndef XMPPSPY_TEXT_H
#define XMPPSPY_TEXT_H

#include <string.h>

#include "blocks.h"
#include "words.h"

#define MOST_DEPTH 64
#define MOST_ATTRIBUTES 24
#define MOST_DECLARATIONS 32

/* --- classes of bytes ------------------------------------------------------------------------- */

enum {
    NAME_START = 1,  /* may begin a name, or what is behind its colon */
    NAME = 2,        /* may go on in a name */
    SPACE = 4,       /* white space between attributes */
    TEXT = 8,        /* needs no second look in character data */
    DOUBLE = 16,     /* the same between double quotes */
    SINGLE = 32,     /* the same between single quotes */
};

#define LETTER (NAME_START | NAME | TEXT | DOUBLE | SINGLE)
#define INNER (NAME | TEXT | DOUBLE | SINGLE)
#define USUAL (TEXT | DOUBLE | SINGLE)

static const unsigned char CLASS[256] = {
    ['\t'] = SPACE | TEXT, ['\n'] = SPACE | TEXT, ['\r'] = SPACE | TEXT, [' '] = SPACE | USUAL,
    ['!'] = USUAL, ['"'] = TEXT | SINGLE, ['#'] = USUAL, ['$'] = USUAL,
    ['\''] = TEXT | DOUBLE, ['('] = USUAL, [')'] = USUAL, ['*'] = USUAL, ['+'] = USUAL,
    [','] = USUAL, ['-'] = INNER, ['.'] = INNER, ['/'] = USUAL,
    ['0'] = INNER, ['1'] = INNER, ['2'] = INNER, ['3'] = INNER, ['4'] = INNER, ['5'] = INNER,
    ['6'] = INNER, ['7'] = INNER, ['8'] = INNER, ['9'] = INNER,
    [':'] = USUAL, [';'] = USUAL, ['>'] = USUAL, ['?'] = USUAL, ['@'] = USUAL,
    ['A'] = LETTER, ['B'] = LETTER, ['C'] = LETTER, ['D'] = LETTER, ['E'] = LETTER, ['F'] = LETTER,
    ['G'] = LETTER, ['H'] = LETTER, ['I'] = LETTER, ['J'] = LETTER, ['K'] = LETTER, ['L'] = LETTER,
    ['M'] = LETTER, ['N'] = LETTER, ['O'] = LETTER, ['P'] = LETTER, ['Q'] = LETTER, ['R'] = LETTER,
    ['S'] = LETTER, ['T'] = LETTER, ['U'] = LETTER, ['V'] = LETTER, ['W'] = LETTER, ['X'] = LETTER,
    ['Y'] = LETTER, ['Z'] = LETTER, ['['] = USUAL, ['\\'] = USUAL, ['^'] = USUAL, ['_'] = LETTER,
    ['`'] = USUAL, ['a'] = LETTER, ['b'] = LETTER, ['c'] = LETTER, ['d'] = LETTER, ['e'] = LETTER,
    ['f'] = LETTER, ['g'] = LETTER, ['h'] = LETTER, ['i'] = LETTER, ['j'] = LETTER, ['k'] = LETTER,
    ['l'] = LETTER, ['m'] = LETTER, ['n'] = LETTER, ['o'] = LETTER, ['p'] = LETTER, ['q'] = LETTER,
    ['r'] = LETTER, ['s'] = LETTER, ['t'] = LETTER, ['u'] = LETTER, ['v'] = LETTER, ['w'] = LETTER,
    ['x'] = LETTER, ['y'] = LETTER, ['z'] = LETTER, ['{'] = USUAL, ['|'] = USUAL, ['}'] = USUAL,
    ['~'] = USUAL, [0x7F] = USUAL,
    /* Looked at a second time: = % & < ] and everything that is not ASCII. */
};

#define IS(byte, class) (CLASS[(unsigned char)(byte)] & (class))

/* --- the reader ------------------------------------------------------------------------------- */

typedef struct {
    Span prefix, uri;
} Declaration;

typedef struct {
    Span name;        /* as it is written, prefix included */
    Span space;       /* the default namespace inside of it */
    int declarations; /* how many are in force outside of it */
    Node *node;       /* the same in the tree, if there is one */
} Open;

typedef struct {
    const char *start, *at, *end;
    const Stream *stream;
    Stanza *stanza;
    Open open[MOST_DEPTH];
    int depth;
    Declaration declarations[MOST_DECLARATIONS];
    int declared;
    Tree *tree;      /* where all elements go, if they are wanted */
    Span *next_text; /* where the next character data goes then */
    Outcome failure; /* why reading has stopped */
} Reader;

typedef struct {
    Span name, local; /* as it is written, and behind the colon */
    bool prefixed;
} Name;

static bool stop(Reader *reader, Outcome why) {
    reader->failure = why;
    return false;
}

/* Whether there is another byte; more may come when there is none. */
static bool has(Reader *reader) {
    return reader->at < reader->end || stop(reader, UNFINISHED);
}

static bool expect(Reader *reader, char byte) {
    if (!has(reader))
        return false;
    return *reader->at++ == byte || stop(reader, OTHER);
}

#define IS_WORD(span, word) \
    ((span).length == sizeof word - 1 && memcmp((span).at, word, sizeof word - 1) == 0)

#define BEGINS(span, word) \
    ((span).length >= sizeof word - 1 && memcmp((span).at, word, sizeof word - 1) == 0)

static bool read_part(Reader *reader) {
    if (!has(reader))
        return false;
    if (!IS(*reader->at, NAME_START))
        return stop(reader, OTHER);
    const char *at = reader->at + 1;
    while (at < reader->end && IS(*at, NAME))
        at++;
    reader->at = at;
    return has(reader); /* a name that ends where the bytes end may go on */
}

static bool read_name(Reader *reader, Name *name) {
    const char *start = reader->at;
    if (!read_part(reader))
        return false;
    name->local.at = start;
    name->prefixed = *reader->at == ':';
    if (name->prefixed) {
        name->local.at = ++reader->at;
        if (!read_part(reader))
            return false;
        if (*reader->at == ':')
            return stop(reader, OTHER);
    }
    name->name = (Span){start, (size_t)(reader->at - start)};
    name->local.length = (size_t)(reader->at - name->local.at);
    return true;
}

static Span prefix_of(const Name *name) {
    return (Span){name->name.at, name->name.length - name->local.length - 1};
}

/* --- character data and values ---------------------------------------------------------------- */

/* One character that is not ASCII, in UTF-8, and none that XML forbids. */
static bool read_character(Reader *reader) {
    const unsigned char *at = (const unsigned char *)reader->at;
    size_t left = (size_t)(reader->end - reader->at);
    size_t length = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    if (at[0] < 0xC2 || at[0] > 0xF4)
        return stop(reader, OTHER);
    for (size_t i = 1; i < length; i++) {
        if (i == left)
            return stop(reader, UNFINISHED);
        if ((at[i] & 0xC0) != 0x80)
            return stop(reader, OTHER);
    }
    bool overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
    bool surrogate = at[0] == 0xED && at[1] > 0x9F;
    bool beyond = at[0] == 0xF4 && at[1] > 0x8F;
    bool forbidden = at[0] == 0xEF && at[1] == 0xBF && at[2] > 0xBD;
    if (overlong || surrogate || beyond || forbidden)
        return stop(reader, OTHER);
    reader->at += length;
    return true;
}

/* One of the five entities; references by number may hide something, and are not plain. */
static bool read_entity(Reader *reader) {
    static const char *const ENTITIES[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    size_t left = (size_t)(reader->end - reader->at);
    for (size_t i = 0; i < sizeof ENTITIES / sizeof *ENTITIES; i++) {
        size_t length = strlen(ENTITIES[i]);
        if (memcmp(reader->at, ENTITIES[i], length < left ? length : left))
            continue;
        if (left < length)
            return stop(reader, UNFINISHED);
        reader->at += length;
        return true;
    }
    return stop(reader, OTHER);
}

static bool is_after_watched(Reader *reader, const char *start) {
    if (!reader->stream->watches || reader->at == start)
        return false;
    return IS(reader->at[-1], SPACE)
        || is_watched(&reader->stream->assigned, start, reader->at, false);
}

/* Whether a quotation mark and a watched namespace are behind this `=`, as far as can be seen. */
static bool is_before_watched(Reader *reader) {
    const Words *namespaces = &reader->stream->namespaces;
    const char *at = reader->at + 1;
    if (at == reader->end)
        return namespaces->count > 0;
    if (*at != '"' && *at != '\'')
        return false;
    size_t left = (size_t)(reader->end - at - 1);
    for (int i = 0; i < namespaces->count; i++) {
        Span word = namespaces->words[i];
        if (memcmp(at + 1, word.at, word.length < left ? word.length : left) == 0)
            return true;
    }
    return false;
}

/* A byte that needs a second look, in character data that began at `start`. */
static bool read_special(Reader *reader, const char *start) {
    unsigned char byte = (unsigned char)*reader->at;
    size_t left = (size_t)(reader->end - reader->at);
    switch (byte) {
    case '&':
        return read_entity(reader);
    case '=':
        if (is_after_watched(reader, start) || is_before_watched(reader))
            return stop(reader, OTHER);
        break;
    case '%':
        if (left < 2)
            return stop(reader, UNFINISHED);
        if (reader->stream->watches && reader->at[1] == '3')
            return stop(reader, OTHER);
        break;
    case ']':
        if (left < 2 || (reader->at[1] == ']' && left < 3))
            return stop(reader, UNFINISHED);
        if (reader->at[1] == ']' && reader->at[2] == '>')
            return stop(reader, OTHER);
        break;
    default:
        return byte >= 0x80 ? read_character(reader) : stop(reader, OTHER);
    }
    reader->at++;
    return true;
}

/* Character data up to the next `<`. */
static bool read_text(Reader *reader) {
    const char *start = reader->at;
    for (;;) {
        const char *at = skip_blocks(reader->at, reader->end, '<');
        while (at < reader->end && IS(*at, TEXT))
            at++;
        reader->at = at;
        if (!has(reader))
            return false;
        if (*at == '<')
            return true;
        if (!read_special(reader, start))
            return false;
    }
}

static bool read_value(Reader *reader, Span *value, bool *simple) {
    if (!has(reader))
        return false;
    char quote = *reader->at;
    if (quote != '"' && quote != '\'')
        return stop(reader, OTHER);
    unsigned class = quote == '"' ? DOUBLE : SINGLE;
    const char *start = ++reader->at;
    *simple = true;
    for (;;) {
        const char *at = skip_blocks(reader->at, reader->end, quote);
        while (at < reader->end && IS(*at, class))
            at++;
        reader->at = at;
        if (!has(reader))
            return false;
        if (*at == quote)
            break;
        if (*at == '<')
            return stop(reader, OTHER);
        if (*at == '&')
            *simple = false; /* its value is not what is written */
        if (IS(*at, SPACE)) {
            *simple = false;
            reader->at++;
        } else if (!read_special(reader, start)) {
            return false;
        }
    }
    *value = (Span){start, (size_t)(reader->at - start)};
    reader->at++;
    return true;
}

#endif
