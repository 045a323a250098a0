"""Places: the elements, attributes and texts of a stanza that XPaths select."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from lxml import etree

from xmppspy.errors import FilterError
from xmppspy.filters.atoms import BadValueError
from xmppspy.filters.patience import breadth, is_too_wide
from xmppspy.filters.xpath_syntax import CONTENT_PREFIX, PREFIXES, scan
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.stanza import Stanza

_SAMPLE: Final = etree.fromstring("<message xmlns='jabber:client'/>")


class Places(NamedTuple):
    """What was selected of one tree."""

    elements: frozenset[etree._Element] = frozenset()
    attributes: frozenset[tuple[etree._Element, str]] = frozenset()
    """Elements with the names of attributes, in Clark's notation."""
    texts: frozenset[etree._Element] = frozenset()
    """Elements of which the text is meant: those that it stands in."""
    failure: str = ""
    """Why the paths could not be followed to the end on this tree; empty when they could."""


class Selector:
    """XPaths that select parts of stanzas; prefixes are those of the filter field `xpath`.

    Raises `FilterError` when one of them is wrong, or no path: what has a number, a text or a
    truth for its result selects nothing.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)
        self.hints = tuple(hint for text in self._texts for hint in _checked(text))
        """What looks like a mistake without being one, a sentence each."""
        self._often = max(map(breadth, self._texts), default=1)
        self._compiled: dict[str, list[etree.XPath]] = {}

    def __call__(self, stanza: Stanza) -> Places:
        """What is selected of a stanza. Never fails: see `Places.failure`."""
        elements: set[etree._Element] = set()
        attributes: set[tuple[etree._Element, str]] = set()
        texts: set[etree._Element] = set()
        failures: list[str] = []
        for node in self._nodes(stanza, failures):
            if etree.iselement(node):
                elements.add(node)
            elif (parent := node.getparent()) is not None:
                if node.is_attribute:
                    attributes.add((parent, str(node.attrname)))
                else:
                    texts.add(parent.getparent() if node.is_tail else parent)
        return Places(
            frozenset(elements), frozenset(attributes), frozenset(texts), "".join(failures)
        )

    def _nodes(self, stanza: Stanza, failures: list[str]) -> Iterator[Any]:
        """Elements, and texts that know the element they are of."""
        if stanza.tree is None:
            return
        if self._often > 1 and is_too_wide(self._often, sum(1 for _ in stanza.tree.iter())):
            failures.append("the stanza is too large for a path that looks everywhere twice")
            return
        try:
            for expression in self._for(stanza.content or ns.CLIENT):
                result = expression(stanza.tree)
                yield from result if isinstance(result, list) else ()
        except (etree.XPathError, ValueError) as error:
            # Out of bounds on this tree, or a content namespace that no document can have.
            failures.append(str(error))

    def _for(self, content: str) -> list[etree.XPath]:
        compiled = self._compiled.get(content)
        if compiled is None:
            # Four content namespaces are known; a peer may invent any number.
            compiled = [_compile(text, content) for text in self._texts]
            if len(self._compiled) < len(ns.CONTENT):
                self._compiled[content] = compiled
        return compiled


def _compile(text: str, content: str) -> etree.XPath:
    return etree.XPath(text, namespaces={**PREFIXES, CONTENT_PREFIX: content}, regexp=False)


def _checked(text: str) -> tuple[str, ...]:
    """The hints about an XPath; raises `FilterError`."""
    try:
        hints = scan(text)
        if not isinstance(_compile(text, ns.CLIENT)(_SAMPLE), list):
            raise BadValueError("xpath: it selects nothing", hint="such as //c:body or //@ver")
    except BadValueError as error:
        raise FilterError(text, error.position, error.reason, error.hint) from None
    except (etree.XPathError, ValueError) as error:
        raise FilterError(text, 0, f"xpath: {error}") from None
    return hints
