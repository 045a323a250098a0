"""Accelerator: the usual stanzas, found by compiled code where it was built.

It knows *plain* stanzas: whole messages, presences and iqs of the content namespace with which,
one look tells, nothing is wrong. Of everything else it says nothing, and the framer reads that. So
what comes of some bytes never depends on it; only the time that takes does.
"""

# The compiled code is in accelerator/, in C. It is built when xmppspy is
# installed and there is a compiler; nothing says so when there is none. The tests run with and
# without it, and a fuzzer looks for a stanza that it finds plain and that the framer reads
# differently, or expat refuses.

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext

if TYPE_CHECKING:
    from xmppspy.protocol._accelerator import Cutter

__all__ = ["NOTHING", "Watch", "cutter"]


class Watch(NamedTuple):
    """What makes a stanza worth a closer look, so that it does not count as plain.

    The words are ASCII, of two letters at least, and looked for without regard to case. With any
    of them, character references, `%3` and white space in front of a `=` count, too: they could
    hide a word.
    """

    elements: frozenset[str] = frozenset()
    """Local names of elements."""
    assigned: frozenset[str] = frozenset()
    """What stands in front of a `=`, or ends there; in text as well."""
    namespaces: frozenset[str] = frozenset()
    """What attributes' values begin with, as it is written."""


NOTHING: Final = Watch()
"""Nothing is looked for."""

_MOST_PREFIXES: Final = 16


def _load() -> "type[Cutter] | None":
    try:
        from xmppspy.protocol._accelerator import Cutter  # noqa: PLC0415 - it may not be there
    except ImportError:
        return None
    return Cutter


class _Compiled:
    """The compiled code, loaded once."""

    kind = _load()


def cutter(context: StreamContext, watch: Watch = NOTHING) -> "Cutter | None":
    """What finds plain stanzas in a stream; None where there is no compiled code for that."""
    if _Compiled.kind is None or len(context.prefixes) > _MOST_PREFIXES:
        return None
    prefixes = tuple(context.prefixes.items())
    names = (context.default, context.content, *context.prefixes, *context.prefixes.values())
    if not all(name.isascii() and name.isprintable() for name in names):
        return None
    return _made(context.default, prefixes, context.content, watch)


@lru_cache(maxsize=64)
def _made(
    default: str,
    prefixes: tuple[tuple[str, str], ...],
    content: str,
    watch: Watch,
) -> "Cutter":
    stream = StreamContext(default, dict(prefixes), content)
    assert _Compiled.kind is not None  # noqa: S101 - it was asked before
    known = [name for name in sorted(ns.CONTENT | {content}) if stream.is_content(name)]
    return _Compiled.kind(
        default=default.encode(),
        content=[name.encode() for name in known],
        default_is_content=stream.is_content(default),
        prefixes={prefix.encode(): uri.encode() for prefix, uri in prefixes},
        elements=_words(watch.elements),
        assigned=_words(watch.assigned),
        namespaces=[name.encode() for name in sorted(watch.namespaces)],
    )


def _words(words: frozenset[str]) -> list[bytes]:
    return [word.lower().encode() for word in sorted(words)]
