"""What is fuzzed: functions that take bytes, and fail where something is not as it has to be."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from fuzz.material import expand
from tests.conversation import ANSWER, DOMAIN, HEADER, OFFER, PROCEED, STARTTLS, Conversation
from tests.protocol.feeding import HEADER as USUAL_HEADER
from tests.protocol.feeding import in_chunks, outcome
from tests.protocol.oracle import Oracle, told
from xmppspy.analysis.explainer import Explainer
from xmppspy.analysis.lint import Linter
from xmppspy.analysis.redaction import Redactor, Sharer
from xmppspy.analysis.stats.collector import Stats
from xmppspy.capture.format import encode
from xmppspy.capture.reader import Reader
from xmppspy.errors import CaptureError, FilterError
from xmppspy.filters import Filter
from xmppspy.protocol.events import ConnectionOpened, Direction, Event, FrameRecord, Side
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.link import SessionOptions
from xmppspy.view.brief import Brief
from xmppspy.view.clock import Clock
from xmppspy.view.look import Look
from xmppspy.view.pretty import Pretty
from xmppspy.view.stats import Paper, statistics

Target = Callable[[bytes], None]

_UNSAFE: Final = frozenset(
    chr(code)
    for code in (
        *range(9), *range(11, 32), *range(127, 160),
        0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A),
    )
)  # fmt: skip
"""Characters that act on a terminal, other than tab and line feed."""
_LOOSE: Final = frozenset({"text", "space", "comment", "pi", "opaque"})
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_MOST: Final = 700
"""Bytes of a piece that are looked at; longer ones show nothing new."""


_FRAME: Final = 400
"""The limit of a frame: less than a piece may have, so that it is met."""
_UNFRAMED: Final = 100
"""Bytes at a time, where nothing is framed any more and each piece is as good as another."""


def frame(script: bytes) -> None:
    """The same frames however the bytes arrive, none lost or added.

    The first byte says how many arrive at a time, and whether it is behind a usual header.
    """
    first, text = script[0] if script else 0, expand(script[1:])[:_MOST]
    head = USUAL_HEADER if first % 4 else b""
    whole = in_chunks([head + text], max_frame=_FRAME)
    assert b"".join(each.data for each in whole) == head + text
    assert outcome(whole) == outcome(_stepping(head, text, first % 17 + 1))


def _stepping(head: bytes, text: bytes, step: int) -> list[Frame]:
    framer, frames, at = Framer(_FRAME), list[Frame](), 0
    framer.receive_data(head)
    while at < len(text):
        size = _UNFRAMED if framer.opaque else step
        framer.receive_data(text[at : at + size])
        frames += iter(framer.next_frame, None)
        at += size
    return [*frames, *iter(framer.next_frame, None), *iter(framer.end, None)]


def frame_as_expat(script: bytes) -> None:
    """Behind a header, what expat can read is framed as expat reads it."""
    data = USUAL_HEADER + expand(script)[:_MOST]
    framer = Framer()
    framer.receive_data(data)
    frames = list(iter(framer.next_frame, None))
    try:
        oracle = Oracle(data)
    except Exception:  # noqa: BLE001 - what expat refuses is no matter of this target
        return
    if framer.opaque or any(each.kind == "stream" for each in frames[1:]):
        return
    wanted = {each.start: each for each in oracle.frames}
    for seen in frames:
        if seen.kind in _LOOSE or not oracle.frames or seen.offset >= oracle.frames[-1].start:
            continue
        expected = wanted[seen.offset]
        behind = data[seen.offset + len(seen.data) : expected.stop]
        assert seen.kind == expected.kind
        assert not behind or behind.startswith(b"<![CDATA["), behind  # which the oracle ignores
        assert told(seen) == oracle.told(expected)


_SETTINGS: Final = [
    SessionOptions(upstream_name=DOMAIN, max_frame=500),
    SessionOptions(upstream_name=DOMAIN, allow_clear_upstream=True),
    SessionOptions(upstream_name=DOMAIN, keep_compression=True, keep_redirects=True),
]
_VERBS: Final = 8


def converse(script: bytes) -> None:
    """Whatever two peers say in whatever order: nothing raises, nothing is lost but what is said."""
    kind, rest = script[:1] or b"\0", script[1:]
    upstream = ("clear", "clear", "direct", "unreachable")[kind[0] >> 2 & 3]
    talk = Conversation(upstream=upstream, options=_SETTINGS[kind[0] % len(_SETTINGS)])
    said = {Side.CLIENT: b"", Side.SERVER: b""}
    for piece in rest.split(b"\n")[:12]:
        side = Side.CLIENT if not piece or piece[0] & 1 else Side.SERVER
        _do(talk, said, side, piece)
        assert said[side].startswith(talk.received_from(side.direction))
    talk.session.stop("the input is over", talk.now)
    talk.settle()
    frames = [event for event in talk.events if isinstance(event, FrameRecord)]
    assert [each.n for each in frames] == list(range(1, len(frames) + 1))
    for event in talk.events:
        assert encode(event).count(b"\n") == 1


def _do(talk: Conversation, said: dict[Side, bytes], side: Side, piece: bytes) -> None:
    verb = (piece[0] >> 1) % _VERBS if piece else 0
    if not talk._reachable(side) or talk.session.closed:
        return
    if verb == 1:
        talk.passes(6.0)
    elif verb == 2:
        talk.ends(side)
    elif verb == 3 and talk.peers[side].tls is None:
        talk.resets(side)
    elif talk.peers[side].tls is None:
        said[side] += (data := _greeting(side) if verb == 0 else expand(piece[1:])[:_MOST])
        talk.peers[side].send(data)
        talk.settle()


def _greeting(side: Side) -> bytes:
    return HEADER + STARTTLS if side is Side.CLIENT else ANSWER + OFFER + PROCEED


def read(script: bytes) -> None:
    """A capture of any bytes is read, or refused with a `CaptureError`; what is read can be written."""
    data = expand(script) if script[:1] == b"{" else script
    reader = Reader(io.BytesIO(data))
    with suppress(CaptureError):
        for event in reader:
            encode(event)


_FRAMES: Final = [
    FrameRecord(n=1, t=0.1, conn=1, dir="c2s", kind="message", data=b"<message><body>hi</body></message>"),
    FrameRecord(n=2, t=0.2, conn=1, dir="s2c", kind="iq", data=b"<iq type='error'/>", type="error"),
    FrameRecord(n=3, t=0.3, conn=2, dir="s2c", kind="opaque", data=b"\xff\x00"),
]  # fmt: skip


def filter_(script: bytes) -> None:
    """A text is a filter, or a `FilterError`; a filter answers, and its own text makes its equal."""
    text = script.decode(errors="replace")[:200]
    try:
        made = Filter(text)
    except FilterError as error:
        str(error)
        return
    for each in _FRAMES:
        if not made.may_match(each):
            assert not made.match(each)
        made.match(each)
    assert Filter(str(made)) == made


def explain(script: bytes) -> None:
    """Everything that is said of a session is harmless to a terminal, and nothing fails."""
    explainer, look = Explainer(), Look()
    pretty, brief = Pretty(look), Brief(look)
    for event in _events(script):
        explanation = explainer.see(event)
        text = pretty(event, explanation) + brief(event, explanation)
        assert _UNSAFE.isdisjoint(text), text


def lint(script: bytes) -> None:
    """No rule fails, and what it says is harmless and on one line."""
    linter = Linter()
    for event in _events(script):
        for found in linter.see(event):
            assert _UNSAFE.isdisjoint(found.message), found
            assert "\n" not in found.message
    list(linter.finish())


def redact(script: bytes) -> None:
    """Nothing fails, and what is masked, or made ready to be shared, can be written as a line."""
    redactor, sharer = Redactor(b"k" * 32), Sharer(b"k" * 32)
    events = list(_events(script))
    for event in events:
        encode(redactor.apply(event))
        sharer.learn(event)
    sharer.begin()
    for event in events:
        encode(sharer.apply(event))


def count(script: bytes) -> None:
    """Statistics of anything can be made and shown, and are harmless."""
    stats = Stats()
    for event in _events(script):
        stats.see(event, counts=True)
    text = statistics(
        stats.report(), stats.timeline, Paper(columns=100, colours="256", clock=Clock())
    )
    assert _UNSAFE.isdisjoint(_COLOUR.sub("", text)), text


def _events(script: bytes) -> Iterator[Event]:
    """A session in which each line of the script is said by one side."""
    framers: dict[Direction, Framer] = {"c2s": Framer(), "s2c": Framer()}
    yield ConnectionOpened(t=0.0, conn=1, client="127.0.0.1:50000", server=DOMAIN)
    n = 0
    for number, piece in enumerate(script.split(b"\n")[:8]):
        direction: Direction = "c2s" if not piece or piece[0] & 1 else "s2c"
        framer = framers[direction]
        if number < 2:
            framers["c2s"].receive_data(HEADER if number == 0 else b"")
            framers["s2c"].receive_data(ANSWER if number == 0 else b"")
        framer.receive_data(expand(piece)[:_MOST])
        for cut in iter(framer.next_frame, None):
            n += 1
            yield FrameRecord(
                n=n, t=n / 10, conn=1, dir=direction, kind=cut.kind, data=cut.data,
                xmlns=cut.xmlns, type=cut.type, id=cut.id, from_=cut.from_, to=cut.to, ns=cut.ns,
                context=cut.context,
            )  # fmt: skip


TARGETS: Final[Mapping[str, Target]] = {
    "frame": frame,
    "expat": frame_as_expat,
    "session": converse,
    "reader": read,
    "filter": filter_,
    "explain": explain,
    "lint": lint,
    "redact": redact,
    "stats": count,
}
