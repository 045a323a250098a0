#include "plain.h"

#include "text.h"

bool words_add(Words *words, Span word) {
    if (words->count == PLAIN_MOST_WORDS || word.length < 2)
        return false;
    unsigned two = ending(word.at[word.length - 2], word.at[word.length - 1]);
    words->words[words->count++] = word;
    words->endings[two / 8] |= (unsigned char)(1u << two % 8);
    return true;
}

/* --- attributes ------------------------------------------------------------------------------- */

typedef struct {
    Name names[MOST_ATTRIBUTES];
    Span values[MOST_ATTRIBUTES];
    int count;
    Span xmlns; /* the default namespace that is declared */
} Attributes;

static bool is_new(const Attributes *attributes, const Name *name) {
    for (int i = 0; i < attributes->count; i++) {
        const Name *other = &attributes->names[i];
        if (equal(other->name, name->name))
            return false;
        /* Two prefixes may stand for one namespace. */
        if (other->prefixed && name->prefixed && equal(other->local, name->local))
            return false;
    }
    return true;
}

static bool is_plain_namespace(Span uri, bool simple) {
    for (size_t i = 0; i < uri.length; i++)
        if (uri.at[i] <= ' ' || uri.at[i] >= 0x7F)
            return false;
    return simple && !BEGINS(uri, "http://www.w3.org/XML") && !BEGINS(uri, "http://www.w3.org/2000/xmlns");
}

static bool is_watched_namespace(const Stream *stream, Span value) {
    for (int i = 0; i < stream->namespaces.count; i++) {
        Span word = stream->namespaces.words[i];
        /* Their ends differ more than their beginnings. */
        size_t last = word.length - 1;
        if (value.length > last && value.at[last] == word.at[last]
            && memcmp(value.at, word.at, last) == 0)
            return true;
    }
    return false;
}

static bool declare(Reader *reader, Attributes *attributes, const Name *name, Span uri) {
    if (!name->prefixed) {
        attributes->xmlns = uri;
        return true;
    }
    bool reserved = IS_WORD(name->local, "xml") || IS_WORD(name->local, "xmlns");
    if (reserved || !uri.length || reader->declared == MOST_DECLARATIONS)
        return stop(reader, OTHER);
    reader->declarations[reader->declared++] = (Declaration){name->local, uri};
    return true;
}

static void tell(Stanza *stanza, Span name, Span value) {
    if (IS_WORD(name, "id"))
        stanza->id = value;
    else if (IS_WORD(name, "to"))
        stanza->to = value;
    else if (IS_WORD(name, "from"))
        stanza->from = value;
    else if (IS_WORD(name, "type"))
        stanza->type = value;
}

static bool is_told(Span name) {
    return IS_WORD(name, "id") || IS_WORD(name, "to") || IS_WORD(name, "from") || IS_WORD(name, "type");
}

static bool read_attribute(Reader *reader, Attributes *attributes) {
    Name name;
    Span value;
    bool simple;
    if (!read_name(reader, &name))
        return false;
    const Stream *stream = reader->stream;
    if (attributes->count == MOST_ATTRIBUTES || !is_new(attributes, &name))
        return stop(reader, OTHER);
    if (stream->watches && is_watched(&stream->assigned, name.name.at, reader->at, false))
        return stop(reader, OTHER);
    if (!expect(reader, '=') || !read_value(reader, &value, &simple))
        return false;
    attributes->names[attributes->count] = name;
    attributes->values[attributes->count++] = value;
    if (stream->watches && is_watched_namespace(stream, value))
        return stop(reader, OTHER);
    bool declares = name.prefixed ? IS_WORD(prefix_of(&name), "xmlns") : IS_WORD(name.name, "xmlns");
    if (declares)
        return is_plain_namespace(value, simple) ? declare(reader, attributes, &name, value)
                                                 : stop(reader, OTHER);
    if (!reader->depth && is_told(name.name)) {
        if (!simple)
            return stop(reader, OTHER);
        tell(reader->stanza, name.name, value);
    }
    return true;
}

static bool skip_space(Reader *reader) {
    while (reader->at < reader->end && IS(*reader->at, SPACE))
        reader->at++;
    return has(reader);
}

