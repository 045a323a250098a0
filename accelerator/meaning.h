/* What is meant by what is written: entities, and the line breaks that XML makes of others. */

#ifndef XMPPSPY_MEANING_H
#define XMPPSPY_MEANING_H

#include "shared.h"

/* Character data, or the value of an attribute, of a plain stanza (XML 1.0 §2.11, §3.3.3, §4.6);
 * a string, as a new reference. */
PyObject *meaning_of(Span written, bool is_value);

#endif
