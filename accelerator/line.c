#include "line.h"

#include "blocks.h"

#include <stdlib.h>
#include <string.h>

#define MOST_PER_BYTE 6 /* \u00xx */
#define ROOM_FOR_NUMBER 24

static bool reserve(Text *text, size_t more) {
    if (text->failed)
        return false;
    size_t wanted = text->length + more;
    if (wanted <= text->capacity)
        return true;
    size_t capacity = text->capacity * 2 > wanted ? text->capacity * 2 : wanted;
    char *data = realloc(text->data, capacity);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

static void append(Text *text, const char *data, size_t length) {
    if (reserve(text, length)) {
        memcpy(text->data + text->length, data, length);
        text->length += length;
    }
}

#define APPEND(text, word) append(text, word, sizeof word - 1)

static void append_number(Text *text, unsigned long long number) {
    char digits[ROOM_FOR_NUMBER];
    char *at = digits + sizeof digits;
    do
        *--at = (char)('0' + number % 10);
    while (number /= 10);
    append(text, at, (size_t)(digits + sizeof digits - at));
}

/* --- strings ---------------------------------------------------------------------------------- */

/* What JSON, or the capture format, does not let stand as it is. Of what is not ASCII that may be
 * any byte that begins a character which a terminal obeys. */
static const bool SPECIAL[256] = {
    ['\t'] = true, ['\n'] = true, ['\r'] = true, ['"'] = true, ['\\'] = true, [0x7F] = true,
    [0xC2] = true, [0xD8] = true, [0xE2] = true,
};

static bool is_unsafe(unsigned point) {
    return (point >= 0x7F && point <= 0x9F) || point == 0x061C || point == 0x200E || point == 0x200F
        || (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

/* The character that begins at a special byte; it is whole, as the stanza was read before. */
static unsigned point_at(const unsigned char *at, size_t *length) {
    *length = at[0] < 0x80 ? 1 : at[0] < 0xE0 ? 2 : 3;
    if (*length == 1)
        return at[0];
    if (*length == 2)
        return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
    return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
}

static char *write_escape(char *to, unsigned point) {
    static const char HEX[] = "0123456789abcdef";
    *to++ = '\\';
    if (point == '\t' || point == '\n' || point == '\r' || point == '"' || point == '\\') {
        *to++ = point == '\t' ? 't' : point == '\n' ? 'n' : point == '\r' ? 'r' : (char)point;
        return to;
    }
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *to++ = HEX[point >> shift & 0xF];
    return to;
}

static void append_escaped(Text *text, Span span) {
    const unsigned char *at = (const unsigned char *)span.at, *end = at + span.length;
    if (!reserve(text, span.length * MOST_PER_BYTE))
        return;
    char *to = text->data + text->length;
    while (at < end) {
        size_t usual = copy_blocks(to, (const char *)at, (size_t)(end - at));
        at += usual;
        to += usual;
        while (at < end && !SPECIAL[*at])
            *to++ = (char)*at++;
        if (at == end)
            break;
        size_t length;
        unsigned point = point_at(at, &length);
        if (point < 0x7F || is_unsafe(point)) {
            to = write_escape(to, point);
        } else {
            memcpy(to, at, length);
            to += length;
        }
        at += length;
    }
    text->length = (size_t)(to - text->data);
}

static void append_string(Text *text, Span span) {
    append(text, "\"", 1);
    append_escaped(text, span);
    append(text, "\"", 1);
}

/* --- lines ------------------------------------------------------------------------------------ */

static void append_key(Text *text, const char *key, size_t length, Span value) {
    if (value.at) {
        append(text, key, length);
        append_string(text, value);
    }
}

#define APPEND_KEY(text, key, value) append_key(text, key, sizeof key - 1, value)

static void append_namespaces(Text *text, const Stanza *stanza) {
    if (!stanza->namespace_count)
        return;
    APPEND(text, ",\"ns\":");
    for (int i = 0; i < stanza->namespace_count; i++) {
        append(text, i ? "," : "[", 1);
        append_string(text, stanza->namespaces[i]);
    }
    append(text, "]", 1);
}

void line_append(Text *text, unsigned long long n, Span middle, const char *data, const Stanza *stanza) {
    APPEND(text, "{\"n\":");
    append_number(text, n);
    append(text, middle.at, middle.length);
    APPEND_KEY(text, ",\"kind\":", stanza->kind);
    APPEND_KEY(text, ",\"type\":", stanza->type);
    APPEND_KEY(text, ",\"id\":", stanza->id);
    APPEND_KEY(text, ",\"from\":", stanza->from);
    APPEND_KEY(text, ",\"to\":", stanza->to);
    append_namespaces(text, stanza);
    Span whole = {data, stanza->length};
    APPEND_KEY(text, ",\"xml\":", whole);
    APPEND(text, "}\n");
}
