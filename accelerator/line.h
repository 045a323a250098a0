/* Lines of a capture, as `xmppspy.capture.format` writes them. Nothing here knows Python. */

#ifndef XMPPSPY_LINE_H
#define XMPPSPY_LINE_H

#include "plain.h"

typedef struct {
    char *data; /* to be freed by whoever made it */
    size_t length, capacity;
    bool failed; /* there was no memory */
} Text;

/* Append the line of a plain stanza with the number `n`; `middle` is what stands between the
 * number and the kind, the same for all that came at once. */
void line_append(Text *text, unsigned long long n, Span middle, const char *data, const Stanza *stanza);

#endif
