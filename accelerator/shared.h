/* Python's strings and tuples that come again and again, made once: kinds, addresses, namespaces. */

#ifndef XMPPSPY_SHARED_H
#define XMPPSPY_SHARED_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "plain.h"

#define SHARED_TEXTS 256
#define SHARED_TUPLES 64
#define SHARED_MOST 128 /* strings in one tuple */

/* What was made last, by a hash of what it is; zeroed, nothing is there. */
typedef struct {
    PyObject *texts[SHARED_TEXTS];
    PyObject *tuples[SHARED_TUPLES];
} Shared;

static inline PyObject *none(void) {
    Py_INCREF(Py_None);
    return Py_None;
}

/* A string, as a new reference; None where there is no span. */
PyObject *shared_text(Shared *shared, Span span);

/* A tuple of such strings, as a new reference; `count` is SHARED_MOST at most. */
PyObject *shared_tuple(Shared *shared, const Span *spans, int count);

void shared_clear(Shared *shared);

#endif
