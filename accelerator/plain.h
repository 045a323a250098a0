/* Plain stanzas: those of which one look at the bytes tells that nothing is wrong with them.
 *
 * The scanner is stricter than XML. It knows the usual form of a message, a presence or an iq and
 * says OTHER of everything else: of whatever is wrong, and of much that is not (comments, CDATA
 * sections, names that are not ASCII, ...). What it says OTHER of is read by the framer in Python,
 * and judged by expat. So it can only err by letting pass what those would not, and that is what
 * the tests look for.
 *
 * Nothing here knows Python; `module.c` does.
 */

#ifndef XMPPSPY_PLAIN_H
#define XMPPSPY_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define PLAIN_MOST_NAMESPACES 16
#define PLAIN_MOST_PREFIXES 16
#define PLAIN_MOST_CONTENT 8
#define PLAIN_MOST_WORDS 256
#define PLAIN_MOST_NODES 128
#define PLAIN_MOST_VALUES 256

typedef struct {
    const char *at;
    size_t length;
} Span;

static inline bool equal(Span one, Span other) {
    return one.length == other.length && (!one.length || memcmp(one.at, other.at, one.length) == 0);
}

/* What a stanza says; spans point into its bytes, and are `{NULL, 0}` where there is nothing. */
typedef struct {
    Span kind;
    Span type, id, from, to;
    Span namespaces[PLAIN_MOST_NAMESPACES]; /* of its children: foreign ones, distinct, in order */
    int namespace_count;
    size_t length; /* of the stanza */
} Stanza;

/* An attribute, other than the declarations of namespaces. */
typedef struct {
    Span uri, local;
    Span value; /* as it is written: with entities, and line breaks that stand for spaces */
} Attribute;

/* An element. */
typedef struct {
    Span uri, local;
    Span text, tail; /* in front of its first child, and behind its end; as they are written */
    int parent;      /* its place in the tree, or -1 */
    int stop;        /* behind its last descendant */
    int attributes, attribute_count;
} Node;

/* All elements of a stanza, in the order of their start tags. */
typedef struct {
    Node nodes[PLAIN_MOST_NODES];
    Attribute attributes[PLAIN_MOST_VALUES];
    int node_count, attribute_count;
} Tree;

/* Words that are looked for without regard to case; each is in lower case. */
typedef struct {
    Span words[PLAIN_MOST_WORDS];
    int count;
    unsigned char endings[256 * 256 / 8]; /* a bit for each two bytes that a word ends in */
} Words;

/* The stream that stanzas stand in, and what makes one of them special. */
typedef struct {
    bool default_is_content; /* whether an element that says nothing is in the content namespace */
    Span space;              /* the default namespace */
    Span content[PLAIN_MOST_CONTENT]; /* the namespaces that count as content */
    int content_count;
    Span prefixes[PLAIN_MOST_PREFIXES], uris[PLAIN_MOST_PREFIXES];
    int prefix_count;
    Words elements;   /* names of elements: a stanza with one of them is not plain */
    Words assigned;   /* what may not end in front of a `=`, anywhere */
    Words namespaces; /* what no attribute's value may begin with; as they are written */
    bool watches;     /* whether those words matter */
} Stream;

typedef enum { PLAIN, UNFINISHED, OTHER } Outcome;

/* Read the stanza that `data` begins with. `stanza` is filled where the outcome is PLAIN. */
Outcome plain_read(const char *data, size_t length, const Stream *stream, Stanza *stanza);

/* The same, and what is inside. A stanza with more in it than there is room for is not PLAIN then. */
Outcome plain_look(const char *data, size_t length, const Stream *stream, Stanza *stanza, Tree *tree);

/* Whether a namespace is one of those that stanzas are in. */
bool plain_is_content(const Stream *stream, Span uri);

/* Add a word to a list; false when it is full. The bytes stay the caller's. */
bool words_add(Words *words, Span word);

#endif
