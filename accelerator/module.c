/* What Python sees of the accelerator. Only the stable ABI is used (PEP 384). */

#include "cutter.h"

#include <stdlib.h>

#include "element.h"
#include "line.h"

#define WORTH_RELEASING 4096 /* bytes; for fewer of them, others need not get the interpreter */

/* The fields of a frame in Python, in the order in which `frame_of` fills them. */
static const char *const FIELDS[FIELD_COUNT] = {
    "kind", "data", "offset", "context", "xmlns", "type", "id", "from_", "to", "ns", "flaw", "plain",
};

/* --- what a cutter is made of ----------------------------------------------------------------- */

static int keep(Cutter *self, PyObject *bytes, Span *span) {
    char *at;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(bytes, &at, &length) < 0)
        return -1;
    *span = (Span){at, (size_t)length};
    return PyList_Append(self->kept, bytes);
}

static int too_many(void) {
    PyErr_SetString(PyExc_ValueError, "more than the accelerator has room for");
    return -1;
}

static int take_content(Cutter *self, PyObject *list) {
    Py_ssize_t count = PyList_Size(list);
    if (count < 0)
        return -1;
    if (count > PLAIN_MOST_CONTENT)
        return too_many();
    for (Py_ssize_t i = 0; i < count; i++)
        if (keep(self, PyList_GetItem(list, i), &self->stream.content[self->stream.content_count++]) < 0)
            return -1;
    return 0;
}

static int take_prefixes(Cutter *self, PyObject *dict) {
    PyObject *prefix, *uri;
    Py_ssize_t position = 0;
    Stream *stream = &self->stream;
    while (PyDict_Next(dict, &position, &prefix, &uri)) {
        if (stream->prefix_count == PLAIN_MOST_PREFIXES)
            return too_many();
        int i = stream->prefix_count++;
        if (keep(self, prefix, &stream->prefixes[i]) < 0 || keep(self, uri, &stream->uris[i]) < 0)
            return -1;
    }
    return 0;
}

static int take_words(Cutter *self, Words *words, PyObject *list) {
    Py_ssize_t count = PyList_Size(list);
    if (count < 0)
        return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        Span word;
        if (keep(self, PyList_GetItem(list, i), &word) < 0)
            return -1;
        if (!words_add(words, word))
            return too_many();
    }
    self->stream.watches = self->stream.watches || count;
    return 0;
}

static PyObject *cutter_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
    static char *names[] = {"default", "content", "default_is_content", "prefixes", "elements",
                            "assigned", "namespaces", NULL};
    PyObject *space, *content, *prefixes, *elements, *assigned, *namespaces;
    int default_is_content;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "SO!pO!O!O!O!:Cutter", names, &space,
                                     &PyList_Type, &content, &default_is_content, &PyDict_Type, &prefixes,
                                     &PyList_Type, &elements, &PyList_Type, &assigned, &PyList_Type,
                                     &namespaces))
        return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Cutter *self = (Cutter *)allocate(type, 0);
    if (!self)
        return NULL;
    self->stream.default_is_content = default_is_content;
    self->kept = PyList_New(0);
    if (!self->kept || keep(self, space, &self->stream.space) < 0
        || take_content(self, content) < 0 || take_prefixes(self, prefixes) < 0
        || take_words(self, &self->stream.elements, elements) < 0
        || take_words(self, &self->stream.assigned, assigned) < 0
        || take_words(self, &self->stream.namespaces, namespaces) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void forget_type(Cutter *self) {
    for (size_t i = 0; i < FIELD_COUNT; i++)
        Py_CLEAR(self->fields[i]);
    Py_CLEAR(self->type);
}

static void cutter_dealloc(Cutter *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    Py_XDECREF(self->kept);
    forget_type(self);
    shared_clear(&self->shared);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* --- its methods ------------------------------------------------------------------------------ */

/* The bytes of `buffer` from `start` on. */
static int bytes_from(const Py_buffer *buffer, Py_ssize_t start, Span *span) {
    if (start < 0 || start > buffer->len) {
        PyErr_SetString(PyExc_ValueError, "start is outside of the buffer");
        return -1;
    }
    *span = (Span){(const char *)buffer->buf + start, (size_t)(buffer->len - start)};
    return 0;
}

static size_t least(size_t one, Py_ssize_t limit) {
    return one < (size_t)limit ? one : (size_t)limit;
}

static PyObject *cutter_skim(Cutter *self, PyObject *arguments) {
    Py_buffer buffer;
    Py_ssize_t start, limit, count = 0;
    Span left;
    if (!PyArg_ParseTuple(arguments, "y*nn:skim", &buffer, &start, &limit))
        return NULL;
    if (limit < 0 || bytes_from(&buffer, start, &left) < 0) {
        PyBuffer_Release(&buffer);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "a negative limit");
    }
    Stanza stanza;
    while (left.length && plain_read(left.at, least(left.length, limit), &self->stream, &stanza) == PLAIN) {
        left.at += stanza.length;
        left.length -= stanza.length;
        start += (Py_ssize_t)stanza.length;
        count++;
    }
    PyBuffer_Release(&buffer);
    return Py_BuildValue("nn", count, start);
}

static PyObject *text_of(Span span) {
    if (!span.at)
        return none();
    return PyUnicode_DecodeUTF8(span.at, (Py_ssize_t)span.length, "strict");
}

/* The slots of a class of frames; nobody can set them in Python, because a frame is frozen. */
static int learn_type(Cutter *self, PyObject *type) {
    if (self->type == type)
        return 0;
    forget_type(self);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        self->fields[i] = PyObject_GetAttrString(type, FIELDS[i]);
        if (!self->fields[i])
            return -1;
        if (Py_TYPE(self->fields[i]) != Py_TYPE(self->fields[0]))
            return PyErr_SetString(PyExc_TypeError, "the fields of a frame are slots"), -1;
    }
    self->set = (descrsetfunc)PyType_GetSlot(Py_TYPE(self->fields[0]), Py_tp_descr_set);
    if (!self->set)
        return PyErr_SetString(PyExc_TypeError, "the fields of a frame are slots"), -1;
    Py_INCREF(type);
    self->type = type;
    return 0;
}

