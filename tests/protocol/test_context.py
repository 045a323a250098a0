import pytest

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, NO_CONTEXT, StreamContext

PREFIX_FREE = StreamContext(default=ns.STREAMS, prefixes={}, content=ns.SERVER)


@pytest.mark.parametrize(
    ("context", "prefix", "namespace"),
    [
        (DEFAULT_CONTEXT, "", ns.CLIENT),
        (DEFAULT_CONTEXT, "stream", ns.STREAMS),
        (DEFAULT_CONTEXT, "xml", ns.XML),
        (DEFAULT_CONTEXT, "db", None),
        (NO_CONTEXT, "", ""),
        (NO_CONTEXT, "stream", None),
        (NO_CONTEXT, "xml", ns.XML),
    ],
)
def test_resolve(context: StreamContext, prefix: str, namespace: str | None) -> None:
    """A prefix stands for what the header declares; `xml` needs no declaration."""
    assert context.resolve(prefix) == namespace


@pytest.mark.parametrize(
    ("context", "namespace", "expected"),
    [
        (DEFAULT_CONTEXT, ns.CLIENT, True),
        (DEFAULT_CONTEXT, ns.SERVER, False),
        (DEFAULT_CONTEXT, "", False),
        (PREFIX_FREE, ns.SERVER, True),
        (PREFIX_FREE, ns.CLIENT, True),
        (PREFIX_FREE, ns.STREAMS, False),
        (NO_CONTEXT, ns.COMPONENT_ACCEPT, True),
    ],
)
def test_is_content(context: StreamContext, namespace: str, expected: bool) -> None:
    """Where each element declares its own namespace, all content namespaces count."""
    assert context.is_content(namespace) is expected


def test_contexts_are_compared_by_what_they_say() -> None:
    """Two headers that lend the same are alike."""
    prefixes = {"stream": ns.STREAMS}

    assert StreamContext(prefixes=prefixes) == DEFAULT_CONTEXT
    assert StreamContext(prefixes=prefixes, lang="de") != DEFAULT_CONTEXT
