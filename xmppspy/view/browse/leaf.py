"""Leaf: all that can be read about one line of a capture, in parts."""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from xmppspy.analysis.contents import Content, contents
from xmppspy.analysis.explainer import origin
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import UNCHANGED, FateDecided, FrameRecord
from xmppspy.protocol.stanza import read
from xmppspy.view.browse.browser import Browser, Told
from xmppspy.view.browse.paper import Line, Part, labelled
from xmppspy.view.browse.telling import Telling
from xmppspy.view.clock import Clock
from xmppspy.view.contrast import Contrast
from xmppspy.view.escape import decode, escape
from xmppspy.view.fold import size_of
from xmppspy.view.hexdump import ROW, hex_rows, is_text
from xmppspy.view.look import Look
from xmppspy.view.marked import MARKED, lines, painted
from xmppspy.view.paint import Painter

Form: TypeAlias = Literal["xml", "raw", "hex"]
"""How the bytes are shown: laid out, as they are, or as numbers."""

FORMS: Final[tuple[Form, ...]] = ("xml", "raw", "hex")
FORMS_SAID: Final[dict[Form, str]] = {"xml": "XML", "raw": "as it was sent", "hex": "bytes"}

_MOST_TEXT: Final = 256 * 1024
_MOST_ROWS: Final = 4096
"""Of bytes as numbers."""
_FEW_ROWS: Final = 8
_LABELS: Final = 24
_INDENT: Final = ("text", "  ")
_CORE: Final = "RFC 6120"
"""Goes without saying."""


class Leaves:
    """Makes the parts about a line, for a width."""

    def __init__(self, browser: Browser, clock: Clock) -> None:
        self._telling = Telling(browser, clock)

    def title(self, told: Told) -> str:
        """What is told about."""
        return self._telling.title(told)

    def __call__(
        self, told: Told, width: int, form: Form = "xml", *, full: bool = False
    ) -> list[Part]:
        """The parts; with `full` nothing is cut short."""
        parts = [Part("", list(labelled(self._telling(told), width)))]
        event = told.event
        if isinstance(event, FrameRecord):
            step = None if told.explanation is None else told.explanation.sasl
            found = contents(event, step) if form == "xml" else ()
            parts += [Part(each.title, list(_content(each, width))) for each in found]
            parts.append(_bytes(FORMS_SAID[form], event.data, event.kind, width, form, full))
            parts += _instead(told, event, full)
            if form == "xml":
                parts += _namespaces(event, width)
        elif event is None or isinstance(event, CaptureError):
            parts.append(Part("the line", list(_text(told.line))))
        elif isinstance(event, FateDecided) and event.sent:
            parts.append(_bytes("what left", event.sent, "", width, form, full))
        return parts


# --- bytes


def _bytes(title: str, data: bytes, kind: str, width: int, form: Form, full: bool) -> Part:
    if form == "hex" or (kind == "opaque" and form == "xml" and not is_text(data)):
        return Part(title, list(_hex(data, _MOST_ROWS)))
    if form == "raw" or kind in ("opaque", "space"):
        return Part(title, list(_text(data)))
    text, folds = Painter(MARKED, full).xml_with_folds(data, width - len(_INDENT[1]))
    return Part(title, list(lines(text)), folds)


def _text(data: bytes) -> Iterator[Line]:
    yield from lines(painted("text", escape(decode(data[:_MOST_TEXT]))))
    yield from _rest(len(data) - _MOST_TEXT)


def _hex(data: bytes, rows: int) -> Iterator[Line]:
    for at, row in enumerate(hex_rows(data[: rows * ROW])):
        yield ("meta", f"{at * ROW:06x}  "), ("text", row)
    yield from _rest(len(data) - rows * ROW)


def _rest(size: int) -> Iterator[Line]:
    if size > 0:
        yield (("aside", f"… and {size_of(size)} more"),)


# --- what it carries, and what became of it


def _content(content: Content, width: int) -> Iterator[Line]:
    rows = [(name, "text", value) for name, value in content.rows]
    labels = min(max((len(name) for name, _, _ in rows), default=0), _LABELS)
    for name, ink, value in rows:
        if len(name) > labels:
            yield (("meta", name),)
        yield from labelled([(" " if len(name) > labels else name, ink, value)], width, labels)
    for warning in content.warnings:
        yield (("change", warning),)
    if content.data and is_text(content.data):
        yield from list(_text(content.data))[:_FEW_ROWS]
    elif content.data:
        yield from _hex(content.data, _FEW_ROWS)


def _instead(told: Told, frame: FrameRecord, full: bool) -> Iterator[Part]:
    """What left instead of the frame, against what came."""
    for sent in _sent(told, frame):
        if not sent:
            yield Part("what left", [(("change", "nothing"),)])
            continue
        painter = Painter(Look().palette, full)
        before, after = (painter.xml(data).splitlines() for data in (frame.data, sent))
        text = Contrast(Look(palette=MARKED, full=full))(before, after)
        yield Part("what came (-) and what left (+)", list(lines(text)))


def _sent(told: Told, frame: FrameRecord) -> Iterator[bytes]:
    if frame.sent is not UNCHANGED:
        yield frame.sent or b""
    for event in told.remarks:
        if isinstance(event, FateDecided) and event.action in ("drop", "replace"):
            yield event.sent or b""


def _namespaces(frame: FrameRecord, width: int) -> Iterator[Part]:
    stanza = read(frame)
    rows = [
        (namespace, "text", known)
        for namespace in sorted(stanza.namespaces)
        if (known := origin(namespace)) not in ("", _CORE)
    ]
    if rows:
        labels = min(max(len(name) for name, _, _ in rows), max(width // 2, _LABELS))
        yield Part("namespaces", list(labelled(rows, width, labels)))