static bool read_attributes(Reader *reader, Attributes *attributes) {
    for (;;) {
        const char *behind = reader->at;
        if (!skip_space(reader))
            return false;
        if (*reader->at == '>' || *reader->at == '/')
            return true;
        if (reader->at == behind)
            return stop(reader, OTHER);
        if (!read_attribute(reader, attributes))
            return false;
    }
}

/* --- namespaces ------------------------------------------------------------------------------- */

static const Span *resolve(const Reader *reader, Span prefix) {
    for (int i = reader->declared; i-- > 0;)
        if (equal(reader->declarations[i].prefix, prefix))
            return &reader->declarations[i].uri;
    const Stream *stream = reader->stream;
    for (int i = 0; i < stream->prefix_count; i++)
        if (equal(stream->prefixes[i], prefix))
            return stream->uris[i].length ? &stream->uris[i] : NULL;
    return NULL;
}

static bool are_resolved(Reader *reader, const Attributes *attributes) {
    for (int i = 0; i < attributes->count; i++) {
        const Name *name = &attributes->names[i];
        if (!name->prefixed)
            continue;
        Span prefix = prefix_of(name);
        if (!IS_WORD(prefix, "xmlns") && !IS_WORD(prefix, "xml") && !resolve(reader, prefix))
            return stop(reader, OTHER);
    }
    return true;
}

bool plain_is_content(const Stream *stream, Span uri) {
    for (int i = 0; i < stream->content_count; i++)
        if (equal(stream->content[i], uri))
            return true;
    return false;
}

static bool take_note(Reader *reader, Span uri) {
    Stanza *stanza = reader->stanza;
    if (!uri.length || plain_is_content(reader->stream, uri))
        return true;
    for (int i = 0; i < stanza->namespace_count; i++)
        if (equal(stanza->namespaces[i], uri))
            return true;
    if (stanza->namespace_count == PLAIN_MOST_NAMESPACES)
        return stop(reader, OTHER);
    stanza->namespaces[stanza->namespace_count++] = uri;
    return true;
}

/* The stanza's own tag: a message, presence or iq of the content namespace. */
static bool is_stanza(Reader *reader, const Name *name, const Attributes *attributes) {
    const Stream *stream = reader->stream;
    bool known = IS_WORD(name->name, "message") || IS_WORD(name->name, "presence")
        || IS_WORD(name->name, "iq");
    bool content = attributes->xmlns.at ? plain_is_content(stream, attributes->xmlns)
                                        : stream->default_is_content;
    reader->stanza->kind = name->name;
    return (known && content) || stop(reader, OTHER);
}

/* The default namespace inside of an element with these attributes. */
static Span space_in(const Reader *reader, const Attributes *attributes) {
    if (attributes->xmlns.at)
        return attributes->xmlns;
    return reader->depth ? reader->open[reader->depth - 1].space : reader->stream->space;
}

/* --- the tree --------------------------------------------------------------------------------- */

static const Span XML = {"http://www.w3.org/XML/1998/namespace", 36};

static bool plant_attribute(Reader *reader, const Name *name, Span value) {
    Tree *tree = reader->tree;
    if (tree->attribute_count == PLAIN_MOST_VALUES)
        return stop(reader, OTHER);
    Span uri = {NULL, 0};
    if (name->prefixed)
        uri = IS_WORD(prefix_of(name), "xml") ? XML : *resolve(reader, prefix_of(name));
    tree->attributes[tree->attribute_count++] = (Attribute){uri, name->local, value};
    return true;
}

/* Add an element whose namespace is `uri`, inside of the one that is open. */
static bool plant(Reader *reader, Span local, Span uri, const Attributes *attributes, Node **planted) {
    Tree *tree = reader->tree;
    if (tree->node_count == PLAIN_MOST_NODES)
        return stop(reader, OTHER);
    int first = tree->attribute_count;
    for (int i = 0; i < attributes->count; i++) {
        const Name *name = &attributes->names[i];
        bool declares = name->prefixed ? IS_WORD(prefix_of(name), "xmlns") : IS_WORD(name->name, "xmlns");
        if (!declares && !plant_attribute(reader, name, attributes->values[i]))
            return false;
    }
    Node *parent = reader->depth ? reader->open[reader->depth - 1].node : NULL;
    Node *node = *planted = &tree->nodes[tree->node_count++];
    *node = (Node){
        .uri = uri, .local = local, .parent = parent ? (int)(parent - tree->nodes) : -1,
        .attributes = first, .attribute_count = tree->attribute_count - first,
    };
    reader->next_text = &node->text;
    return true;
}

