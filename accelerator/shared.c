#include "shared.h"

#include <stdint.h>
#include <string.h>

#define LONG 128 /* bytes; longer ones hardly come again */

static size_t mixed(size_t hash, size_t more) {
    return (hash ^ more) * (size_t)0x9E3779B97F4A7C15u;
}

static size_t hash_of(Span span) {
    size_t hash = span.length, at = 0;
    for (uint64_t eight; at + sizeof eight <= span.length; at += sizeof eight) {
        memcpy(&eight, span.at + at, sizeof eight);
        hash = mixed(hash, (size_t)eight);
    }
    uint64_t rest = 0;
    memcpy(&rest, span.at + at, span.length - at);
    hash = mixed(hash, (size_t)rest);
    return hash ^ hash >> 29; /* the low bits of a product know little of the high ones */
}

static bool is_text(PyObject *text, Span span) {
    Py_ssize_t length;
    const char *at = PyUnicode_AsUTF8AndSize(text, &length);
    return at && (size_t)length == span.length && memcmp(at, span.at, span.length) == 0;
}

static PyObject *made(Span span) {
    return PyUnicode_DecodeUTF8(span.at, (Py_ssize_t)span.length, "strict");
}

PyObject *shared_text(Shared *shared, Span span) {
    if (!span.at)
        return none();
    if (span.length > LONG)
        return made(span);
    PyObject **place = &shared->texts[hash_of(span) % SHARED_TEXTS];
    if (!*place || !is_text(*place, span)) {
        PyObject *text = made(span);
        if (!text)
            return NULL;
        Py_XDECREF(*place);
        *place = text;
    }
    Py_INCREF(*place);
    return *place;
}

static bool is_tuple_of(PyObject *tuple, PyObject *const *texts, int count) {
    if (PyTuple_Size(tuple) != count)
        return false;
    for (int i = 0; i < count; i++)
        if (PyTuple_GetItem(tuple, i) != texts[i])
            return false;
    return true;
}

static PyObject *tuple_of(PyObject *const *texts, int count) {
    PyObject *tuple = PyTuple_New(count);
    for (int i = 0; tuple && i < count; i++) {
        Py_INCREF(texts[i]);
        PyTuple_SetItem(tuple, i, texts[i]); /* of a new tuple, within its size: it cannot fail */
    }
    return tuple;
}

PyObject *shared_tuple(Shared *shared, const Span *spans, int count) {
    PyObject *texts[SHARED_MOST];
    size_t hash = (size_t)count;
    int done = 0;
    for (; done < count && (texts[done] = shared_text(shared, spans[done])); done++)
        hash = mixed(hash, (size_t)texts[done] >> 4);
    PyObject *tuple = NULL;
    if (done == count) {
        PyObject **place = &shared->tuples[(hash ^ hash >> 29) % SHARED_TUPLES];
        if (!*place || !is_tuple_of(*place, texts, count)) {
            Py_XDECREF(*place);
            *place = tuple_of(texts, count);
        }
        tuple = *place;
        Py_XINCREF(tuple);
    }
    while (done)
        Py_DECREF(texts[--done]);
    return tuple;
}

void shared_clear(Shared *shared) {
    for (int i = 0; i < SHARED_TEXTS; i++)
        Py_CLEAR(shared->texts[i]);
    for (int i = 0; i < SHARED_TUPLES; i++)
        Py_CLEAR(shared->tuples[i]);
}