static int fill(Cutter *self, PyObject *frame, PyObject **values) {
    int failed = 0;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        failed = failed || !values[i] || self->set(self->fields[i], frame, values[i]) < 0;
        Py_XDECREF(values[i]);
    }
    return failed ? -1 : 0;
}

static PyObject *yes(void) {
    Py_INCREF(Py_True);
    return Py_True;
}

static PyObject *frame_of(Cutter *self, const char *at, const Stanza *stanza, Py_ssize_t offset,
                          PyObject *context) {
    PyTypeObject *type = (PyTypeObject *)self->type;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    PyObject *frame = allocate(type, 0);
    if (!frame)
        return NULL;
    Py_INCREF(context);
    Shared *shared = &self->shared;
    PyObject *values[FIELD_COUNT] = {
        shared_text(shared, stanza->kind), PyBytes_FromStringAndSize(at, (Py_ssize_t)stanza->length),
        PyLong_FromSsize_t(offset), context, none(), shared_text(shared, stanza->type),
        text_of(stanza->id), shared_text(shared, stanza->from), shared_text(shared, stanza->to),
        shared_tuple(shared, stanza->namespaces, stanza->namespace_count), none(), yes(),
    };
    if (fill(self, frame, values) < 0)
        Py_CLEAR(frame);
    return frame;
}

static int append_frames(Cutter *self, PyObject *list, Span left, Py_ssize_t limit, Py_ssize_t most,
                         Py_ssize_t offset, PyObject *context) {
    Stanza stanza;
    while (most-- && left.length
           && plain_read(left.at, least(left.length, limit), &self->stream, &stanza) == PLAIN) {
        PyObject *frame = frame_of(self, left.at, &stanza, offset, context);
        int failed = !frame || PyList_Append(list, frame) < 0;
        Py_XDECREF(frame);
        if (failed)
            return -1;
        left.at += stanza.length;
        left.length -= stanza.length;
        offset += (Py_ssize_t)stanza.length;
    }
    return 0;
}

static PyObject *cutter_frames(Cutter *self, PyObject *arguments) {
    Py_buffer buffer;
    Py_ssize_t start, limit, most, offset;
    PyObject *context, *type;
    Span left;
    if (!PyArg_ParseTuple(arguments, "y*nnnnOO!:frames", &buffer, &start, &limit, &most, &offset,
                          &context, &PyType_Type, &type))
        return NULL;
    PyObject *list = PyList_New(0);
    if (limit < 0 || most < 0)
        PyErr_SetString(PyExc_ValueError, "a negative limit");
    else if (list && bytes_from(&buffer, start, &left) == 0 && learn_type(self, type) == 0)
        append_frames(self, list, left, limit, most, offset, context);
    PyBuffer_Release(&buffer);
    if (PyErr_Occurred())
        Py_CLEAR(list);
    return list;
}