static void end_node(Reader *reader, Node *node) {
    if (reader->tree) {
        node->stop = reader->tree->node_count;
        reader->next_text = &node->tail;
    }
}

/* --- tags ------------------------------------------------------------------------------------- */

static bool place(Reader *reader, const Name *name, const Attributes *attributes, Span space, Node **node) {
    Span own = space;
    if (name->prefixed) {
        const Span *uri = resolve(reader, prefix_of(name));
        if (!uri)
            return stop(reader, OTHER);
        own = *uri;
    }
    if (!reader->depth && !is_stanza(reader, name, attributes))
        return false;
    if (reader->depth == 1 && !take_note(reader, own))
        return false;
    return !reader->tree || plant(reader, name->local, own, attributes, node);
}

static bool read_start_tag(Reader *reader) {
    Name name;
    Attributes attributes;
    attributes.count = 0;
    attributes.xmlns = (Span){NULL, 0};
    int declared = reader->declared;
    if (!read_name(reader, &name))
        return false;
    const Stream *stream = reader->stream;
    if (stream->watches && is_watched(&stream->elements, name.local.at, reader->at, true))
        return stop(reader, OTHER);
    if (!read_attributes(reader, &attributes) || !are_resolved(reader, &attributes))
        return false;
    Span space = space_in(reader, &attributes);
    Node *node = NULL;
    if (!place(reader, &name, &attributes, space, &node))
        return false;
    bool is_empty = *reader->at++ == '/';
    if (is_empty && !expect(reader, '>'))
        return false;
    if (is_empty) {
        end_node(reader, node);
        reader->declared = declared;
        return true;
    }
    if (reader->depth == MOST_DEPTH)
        return stop(reader, OTHER);
    reader->open[reader->depth++] = (Open){name.name, space, declared, node};
    return true;
}

static bool read_end_tag(Reader *reader) {
    Open *open = &reader->open[reader->depth - 1];
    size_t left = (size_t)(reader->end - reader->at);
    if (left <= open->name.length)
        return stop(reader, UNFINISHED);
    if (memcmp(reader->at, open->name.at, open->name.length))
        return stop(reader, OTHER);
    reader->at += open->name.length;
    if (!skip_space(reader) || !expect(reader, '>'))
        return false;
    end_node(reader, open->node);
    reader->declared = open->declarations;
    reader->depth--;
    return true;
}

static bool read_tag(Reader *reader) {
    if (!expect(reader, '<') || !has(reader))
        return false;
    if (*reader->at != '/')
        return read_start_tag(reader);
    reader->at++;
    return reader->depth ? read_end_tag(reader) : stop(reader, OTHER);
}

/* What stands between two tags. */
static bool read_between(Reader *reader) {
    const char *start = reader->at;
    if (!read_text(reader))
        return false;
    if (reader->tree && reader->at > start)
        *reader->next_text = (Span){start, (size_t)(reader->at - start)};
    return true;
}

Outcome plain_look(const char *data, size_t length, const Stream *stream, Stanza *stanza, Tree *tree) {
    Reader reader;
    reader.tree = tree;
    if (tree)
        tree->node_count = tree->attribute_count = 0;
    reader.start = reader.at = data;
    reader.end = data + length;
    reader.stream = stream;
    reader.stanza = stanza;
    reader.depth = reader.declared = 0;
    memset(stanza, 0, offsetof(Stanza, namespaces));
    stanza->namespace_count = 0;
    do {
        if (!read_tag(&reader))
            return reader.failure;
    } while (reader.depth && read_between(&reader));
    if (reader.depth)
        return reader.failure;
    stanza->length = (size_t)(reader.at - data);
    return PLAIN;
}

Outcome plain_read(const char *data, size_t length, const Stream *stream, Stanza *stanza) {
    return plain_look(data, length, stream, stanza, NULL);
}
