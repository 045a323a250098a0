/* A cutter: what finds the plain stanzas of one stream, as Python sees it. */

#ifndef XMPPSPY_CUTTER_H
#define XMPPSPY_CUTTER_H

#include "shared.h"

#define FIELD_COUNT 12 /* of a frame */

typedef struct {
    PyObject_HEAD
    Stream stream;
    PyObject *kept; /* the bytes objects that `stream` points into */
    Shared shared;
    PyObject *type;                /* of frames, as it was asked for last */
    PyObject *fields[FIELD_COUNT]; /* its slots, */
    descrsetfunc set;              /* and how they are set */
} Cutter;

/* What the module keeps. */
typedef struct {
    PyObject *element; /* the class */
} State;

/* Looks at the one plain stanza that `data` is; None where it is none. */
PyObject *cutter_tree(Cutter *self, PyObject *data);
PyObject *cutter_namespaces(Cutter *self, PyObject *data);
PyObject *cutter_bodies(Cutter *self, PyObject *data);

#endif
