"""The accelerator against the framer in Python, expat, and the redaction's own look at secrets."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from tests.protocol.feeding import HEADER, outcome, sliced
from xmppspy.analysis.redaction.triggers import WATCHED, may_hold_secrets
from xmppspy.capture.format import encode, encode_run
from xmppspy.protocol import accelerator, glance
from xmppspy.protocol.events import FrameRecord, StanzaRun
from xmppspy.protocol.frames import Frame, Run
from xmppspy.protocol.framing import Framer
from xmppspy.protocol.readable import Element
from xmppspy.protocol.runs import records
from xmppspy.protocol.stanza import Stanza, character_data
from xmppspy.protocol.wellformed import find_flaw

LIMIT: Final = 3000
"""The size limit of frames, small enough that some are over it."""

PIECES: Final = (
    b"<body>x</body>", b"<p:body/>", b"<a xmlns:p='urn:p'></a>", b"<body xmlns='jabber:server'>y</body>",
    b"<", b">", b"/>", b"</", b"=", b"'", b'"', b"&", b";", b"&amp;", b"&lt;", b"&#65;", b"&#x41;", b"]]>",
    b"]", b" ", b"\n", b"\t", b"\0", b"\x1b", b"\x7f", b"\xc3\xa9", b"\xc3", b"\xe2\x80\xae", b"\xef\xbf\xbe",
    b"\xed\xa0\x80", b"\xc2\x85", b"\xf0\x9f\x98\x80", b"\xf4\x90\x80\x80", b"<!--x-->", b"<?x?>",
    b"<![CDATA[x]]>", b"<!DOCTYPE a>", b" xmlns='jabber:client'", b" xmlns='urn:x'", b" xmlns=''",
    b" xmlns:p='urn:p'", b" xmlns:p=''", b" p:a='1'", b" a='1'", b" a='1' a='2'", b"<p:x/>", b"<x/>", b"<a><b/></a>",
    b"<message>", b"</message>", b"<iq/>", b"<presence/>", b"<stream:x/>", b" xml:lang='en'", b" type='error'",
    b" id=''", b" from='\xc3\xa9&apos;'", b"http://www.w3.org/2000/xmlns/", b"<password>x</password>",
    b"token=", b" ='", b"%3d", b"passwd", b'="urn:xmpp:oauth:0', b"<x:auth/>", b"<Field/>", b"\\", b"\r\n",
)  # fmt: skip
"""What a mutation puts in: whatever the compiled code has to tell apart."""


@contextmanager
def without_compiled_code() -> Iterator[None]:
    """As where there is no compiler."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accelerator._Compiled, "kind", None)
        patch.setattr(glance._glasses, "_last", glance._Glass(None))
        yield


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The data with a few places changed."""
    for _ in range(chance.randint(1, 4)):
        at, stop = sorted(chance.randint(0, len(data)) for _ in range(2))
        match chance.randrange(5):
            case 0:
                data = data[:at] + chance.choice(PIECES) + data[at:]
            case 1:
                data = data[:at] + data[at + chance.randint(1, 3) :]
            case 2:
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            case 3:
                data = data[:stop] + data[at : min(stop, at + 40)] + data[stop:]
            case _:
                data = data[:at] + data[min(stop, at + 20) :]
    return data


def check(data: bytes, lengths: Iterable[int], header: bytes = HEADER) -> int:
    """Assert that what comes of a stream's inside is the same; returns how much was plain."""
    chunks = [header, *sliced(data, lengths)]
    quick = list(_frames(chunks))
    runs = list(_frames_and_runs(chunks))
    with without_compiled_code():
        slow = list(_frames(chunks))
        expanded = [frame for each in runs for frame in _expanded(each)]
        assert outcome(quick) == outcome(slow)
        assert outcome(expanded) == outcome(slow)
        for frame in quick:
            assert not frame.plain or find_flaw(frame) is None, frame
    for frame in quick:
        _check_glances(frame)
    for run in runs:
        if isinstance(run, Run):
            _check_run(run)
    return sum(frame.plain for frame in quick)


def _frames(chunks: Iterable[bytes]) -> Iterator[Frame]:
    framer = Framer(LIMIT)
    for chunk in chunks:
        framer.receive_data(chunk)
        yield from iter(framer.next_frame, None)
    yield from iter(framer.end, None)


def _frames_and_runs(chunks: Iterable[bytes]) -> Iterator[Frame | Run]:
    framer = Framer(LIMIT)
    for chunk in chunks:
        framer.receive_data(chunk)
        while item := framer.next_run(WATCHED) or framer.next_frame():
            yield item
    yield from iter(framer.end, None)


def _expanded(item: Frame | Run) -> Iterator[Frame]:
    if isinstance(item, Frame):
        yield item
        return
    at = item.offset
    for record in records(recorded(item)):
        yield Frame(
            record.kind, record.data, at, record.context, record.xmlns, record.type, record.id,
            record.from_, record.to, record.ns,
        )  # fmt: skip
        at += len(record.data)


def recorded(run: Run) -> StanzaRun:
    """A run as it is recorded."""
    return StanzaRun(
        n=7, number=run.number, t=1.25, conn=3, dir="s2c", data=run.data, context=run.context,
        watch=run.watch,
    )  # fmt: skip


def _check_glances(frame: Frame) -> None:
    record = recorded_frame(frame)
    stanza = Stanza(frame)
    namespaces, bodies = glance.namespaces(record), glance.bodies(record)
    assert namespaces is None or {*namespaces} == stanza.namespaces, frame
    assert bodies is None or bodies == stanza.bodies, frame
    element = glance.tree(record)
    if element is not None:
        assert stanza.tree is not None
        assert shape(element) == shape(stanza.tree), frame


def shape(element: Element) -> object:
    """All that an element says, whoever has read it."""
    parent = element.getparent()
    return (
        element.tag, element.text, element.items(), [element.get(name) for name, _ in element.items()],
        parent is not None and parent.tag, len(element),
        [each.tag for each in element.iter()], [each.tag for each in element.iter("{*}body", "{urn:x}*")],
        [(shape(each), each.tail) for each in element], character_data(element),
        [each.tag for each in element.iterchildren("{*}*")],
    )  # fmt: skip


def recorded_frame(frame: Frame) -> FrameRecord:
    """A frame as it is recorded."""
    return FrameRecord(
        n=1, t=0, conn=1, dir="s2c", kind=frame.kind, data=frame.data, xmlns=frame.xmlns,
        context=frame.context,
    )  # fmt: skip


def _check_run(run: Run) -> None:
    whole = recorded(run)
    with without_compiled_code():
        each: list[FrameRecord] = list(records(whole))
    assert len(each) == run.number
    assert encode_run(whole) == b"".join(map(encode, each))
    assert not any(may_hold_secrets(record.data) for record in each)
