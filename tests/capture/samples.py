"""Events for the tests of this room: a few plain ones, and any at all."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from xmppspy.capture.format import Header
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.events import (
    UNCHANGED,
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Gap,
    Mark,
    Note,
    Side,
    Skipped,
    TLSEstablished,
)

HEADER = Header(datetime(2026, 11, 22, 7, 40, 12, 345678, tzinfo=UTC), "xmppspy 0.1.0")


def frame(n: int, data: bytes = b"<presence/>", direction: Direction = "c2s") -> FrameRecord:
    """A frame without anything special."""
    return FrameRecord(n=n, t=n / 1000, conn=1, dir=direction, kind="presence", data=data)


def bare(event: Event) -> Event:
    """An event without what a line does not carry."""
    return replace(event, context=DEFAULT_CONTEXT) if isinstance(event, FrameRecord) else event


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is true, for a generous while."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


_number = st.integers(1, 2**40)
_t = st.floats(0, 1e8).map(lambda seconds: round(seconds, 6))
_texts = st.text(max_size=40)
_some = st.none() | _texts
_direction: st.SearchStrategy[Direction] = st.sampled_from(["c2s", "s2c"])
_bytes = _texts.map(str.encode) | st.binary(max_size=40)
_texts_list = st.lists(_texts, max_size=3).map(tuple)

frames = st.builds(
    FrameRecord,
    n=_number,
    t=_t,
    conn=_number,
    dir=_direction,
    kind=_texts.filter(lambda kind: kind != "stream"),
    data=_bytes,
    xmlns=_some,
    type=_some,
    id=_some,
    from_=_some,
    to=_some,
    ns=_texts_list,
    sent=st.just(UNCHANGED) | st.none() | _bytes,
    injected=st.booleans(),
    redacted=_texts_list,
    context=st.just(DEFAULT_CONTEXT),
)
"""Any frames but stream headers, whose context depends on their bytes."""

events: st.SearchStrategy[Event] = st.one_of(
    frames,
    st.builds(ConnectionOpened, t=_t, conn=_number, client=_texts, server=_texts, transport=_texts),
    st.builds(
        TLSEstablished,
        t=_t,
        conn=_number,
        leg=st.sampled_from(Side),
        version=_texts,
        cipher=_texts,
        alpn=_some,
        sni=_some,
        peer_sha256=_some,
        verified=st.none() | st.booleans(),
    ),
    st.builds(ConnectionClosed, t=_t, conn=_number, by=_texts, reason=_texts),
    st.builds(
        Fault,
        t=_t,
        conn=st.none() | _number,
        error=_texts,
        detail=_texts,
        dir=st.none() | _direction,
        leg=st.none() | st.sampled_from(Side),
        offset=st.none() | _number,
        n=st.none() | _number,
    ),
    st.builds(
        FateDecided,
        t=_t,
        conn=_number,
        n=_number,
        action=st.sampled_from(["forward", "drop", "replace", "duplicate"]),
        sent=st.none() | _bytes,
        held=st.none() | _t,
    ),
    st.builds(Note, t=_t, text=_texts, conn=st.none() | _number, n=st.none() | _number),
    st.builds(Mark, t=_t, text=_texts, conn=st.none() | _number),
    st.builds(Gap, t=_t, lost=_number),
    st.builds(Skipped, t=_t, lost=_number),
)
"""Any events at all."""
