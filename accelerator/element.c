/* An element is a place in a document, as with lxml: it is made when it is asked for, and knows
 * nothing but where it stands. So a tree costs what is looked at of it. The methods are those of
 * lxml's elements that xmppspy uses, and answer as they do. */

#include "element.h"

#include "meaning.h"

#define USUAL_TAG 256

/* What all elements of one stanza share. */
typedef struct {
    Py_ssize_t users;
    PyObject *data, *owner; /* what the spans point into */
    Shared *shared;
    const Node *nodes;
    const Attribute *attributes;
} Document;

typedef struct {
    PyObject_HEAD
    Document *document;
    int place;
} Element;

/* --- documents -------------------------------------------------------------------------------- */

static Document *new_document(PyObject *data, PyObject *owner, Shared *shared, const Tree *tree) {
    size_t nodes = sizeof(Node) * (size_t)tree->node_count;
    size_t attributes = sizeof(Attribute) * (size_t)tree->attribute_count;
    char *room = PyMem_Malloc(sizeof(Document) + nodes + attributes);
    if (!room)
        return (Document *)PyErr_NoMemory();
    Document *document = (Document *)room;
    memcpy(room + sizeof *document, tree->nodes, nodes);
    memcpy(room + sizeof *document + nodes, tree->attributes, attributes);
    Py_INCREF(data);
    Py_INCREF(owner);
    *document = (Document){
        0, data, owner, shared,
        (Node *)(room + sizeof *document), (Attribute *)(room + sizeof *document + nodes),
    };
    return document;
}

static void leave(Document *document) {
    if (--document->users > 0)
        return;
    Py_DECREF(document->data);
    Py_DECREF(document->owner);
    PyMem_Free(document);
}

static PyObject *element_at(PyTypeObject *type, Document *document, int place) {
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Element *element = (Element *)allocate(type, 0);
    if (!element)
        return NULL;
    document->users++;
    element->document = document;
    element->place = place;
    return (PyObject *)element;
}

PyObject *element_of(PyObject *type, PyObject *data, PyObject *owner, Shared *shared, const Tree *tree) {
    Document *document = new_document(data, owner, shared, tree);
    if (!document)
        return NULL;
    document->users++;
    PyObject *root = element_at((PyTypeObject *)type, document, 0);
    leave(document);
    return root;
}