/* Write all stanzas in `data`; returns where reading has stopped, which is its end. */
static size_t write_lines(const Stream *stream, Span data, unsigned long long n, Span middle, Text *text) {
    size_t at = 0;
    Stanza stanza;
    while (at < data.length) {
        const char *from = data.at + at;
        if (plain_read(from, data.length - at, stream, &stanza) != PLAIN)
            break;
        line_append(text, n++, middle, from, &stanza);
        at += stanza.length;
    }
    return at;
}

static PyObject *cutter_lines(Cutter *self, PyObject *arguments) {
    char *data, *between;
    Py_ssize_t length, between_length;
    unsigned long long n;
    PyObject *bytes, *middle;
    if (!PyArg_ParseTuple(arguments, "SKS:lines", &bytes, &n, &middle)
        || PyBytes_AsStringAndSize(bytes, &data, &length) < 0
        || PyBytes_AsStringAndSize(middle, &between, &between_length) < 0)
        return NULL;
    Text text = {NULL, 0, 0, false};
    PyThreadState *state = length < WORTH_RELEASING ? NULL : PyEval_SaveThread();
    size_t stop = write_lines(&self->stream, (Span){data, (size_t)length}, n,
                              (Span){between, (size_t)between_length}, &text);
    if (state)
        PyEval_RestoreThread(state);
    PyObject *lines = NULL;
    if (text.failed)
        PyErr_NoMemory();
    else if (stop != (size_t)length)
        PyErr_SetString(PyExc_ValueError, "these are not all plain stanzas");
    else
        lines = PyBytes_FromStringAndSize(text.data, (Py_ssize_t)text.length);
    free(text.data);
    return lines;
}

/* --- the module ------------------------------------------------------------------------------- */

static PyMethodDef METHODS[] = {
    {"skim", (PyCFunction)cutter_skim, METH_VARARGS,
     "skim(buffer, start, limit): how many plain stanzas stand there in a row, and where they end."},
    {"frames", (PyCFunction)cutter_frames, METH_VARARGS,
     "frames(buffer, start, limit, most, offset, context, type): the plain stanzas as frames."},
    {"tree", (PyCFunction)cutter_tree, METH_O,
     "tree(data): the root of the one plain stanza that data is, or None."},
    {"namespaces", (PyCFunction)cutter_namespaces, METH_O,
     "namespaces(data): of all its elements, or None."},
    {"bodies", (PyCFunction)cutter_bodies, METH_O,
     "bodies(data): the texts of its bodies, those of its own namespace, or None."},
    {"lines", (PyCFunction)cutter_lines, METH_VARARGS,
     "lines(data, n, middle): the lines of a capture for plain stanzas, numbered from n on."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot SLOTS[] = {
    {Py_tp_new, (void *)cutter_new},
    {Py_tp_dealloc, (void *)cutter_dealloc},
    {Py_tp_methods, METHODS},
    {Py_tp_doc, (void *)"Finds plain stanzas in the bytes of one stream."},
    {0, NULL},
};

static PyType_Spec SPEC = {
    .name = "xmppspy.protocol._accelerator.Cutter",
    .basicsize = sizeof(Cutter),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = SLOTS,
};

static int execute(PyObject *module) {
    State *state = PyModule_GetState(module);
    state->element = element_type(module);
    PyObject *type = PyType_FromModuleAndSpec(module, &SPEC, NULL);
    int failed = !state->element || !type || PyModule_AddObjectRef(module, "Element", state->element) < 0
        || PyModule_AddObjectRef(module, "Cutter", type) < 0;
    Py_XDECREF(type);
    return failed ? -1 : 0;
}

static int visit(PyObject *module, visitproc visit, void *arg) {
    Py_VISIT(((State *)PyModule_GetState(module))->element);
    return 0;
}

static int clear(PyObject *module) {
    Py_CLEAR(((State *)PyModule_GetState(module))->element);
    return 0;
}

static PyModuleDef_Slot MODULE_SLOTS[] = {
    {Py_mod_exec, (void *)execute},
    {0, NULL},
};

static PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_accelerator",
    .m_doc = "The fast way through the usual stanzas; `xmppspy.protocol.accelerator` tells more.",
    .m_size = sizeof(State),
    .m_slots = MODULE_SLOTS,
    .m_traverse = visit,
    .m_clear = clear,
};

PyMODINIT_FUNC PyInit__accelerator(void) {
    return PyModuleDef_Init(&MODULE);
}
