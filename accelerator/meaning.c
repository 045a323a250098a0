#include "meaning.h"

#include <string.h>

static const struct {
    const char *written;
    char meant;
} ENTITIES[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

/* The character of the entity at `at`, which is one of the five. */
static char entity_at(const char *at, size_t left, size_t *length) {
    for (size_t i = 0; i < sizeof ENTITIES / sizeof *ENTITIES; i++) {
        *length = strlen(ENTITIES[i].written);
        if (*length <= left && memcmp(at, ENTITIES[i].written, *length) == 0)
            return ENTITIES[i].meant;
    }
    *length = 1;
    return *at;
}

static bool means_itself(Span written, bool is_value) {
    if (memchr(written.at, '&', written.length) || memchr(written.at, '\r', written.length))
        return false;
    return !is_value
        || !(memchr(written.at, '\n', written.length) || memchr(written.at, '\t', written.length));
}

static size_t translate(char *to, Span written, bool is_value) {
    const char *at = written.at, *end = at + written.length, *start = to;
    while (at < end) {
        size_t length = 1;
        char meant = *at == '&' ? entity_at(at, (size_t)(end - at), &length) : *at;
        bool is_pair = *at == '\r' && end - at > 1 && at[1] == '\n';
        at += is_pair ? 2 : length;
        if (meant == '\r')
            meant = '\n';
        if (is_value && length == 1 && (meant == '\n' || meant == '\t'))
            meant = ' ';
        *to++ = meant;
    }
    return (size_t)(to - start);
}

PyObject *meaning_of(Span written, bool is_value) {
    if (!written.length || means_itself(written, is_value))
        return PyUnicode_DecodeUTF8(written.at, (Py_ssize_t)written.length, "strict");
    char *meant = PyMem_Malloc(written.length);
    if (!meant)
        return PyErr_NoMemory();
    size_t length = translate(meant, written, is_value);
    PyObject *text = PyUnicode_DecodeUTF8(meant, (Py_ssize_t)length, "strict");
    PyMem_Free(meant);
    return text;
}
