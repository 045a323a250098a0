"""The field `xpath`: XPath 1.0 on the stanza's tree."""

import math
import re
from typing import Final

from lxml import etree

from xmppspy.filters.atoms import BadValueError
from xmppspy.filters.patience import breadth, is_too_wide
from xmppspy.filters.subject import Check, Cost, Subject
from xmppspy.filters.words import NO_ELEMENT
from xmppspy.filters.xpath_syntax import CONTENT_PREFIX, PREFIXES, scan
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import Stanza

_KEPT: Final = 8
_ROOT: Final = re.compile(rf"/{CONTENT_PREFIX}:([a-z]+)(?:\[[^\[\]|]*\]|/{{1,2}}[\w:@*-]+)*")
"""A path from the root on, and nothing but a path: it can hold for elements of one name only."""

_SAMPLE: Final = Stanza(Frame("message", b"<message><body>Wherefore?</body></message>"))


class _Expression:
    """An XPath, compiled once for each content namespace that it meets."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._compiled: dict[str, etree.XPath] = {}

    def evaluate(self, stanza: Stanza) -> object:
        """The result, False without a tree; raises `etree.XPathError` or ValueError."""
        return stanza.tree is not None and self._for(stanza.content)(stanza.tree)

    def _for(self, content: str) -> etree.XPath:
        compiled = self._compiled.get(content)
        if compiled is None:
            # Four content namespaces are known; a peer may invent any number.
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            namespaces = {**PREFIXES, CONTENT_PREFIX: content or ns.CLIENT}
            compiled = etree.XPath(
                self._text, namespaces=namespaces, regexp=False, smart_strings=False
            )
            self._compiled[content] = compiled
        return compiled


def compile_xpath(_operator: str, value: str) -> Check:
    """Make a check of an XPath; raises `BadValueError`."""
    hints = scan(value)
    expression = _Expression(value)
    try:
        expression.evaluate(_SAMPLE)
    except etree.XPathError as error:
        raise BadValueError(f"xpath: {error}", _position(error, value)) from None
    except ValueError:
        raise BadValueError("xpath: a control character") from None

    root, often = _ROOT.fullmatch(value), breadth(value)

    def holds(subject: Subject) -> bool:
        frame = subject.frame
        if frame is None:
            return False
        if root is not None and frame.kind != root[1] and frame.kind not in NO_ELEMENT:
            return False
        if often > 1 and is_too_wide(often, frame.data.count(b"<")):
            return False
        stanza = subject.stanza
        try:
            return stanza is not None and truth(expression.evaluate(stanza))
        except (etree.XPathError, ValueError):
            # Out of bounds on this tree, or a content namespace that no document can have.
            return False

    return Check(holds, Cost.XPATH, hints)


def truth(result: object) -> bool:
    """The function boolean() of XPath (§4.3)."""
    if isinstance(result, float):
        return result != 0 and not math.isnan(result)
    return bool(result)


def _position(error: etree.XPathError, value: str) -> int:
    """The character at which libxml2 gave up, as far as it tells."""
    log = error.error_log
    column = log[-1].column if log else 0
    return len(value.encode()[:column].decode(errors="ignore"))
