/* What is inside of a plain stanza. */

#include "cutter.h"

#include "element.h"
#include "meaning.h"

/* Whether all of `data` is one plain stanza. */
static bool is_stanza(Cutter *self, PyObject *data, Tree *tree) {
    char *at;
    Py_ssize_t length;
    Stanza stanza;
    if (PyBytes_AsStringAndSize(data, &at, &length) < 0)
        return false;
    return plain_look(at, (size_t)length, &self->stream, &stanza, tree) == PLAIN
        && stanza.length == (size_t)length;
}

static PyObject *none_or_error(void) {
    return PyErr_Occurred() ? NULL : none();
}

PyObject *cutter_tree(Cutter *self, PyObject *data) {
    Tree tree;
    if (!is_stanza(self, data, &tree))
        return none_or_error();
    State *state = PyType_GetModuleState(Py_TYPE((PyObject *)self));
    return state ? element_of(state->element, data, (PyObject *)self, &self->shared, &tree) : NULL;
}

static int add_distinct(Span *spans, int count, Span one) {
    for (int i = 0; i < count; i++)
        if (equal(spans[i], one))
            return count;
    spans[count] = one;
    return count + 1;
}

PyObject *cutter_namespaces(Cutter *self, PyObject *data) {
    Tree tree;
    if (!is_stanza(self, data, &tree))
        return none_or_error();
    Span spans[PLAIN_MOST_NODES];
    int count = 0;
    for (int i = 0; i < tree.node_count; i++)
        if (tree.nodes[i].uri.length)
            count = add_distinct(spans, count, tree.nodes[i].uri);
    return shared_tuple(&self->shared, spans, count);
}

static bool is_body(const Stream *stream, const Node *node) {
    static const Span BODY = {"body", 4};
    return equal(node->local, BODY) && plain_is_content(stream, node->uri);
}

/* The text of a body: it is told where there is nothing but text in it, and it is one of the
 * stanza's own namespace. */
static PyObject *text_of_body(const Tree *tree, int place) {
    const Node *node = &tree->nodes[place];
    bool is_usual = node->stop == place + 1 && equal(node->uri, tree->nodes[0].uri);
    return is_usual ? meaning_of(node->text, false) : NULL;
}

PyObject *cutter_bodies(Cutter *self, PyObject *data) {
    Tree tree;
    if (!is_stanza(self, data, &tree))
        return none_or_error();
    PyObject *list = PyList_New(0);
    for (int i = 1; list && i < tree.node_count; i++) {
        if (!is_body(&self->stream, &tree.nodes[i]))
            continue;
        PyObject *text = text_of_body(&tree, i);
        if (!text || PyList_Append(list, text) < 0)
            Py_CLEAR(list);
        Py_XDECREF(text);
    }
    PyObject *bodies = list ? PyList_AsTuple(list) : none_or_error();
    Py_XDECREF(list);
    return bodies;
}
