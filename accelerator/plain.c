#include "plain.h"

#include "blocks.h"

#include <stdint.h>
#include <string.h>

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

/* --- words ------------------------------------------------------------------------------------ */

static unsigned char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + 32) : (unsigned char)byte;
}

static unsigned ending(char last, char least) {
    return (unsigned)lower(last) << 8 | lower(least);
}

bool words_add(Words *words, Span word) {
    if (words->count == PLAIN_MOST_WORDS || word.length < 2)
        return false;
    unsigned two = ending(word.at[word.length - 2], word.at[word.length - 1]);
    words->words[words->count++] = word;
    words->endings[two / 8] |= (unsigned char)(1u << two % 8);
    return true;
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

/* --- the reader ------------------------------------------------------------------------------- */

typedef struct {
    Span prefix, uri;
} Declaration;

typedef struct {
    Span name;        /* as it is written, prefix included */
    Span space;       /* the default namespace inside of it */
    int declarations; /* how many are in force outside of it */
} Open;

typedef struct {
    const char *start, *at, *end;
    const Stream *stream;
    Stanza *stanza;
    Open open[MOST_DEPTH];
    int depth;
    Declaration declarations[MOST_DECLARATIONS];
    int declared;
    Inside *inside;     /* what is told of all elements, if that is wanted */
    const char *body;   /* where the text of the `body` begins that is open */
    Outcome failure;    /* why reading has stopped */
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

static bool equal(Span one, Span other) {
    return one.length == other.length && memcmp(one.at, other.at, one.length) == 0;
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
    if (at < reader->end && *at != '"' && *at != '\'')
        return false;
    size_t left = at < reader->end ? (size_t)(reader->end - at - 1) : 0;
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

/* --- tags ------------------------------------------------------------------------------------- */

typedef struct {
    Name names[MOST_ATTRIBUTES];
    int count;
    Span xmlns; /* the default namespace that is declared */
} Attributes;

static bool is_new(const Attributes *attributes, const Name *name) {
    for (int i = 0; i < attributes->count; i++) {
        const Name *other = &attributes->names[i];
        if (equal(other->name, name->name))
            return false;
        /* Two prefixes may stand for one namespace. */
        if (other->prefixed && name->prefixed && equal(other->local, name->local))
            return false;
    }
    return true;
}

static bool is_plain_namespace(Span uri, bool simple) {
    for (size_t i = 0; i < uri.length; i++)
        if (uri.at[i] <= ' ' || uri.at[i] >= 0x7F)
            return false;
    return simple && !BEGINS(uri, "http://www.w3.org/XML") && !BEGINS(uri, "http://www.w3.org/2000/xmlns");
}

static bool is_watched_namespace(const Stream *stream, Span value) {
    for (int i = 0; i < stream->namespaces.count; i++) {
        Span word = stream->namespaces.words[i];
        /* Their ends differ more than their beginnings. */
        size_t last = word.length - 1;
        if (value.length > last && value.at[last] == word.at[last]
            && memcmp(value.at, word.at, last) == 0)
            return true;
    }
    return false;
}

static bool declare(Reader *reader, Attributes *attributes, const Name *name, Span uri) {
    if (!name->prefixed) {
        attributes->xmlns = uri;
        return true;
    }
    bool reserved = IS_WORD(name->local, "xml") || IS_WORD(name->local, "xmlns");
    if (reserved || !uri.length || reader->declared == MOST_DECLARATIONS)
        return stop(reader, OTHER);
    reader->declarations[reader->declared++] = (Declaration){name->local, uri};
    return true;
}

static void tell(Stanza *stanza, Span name, Span value) {
    if (IS_WORD(name, "id"))
        stanza->id = value;
    else if (IS_WORD(name, "to"))
        stanza->to = value;
    else if (IS_WORD(name, "from"))
        stanza->from = value;
    else if (IS_WORD(name, "type"))
        stanza->type = value;
}

static bool is_told(Span name) {
    return IS_WORD(name, "id") || IS_WORD(name, "to") || IS_WORD(name, "from") || IS_WORD(name, "type");
}

static bool read_attribute(Reader *reader, Attributes *attributes) {
    Name name;
    Span value;
    bool simple;
    if (!read_name(reader, &name))
        return false;
    const Stream *stream = reader->stream;
    if (attributes->count == MOST_ATTRIBUTES || !is_new(attributes, &name))
        return stop(reader, OTHER);
    if (stream->watches && is_watched(&stream->assigned, name.name.at, reader->at, false))
        return stop(reader, OTHER);
    attributes->names[attributes->count++] = name;
    if (!expect(reader, '=') || !read_value(reader, &value, &simple))
        return false;
    if (stream->watches && is_watched_namespace(stream, value))
        return stop(reader, OTHER);
    bool declares = name.prefixed ? IS_WORD(prefix_of(&name), "xmlns") : IS_WORD(name.name, "xmlns");
    if (declares)
        return is_plain_namespace(value, simple) ? declare(reader, attributes, &name, value)
                                                 : stop(reader, OTHER);
    if (!reader->depth && is_told(name.name)) {
        if (!simple)
            return stop(reader, OTHER);
        tell(reader->stanza, name.name, value);
    }
    return true;
}

static bool skip_space(Reader *reader) {
    while (reader->at < reader->end && IS(*reader->at, SPACE))
        reader->at++;
    return has(reader);
}

static bool read_attributes(Reader *reader, Attributes *attributes) {
    for (;;) {
        const char *behind = reader->at;
        if (!skip_space(reader))
            return false;
        if (*reader->at == '>' || *reader->at == '/')
            return true;
        if (reader->at == behind)
            return stop(reader, OTHER);
        if (!read_attribute(reader, attributes))
            return false;
    }
}

static const Span *resolve(const Reader *reader, Span prefix) {
    for (int i = reader->declared; i-- > 0;)
        if (equal(reader->declarations[i].prefix, prefix))
            return &reader->declarations[i].uri;
    const Stream *stream = reader->stream;
    for (int i = 0; i < stream->prefix_count; i++)
        if (equal(stream->prefixes[i], prefix))
            return stream->uris[i].length ? &stream->uris[i] : NULL;
    return NULL;
}

static bool are_resolved(Reader *reader, const Attributes *attributes) {
    for (int i = 0; i < attributes->count; i++) {
        const Name *name = &attributes->names[i];
        if (!name->prefixed)
            continue;
        Span prefix = prefix_of(name);
        if (!IS_WORD(prefix, "xmlns") && !IS_WORD(prefix, "xml") && !resolve(reader, prefix))
            return stop(reader, OTHER);
    }
    return true;
}

static bool is_content(const Stream *stream, Span uri) {
    for (int i = 0; i < stream->content_count; i++)
        if (equal(stream->content[i], uri))
            return true;
    return false;
}

static bool take_note(Reader *reader, Span uri) {
    Stanza *stanza = reader->stanza;
    if (!uri.length || is_content(reader->stream, uri))
        return true;
    for (int i = 0; i < stanza->namespace_count; i++)
        if (equal(stanza->namespaces[i], uri))
            return true;
    if (stanza->namespace_count == PLAIN_MOST_NAMESPACES)
        return stop(reader, OTHER);
    stanza->namespaces[stanza->namespace_count++] = uri;
    return true;
}

static bool is_among(const Span *spans, int count, Span one) {
    for (int i = 0; i < count; i++)
        if (equal(spans[i], one))
            return true;
    return false;
}

/* Take note of an element anywhere in the stanza, whose namespace is `own`. */
static bool look_at(Reader *reader, Span local, Span own) {
    Inside *inside = reader->inside;
    if (reader->body)
        return stop(reader, OTHER); /* its text is not in one piece */
    if (own.length && !is_among(inside->namespaces, inside->namespace_count, own)) {
        if (inside->namespace_count == PLAIN_MOST_INSIDE)
            return stop(reader, OTHER);
        inside->namespaces[inside->namespace_count++] = own;
    }
    if (!IS_WORD(local, "body") || !reader->depth || !is_content(reader->stream, own))
        return true;
    if (!equal(own, inside->namespaces[0]) || inside->body_count == PLAIN_MOST_INSIDE)
        return stop(reader, OTHER);
    reader->body = reader->at;
    return true;
}

static void end_body(Reader *reader, const char *behind) {
    if (reader->body)
        reader->inside->bodies[reader->inside->body_count++] =
            (Span){reader->body, (size_t)(behind - reader->body)};
    reader->body = NULL;
}

/* The stanza's own tag: a message, presence or iq of the content namespace. */
static bool is_stanza(Reader *reader, const Name *name, const Attributes *attributes) {
    const Stream *stream = reader->stream;
    bool known = IS_WORD(name->name, "message") || IS_WORD(name->name, "presence")
        || IS_WORD(name->name, "iq");
    bool content = attributes->xmlns.at ? is_content(stream, attributes->xmlns)
                                        : stream->default_is_content;
    reader->stanza->kind = name->name;
    return (known && content) || stop(reader, OTHER);
}

/* The default namespace inside of an element with these attributes. */
static Span space_in(const Reader *reader, const Attributes *attributes) {
    if (attributes->xmlns.at)
        return attributes->xmlns;
    return reader->depth ? reader->open[reader->depth - 1].space : reader->stream->space;
}

static bool place(Reader *reader, const Name *name, const Attributes *attributes, Span space) {
    Span own = space;
    if (name->prefixed) {
        const Span *uri = resolve(reader, prefix_of(name));
        if (!uri)
            return stop(reader, OTHER);
        own = *uri;
    }
    if (!reader->depth && !is_stanza(reader, name, attributes))
        return false;
    if (reader->depth == 1 && !take_note(reader, own))
        return false;
    return !reader->inside || look_at(reader, name->local, own);
}

static bool read_start_tag(Reader *reader) {
    Name name;
    Attributes attributes;
    attributes.count = 0;
    attributes.xmlns = (Span){NULL, 0};
    int declared = reader->declared;
    if (!read_name(reader, &name))
        return false;
    const Stream *stream = reader->stream;
    if (stream->watches && is_watched(&stream->elements, name.local.at, reader->at, true))
        return stop(reader, OTHER);
    if (!read_attributes(reader, &attributes) || !are_resolved(reader, &attributes))
        return false;
    Span space = space_in(reader, &attributes);
    if (!place(reader, &name, &attributes, space))
        return false;
    bool is_empty = *reader->at++ == '/';
    if (is_empty && !expect(reader, '>'))
        return false;
    if (reader->body)
        reader->body = reader->at;
    if (is_empty) {
        end_body(reader, reader->at);
        reader->declared = declared;
        return true;
    }
    if (reader->depth == MOST_DEPTH)
        return stop(reader, OTHER);
    reader->open[reader->depth++] = (Open){name.name, space, declared};
    return true;
}

static bool read_end_tag(Reader *reader) {
    Open *open = &reader->open[reader->depth - 1];
    size_t left = (size_t)(reader->end - reader->at);
    if (left <= open->name.length)
        return stop(reader, UNFINISHED);
    if (memcmp(reader->at, open->name.at, open->name.length))
        return stop(reader, OTHER);
    end_body(reader, reader->at - 2); /* of nothing else: no element may be in it */
    reader->at += open->name.length;
    if (!skip_space(reader) || !expect(reader, '>'))
        return false;
    reader->declared = open->declarations;
    reader->depth--;
    return true;
}

static bool read_tag(Reader *reader) {
    if (!expect(reader, '<') || !has(reader))
        return false;
    if (*reader->at != '/')
        return read_start_tag(reader);
    reader->at++;
    return reader->depth ? read_end_tag(reader) : stop(reader, OTHER);
}

Outcome plain_look(const char *data, size_t length, const Stream *stream, Stanza *stanza, Inside *inside) {
    Reader reader;
    reader.inside = inside;
    reader.body = NULL;
    if (inside)
        inside->namespace_count = inside->body_count = 0;
    reader.start = reader.at = data;
    reader.end = data + length;
    reader.stream = stream;
    reader.stanza = stanza;
    reader.depth = reader.declared = 0;
    memset(stanza, 0, offsetof(Stanza, namespaces));
    stanza->namespace_count = 0;
    do {
        if (!read_tag(&reader))
            return reader.failure;
    } while (reader.depth && read_text(&reader));
    if (reader.depth)
        return reader.failure;
    stanza->length = (size_t)(reader.at - data);
    return PLAIN;
}

Outcome plain_read(const char *data, size_t length, const Stream *stream, Stanza *stanza) {
    return plain_look(data, length, stream, stanza, NULL);
}