static void element_dealloc(Element *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    leave(self->document);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static const Node *node_of(const Element *self) {
    return &self->document->nodes[self->place];
}

static PyObject *other(const Element *self, int place) {
    return element_at(Py_TYPE((PyObject *)self), self->document, place);
}

/* --- names ------------------------------------------------------------------------------------ */

/* `{uri}local`, as a new reference. */
static PyObject *name_of(Shared *shared, Span uri, Span local) {
    if (!uri.length)
        return shared_text(shared, local);
    char name[USUAL_TAG];
    size_t length = uri.length + local.length + 2;
    if (length > sizeof name)
        return PyUnicode_FromFormat("{%.*s}%.*s", (int)uri.length, uri.at, (int)local.length, local.at);
    name[0] = '{';
    memcpy(name + 1, uri.at, uri.length);
    name[1 + uri.length] = '}';
    memcpy(name + 2 + uri.length, local.at, local.length);
    return shared_text(shared, (Span){name, length});
}

/* What is asked for: a name as above, or with `*` for any namespace, any local name, or both. */
typedef struct {
    Span uri, local;
    bool any_uri, any_local;
} Pattern;

static bool is_star(Span span) {
    return span.length == 1 && *span.at == '*';
}

static bool read_pattern(PyObject *name, Pattern *pattern) {
    Py_ssize_t size;
    const char *at = PyUnicode_AsUTF8AndSize(name, &size);
    if (!at)
        return false;
    size_t length = (size_t)size;
    const char *brace = length && *at == '{' ? memchr(at, '}', length) : NULL;
    pattern->uri = brace ? (Span){at + 1, (size_t)(brace - at - 1)} : (Span){"", 0};
    pattern->local = brace ? (Span){brace + 1, (size_t)(at + length - brace - 1)} : (Span){at, length};
    pattern->any_local = is_star(pattern->local);
    pattern->any_uri = brace ? is_star(pattern->uri) : pattern->any_local;
    return true;
}

static bool is_meant(const Pattern *pattern, Span uri, Span local) {
    return (pattern->any_local || equal(pattern->local, local))
        && (pattern->any_uri || equal(pattern->uri, uri));
}

/* --- what it says ----------------------------------------------------------------------------- */

static PyObject *element_tag(Element *self, void *unused) {
    (void)unused;
    const Node *node = node_of(self);
    return name_of(self->document->shared, node->uri, node->local);
}

static PyObject *element_text(Element *self, void *unused) {
    (void)unused;
    Span text = node_of(self)->text;
    return text.length ? meaning_of(text, false) : none();
}

static PyObject *element_tail(Element *self, void *unused) {
    (void)unused;
    Span tail = node_of(self)->tail;
    return tail.length ? meaning_of(tail, false) : none();
}

static PyObject *element_get(Element *self, PyObject *arguments) {
    PyObject *name, *instead = Py_None;
    Pattern pattern;
    if (!PyArg_ParseTuple(arguments, "U|O:get", &name, &instead) || !read_pattern(name, &pattern))
        return NULL;
    const Node *node = node_of(self);
    const Attribute *attribute = &self->document->attributes[node->attributes];
    for (int i = 0; i < node->attribute_count; i++, attribute++)
        if (equal(attribute->local, pattern.local) && equal(attribute->uri, pattern.uri))
            return meaning_of(attribute->value, true);
    Py_INCREF(instead);
    return instead;
}

static PyObject *item_of(Shared *shared, const Attribute *attribute) {
    PyObject *name = name_of(shared, attribute->uri, attribute->local);
    PyObject *value = name ? meaning_of(attribute->value, true) : NULL;
    PyObject *item = value ? PyTuple_Pack(2, name, value) : NULL;
    Py_XDECREF(name);
    Py_XDECREF(value);
    return item;
}

/* Append what was made, if it was, to a list; forget the list otherwise. */
static void append(PyObject **list, PyObject *made) {
    if (!made || PyList_Append(*list, made) < 0)
        Py_CLEAR(*list);
    Py_XDECREF(made);
}

static PyObject *element_items(Element *self, PyObject *unused) {
    (void)unused;
    const Node *node = node_of(self);
    PyObject *list = PyList_New(0);
    for (int i = 0; list && i < node->attribute_count; i++)
        append(&list, item_of(self->document->shared, &self->document->attributes[node->attributes + i]));
    return list;
}

/* --- others around it ------------------------------------------------------------------------- */

static bool is_among(PyObject *patterns, const Node *node, bool *failed) {
    Py_ssize_t count = PyTuple_Size(patterns);
    for (Py_ssize_t i = 0; i < count; i++) {
        Pattern pattern;
        if (!read_pattern(PyTuple_GetItem(patterns, i), &pattern)) {
            *failed = true;
            return false;
        }
        if (is_meant(&pattern, node->uri, node->local))
            return true;
    }
    return !count;
}

/* The elements from `first` on inside of this one that have one of the names: all of them, or its
 * children; a list. */
static PyObject *found(Element *self, PyObject *patterns, int first, bool all) {
    const Node *nodes = self->document->nodes;
    int stop = nodes[self->place].stop;
    bool failed = false;
    PyObject *list = PyList_New(0);
    for (int at = first; list && at < stop; at = all ? at + 1 : nodes[at].stop) {
        if (is_among(patterns, &nodes[at], &failed))
            append(&list, other(self, at));
        if (failed)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *through(PyObject *list) {
    PyObject *iterator = list ? PyObject_GetIter(list) : NULL;
    Py_XDECREF(list);
    return iterator;
}

static PyObject *element_iter(Element *self, PyObject *patterns) {
    return through(found(self, patterns, self->place, true));
}

static PyObject *element_iterchildren(Element *self, PyObject *patterns) {
    return through(found(self, patterns, self->place + 1, false));
}

static PyObject *children(Element *self) {
    const Node *nodes = self->document->nodes;
    int stop = nodes[self->place].stop;
    PyObject *list = PyList_New(0);
    for (int at = self->place + 1; list && at < stop; at = nodes[at].stop)
        append(&list, other(self, at));
    return list;
}

static PyObject *element_children(Element *self) {
    return through(children(self));
}

static PyObject *element_at_key(Element *self, PyObject *key) {
    PyObject *list = children(self);
    PyObject *wanted = list ? PyObject_GetItem(list, key) : NULL;
    Py_XDECREF(list);
    return wanted;
}

static Py_ssize_t element_length(Element *self) {
    const Node *nodes = self->document->nodes;
    Py_ssize_t count = 0;
    for (int at = self->place + 1; at < nodes[self->place].stop; at = nodes[at].stop)
        count++;
    return count;
}

static PyObject *element_getparent(Element *self, PyObject *unused) {
    (void)unused;
    int parent = node_of(self)->parent;
    return parent < 0 ? none() : other(self, parent);
}

/* --- being the same --------------------------------------------------------------------------- */

static PyObject *element_compare(Element *self, PyObject *one, int operation) {
    if (Py_TYPE(one) != Py_TYPE((PyObject *)self) || (operation != Py_EQ && operation != Py_NE)) {
        Py_INCREF(Py_NotImplemented);
        return Py_NotImplemented;
    }
    const Element *element = (const Element *)one;
    bool same = self->document == element->document && self->place == element->place;
    return PyBool_FromLong(same == (operation == Py_EQ));
}

static Py_hash_t element_hash(Element *self) {
    return (Py_hash_t)((size_t)self->document >> 4) + self->place;
}

/* --- the class -------------------------------------------------------------------------------- */

static PyGetSetDef PROPERTIES[] = {
    {"tag", (getter)element_tag, NULL, "Its name: `{namespace}local`.", NULL},
    {"text", (getter)element_text, NULL, "What stands in front of its first child, or None.", NULL},
    {"tail", (getter)element_tail, NULL, "What stands behind its end, or None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef METHODS[] = {
    {"get", (PyCFunction)element_get, METH_VARARGS, "get(name, default=None): an attribute."},
    {"items", (PyCFunction)element_items, METH_NOARGS, "Its attributes, in order."},
    {"iter", (PyCFunction)element_iter, METH_VARARGS, "iter(*tags): itself and all inside of it."},
    {"iterchildren", (PyCFunction)element_iterchildren, METH_VARARGS, "iterchildren(*tags)."},
    {"getparent", (PyCFunction)element_getparent, METH_NOARGS, "What it stands in, or None."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot SLOTS[] = {
    {Py_tp_dealloc, (void *)element_dealloc},
    {Py_tp_getset, PROPERTIES},
    {Py_tp_methods, METHODS},
    {Py_tp_iter, (void *)element_children},
    {Py_mp_subscript, (void *)element_at_key},
    {Py_mp_length, (void *)element_length},
    {Py_tp_richcompare, (void *)element_compare},
    {Py_tp_hash, (void *)element_hash},
    {Py_tp_doc, (void *)"An element of a plain stanza."},
    {0, NULL},
};

static PyType_Spec SPEC = {
    .name = "xmppspy.protocol._accelerator.Element",
    .basicsize = sizeof(Element),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = SLOTS,
};

PyObject *element_type(PyObject *module) {
    return PyType_FromModuleAndSpec(module, &SPEC, NULL);
}
