"""Edits: parts of a stanza changed, all other bytes of it as they were."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from xmppspy.intervene import fragments
from xmppspy.intervene.changes import Change, EditError, Splice
from xmppspy.intervene.spans import element_spans, qualified
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Flaw, Frame
from xmppspy.protocol.stanza import read
from xmppspy.protocol.wellformed import find_flaw

if TYPE_CHECKING:
    from lxml.etree import _Element

    from xmppspy.filters.places import Places, Selector


def edited(frame: FrameRecord, target: "Selector", change: Change) -> bytes:
    """The frame's bytes with all changed that `target` selects; as they were where that is nothing.

    Of parts inside one another the outermost is changed. Raises `EditError` where tree and bytes
    disagree, where the change cannot be, and where what came of it is not well-formed any more.
    """
    places = target(read(frame))
    if places.failure:
        raise EditError(f"the XPath fails on it: {places.failure}")
    if not any(places[:3]):
        return frame.data
    data = _spliced(frame.data, _splices(frame, places, change))
    _demand_soundness(frame, data)
    return data


def _splices(frame: FrameRecord, places: "Places", change: Change) -> Iterator[Splice]:
    spans = element_spans(frame.data, read(frame))
    if not spans:
        raise EditError("its XML is broken")
    attributes: defaultdict[_Element, set[str]] = defaultdict(set)
    for owner, name in places.attributes:
        attributes[owner].add(name)
    for element, span in spans.items():
        if element in places.elements:
            yield from change.of_element(span)
        elif element in places.texts:
            yield from change.of_text(span)
        for each in span.attributes if element in attributes else ():
            if qualified(element, each.name) in attributes[element]:
                yield change.of_attribute(each)


def _spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    parts, at = [], 0
    for splice in sorted(splices, key=lambda splice: splice.start):
        if splice.start >= at:
            parts += [data[at : splice.start], splice.data]
            at = splice.stop
    return b"".join([*parts, data[at:]])


def _demand_soundness(frame: FrameRecord, data: bytes) -> None:
    """What was well-formed stays so."""
    was_sound = read(frame).well_formed
    if not data or read(replace(frame, data=data)).well_formed:
        return
    flaw = _flaw(frame, data)
    if flaw is not None and (was_sound or _flaw(frame, frame.data) is None):
        raise EditError(f"then it would not be well-formed: {flaw.detail}")


def _flaw(frame: FrameRecord, data: bytes) -> Flaw | None:
    if frame.kind == "stream":
        return find_flaw(Frame("stream", data, 0, frame.context, frame.xmlns))
    return fragments.read(data, frame.context)[1]
