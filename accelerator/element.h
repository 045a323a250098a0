/* Elements of a plain stanza, as Python sees them. */

#ifndef XMPPSPY_ELEMENT_H
#define XMPPSPY_ELEMENT_H

#include "shared.h"

/* The class; a new reference. */
PyObject *element_type(PyObject *module);

/* The root of a tree, as an element of that class. The spans of the tree point into `data`, or into
 * what `owner` keeps, which owns `shared`, too. */
PyObject *element_of(PyObject *type, PyObject *data, PyObject *owner, Shared *shared, const Tree *tree);

#endif
