"""Framer: cuts one direction of a connection into frames, byte for byte."""

# Theory of operation
#
# An XMPP stream is one XML document that grows for hours (RFC 6120 §4): a header, which is a start
# tag that stays open, then first-level elements, then the end tag. A *frame* is a piece of it that
# means something by itself: a header with its XML declaration, one first-level element, the white
# space between two of them (a keepalive, §4.6.1), the end tag. The frames' bytes, put together,
# are the input, whatever the reads were.
#
# No XML parser gives that. Expat refuses a second declaration, takes a second header without one
# for a child, and lxml tells no byte offsets; all of them swallow the TLS bytes behind <proceed/>.
# So the cutting is our own and asks one question only: where does this token end? Everything else
# that can be wrong with XML leaves the boundaries decidable, and is judged elsewhere, by expat,
# one frame at a time (`wellformed`). What does not leave them decidable is a broken tag, an end
# tag that closes something else, or a DOCTYPE: then the rest of the direction is `opaque`.
#
# Three rules keep the cost linear in the bytes, however they arrive:
#
#  * A whole token is matched once, by one regular expression with possessive quantifiers.
#  * A token that is not whole is never matched again until its end has been seen. The end is
#    looked for from where the last look stopped (`Unfinished.find_end`), knowing what would end it:
#    for a start tag a `>` outside quotes, for a comment `-->`, and so on.
#  * Nothing is deleted from the front of the buffer before a good part of it is spent.
#
# The framer is pulled, never drained: `receive_data` stores, `next_frame` cuts one frame. Whoever
# reads <starttls/> stops pulling and takes the rest away with `take_trailing`, because it belongs
# to another layer.
#
# A stream *restart* (RFC 6120 §4.3.3: after TLS, SASL, compression) is not announced to the framer:
# it sees an XML declaration or a {streams}stream start tag where only elements may stand, and
# begins anew. That also covers clients that send their next header before they have read
# <success/>.
#
# Most frames are plain stanzas, whole at hand. Compiled code, where there is any, takes those in
# one step (`accelerator`), or many of them at once (`next_run`). It is asked once about the bytes
# at one place, when a frame begins there; what it does not take is cut as told above, so it changes
# neither the frames nor the rules of cost.
#
# A frame over the size limit leaves as several `opaque` frames. Its tokens are still followed, so
# that framing goes on behind its end, but their bytes are not kept. Therefore a tag in it counts as
# far as that suffices: its name, and a `>` outside quotes. It does so too when it is at hand as a
# whole, because what comes of the bytes must not depend on the reads.

import re
from typing import TYPE_CHECKING, Final

from xmppspy.protocol import tokens as lex
from xmppspy.protocol.accelerator import NOTHING, Watch
from xmppspy.protocol.ahead import cut
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.elements import Element
from xmppspy.protocol.events import ErrorName
from xmppspy.protocol.frames import Flaw, Frame, Run, frame_of
from xmppspy.protocol.openstream import OpenStream
from xmppspy.protocol.unfinished import Unfinished

if TYPE_CHECKING:
    from xmppspy.protocol._accelerator import Cutter

__all__ = ["BOM", "MAX_DEPTH", "MAX_FRAME", "MAX_NAME", "TOO_BIG", "Flaw", "Frame", "Framer"]

MAX_FRAME: Final = 10 * 1024 * 1024
"""Bytes of one frame, unless told otherwise."""

MAX_DEPTH: Final = 100_000
"""Open elements inside one frame; beyond it the boundaries count as lost."""

MAX_NAME: Final = 1024
"""Bytes of an element's name in a frame over the size limit, where the names are all that is kept;
beyond it the boundaries count as lost."""

TOO_BIG: Final = "stanza-too-big"
"""The error of what is over the size limit; it is beside the first piece."""

BOM: Final = b"\xef\xbb\xbf"
"""A byte order mark in UTF-8."""

_COMPACT: Final = 64 * 1024
_AHEAD: Final = 64
"""Frames that are cut at once, at most."""

_LESS: Final = 0x3C
_LOOSE: Final = {b"<!-": "comment", b"<![": "text"}
_END, _START = lex.TOKEN.groupindex["end"], lex.TOKEN.groupindex["empty"]


class _LostError(Exception):
    """The boundaries cannot be decided any more."""

    def __init__(self, error: ErrorName, detail: str, at: int) -> None:
        super().__init__(detail)
        self.error, self.detail, self.at = error, detail, at


class Framer:
    """One direction of one connection, from its first byte or from the first byte inside TLS.

    After `receive_data`, call `next_frame` until it returns None. In between, `head` and `peek`
    let the bytes of a frame that is still arriving go on at once.
    """

    def __init__(self, max_frame: int = MAX_FRAME) -> None:
        self._max_frame = max_frame
        self._buffer = bytearray()
        self._base = 0  # bytes of the direction that have left the buffer
        self._start = 0  # where in the buffer the current frame begins
        self._at = 0  # where in the buffer the next token begins, white space and text included
        self._token: Unfinished | None = None  # the one that begins at `_at`, when it is not whole
        self._stream = OpenStream()
        self._in_text = False  # stray text was the last frame, and may go on
        self._element: Element | None = None  # the current frame, once its start tag was read
        self._tag = 0  # bytes of that start tag, and of what stands in front of it in the frame
        self._stack: list[bytes] = []  # the tags that are open in it
        self._oversize = False  # it leaves in opaque pieces
        self._opaque = False  # the rest of the direction is not framed
        self._flaw: Flaw | None = None  # to be told with the next opaque frame
        self._ahead: list[Frame] = []  # frames that were cut already, the last one first
        self._tried = -1  # the offset of a frame that is not to be had at once
        self._odd = -1  # the offset of a frame of which it is known that it is not plain

    @classmethod
    def inside(cls, context: StreamContext, max_frame: int = MAX_FRAME) -> "Framer":
        """A framer in the midst of a stream, between two of its elements."""
        framer = cls(max_frame)
        framer._stream = OpenStream.with_context(context)
        return framer

    # --- the caller's side

    def receive_data(self, data: bytes) -> None:
        """Store what arrived. After calling this, pull frames with `next_frame`."""
        if self._start > _COMPACT and self._start * 2 > len(self._buffer):
            self._compact()
        self._buffer += data

    def next_frame(self) -> Frame | None:
        """Cut the next frame, or return None when more bytes are needed for one."""
        if self._ahead:  # as `_hand_out` does it, without the call
            frame = self._ahead.pop()
            self._at = self._start = self._start + len(frame.data)
            return frame
        if not self._opaque:
            try:
                return self._cut()
            except _LostError as lost:
                return self._lose(Flaw(lost.error, lost.detail, self._base + lost.at))
        return self._piece(len(self._buffer))

    def next_run(self, watch: Watch = NOTHING) -> Run | None:
        """Cut the plain stanzas at hand at once, those without anything that is watched for.

        None when the next frame is no such stanza, or may not be: then `next_frame` cuts it.
        """
        self._ahead.clear()
        quick = None if self._opaque else self._quick(watch)
        if quick is None:
            return None
        start = self._start
        count, stop = quick.skim(self._buffer, start, self._max_frame)
        if stop < len(self._buffer):
            self._odd = self._base + stop
        if not count:
            return None
        self._in_text = False
        self._start = self._at = stop
        data = bytes(memoryview(self._buffer)[start:stop])
        return Run(data, count, self._base + start, self._stream.context, watch)

    def take_trailing(self) -> bytes:
        """Hand over all bytes that no frame has taken, and forget them."""
        trailing = bytes(self._buffer[self._start :])
        self._base += len(self._buffer)
        self._buffer.clear()
        self._start = self._at = 0
        self._stream.declared = self._oversize = False
        self._forget()
        return trailing

    def end(self) -> Frame | None:
        """The direction has ended: what no frame has taken, as a `partial` or `opaque` one."""
        self._opaque = self._opaque or self._oversize
        frame = self._piece(len(self._buffer))
        if frame is None or self._opaque:
            return frame
        return Frame("partial", frame.data, frame.offset, frame.context)

    def beside(self) -> "Framer":
        """A new framer in the same stream, at the same place, with nothing in it."""
        twin = Framer(self._max_frame)
        twin._stream = self._stream.copy()
        return twin

    def go_opaque(self) -> None:
        """Frame nothing from here on: what follows is not XML."""
        self._opaque, self._oversize = True, False
        self._forget()

    @property
    def opaque(self) -> bool:
        """Whether the rest of the direction is passed unframed."""
        return self._opaque

    @property
    def oversize(self) -> bool:
        """Whether the arriving frame is over the limit, so that it leaves in `opaque` pieces."""
        return self._oversize

    @property
    def closing(self) -> bytes:
        """The end tag that would close the stream, empty when there is none open."""
        return self._stream.closing

    @property
    def offset(self) -> int:
        """Bytes of the direction that frames have taken."""
        return self._base + self._start

    @property
    def unfinished(self) -> int:
        """Bytes at hand of the frame that is still arriving."""
        return len(self._buffer) - self._start

    def peek(self, skip: int = 0) -> bytes:
        """The bytes at hand of the frame that is still arriving, without the first `skip`."""
        return bytes(self._buffer[self._start + skip :])

    @property
    def head(self) -> Frame | None:
        """The arriving element as far as its start tag tells; None while that is not whole.

        Its bytes are the start tag; nothing is said of its children.
        """
        element = self._element
        if element is None:
            return None
        tag = bytes(self._buffer[self._start : self._start + self._tag])
        return frame_of(element, tag, self.offset, self._stream.context, ())

    # --- cutting

    def _cut(self) -> Frame | None:
        if self._at == self._start and not self._stack and not self._oversize:
            if self._at == len(self._buffer):
                return None
            if self._buffer[self._at] != _LESS:
                return self._between()
            self._in_text = False
            frame = self._at_once()
            if frame is not None:
                return frame
        while True:
            match = self._skim() if self._token is None else None
            if match is not None:
                frame = self._whole_token(match)
            elif self._find_end():
                frame = self._late_token()
            else:
                break
            if frame is not None:
                return frame
        if self.unfinished > self._max_frame and not self._oversize:
            self._exceed()
        return self._piece(self._let_go()) if self._oversize else None

    def _quick(self, watch: Watch) -> "Cutter | None":
        """What may know the frame that begins here; None when that is not to be asked."""
        at, buffer = self._at, self._buffer
        if at != self._start or self._stack or self._oversize or self._token is not None:
            return None
        if at == len(buffer) or buffer[at] != _LESS or self._base + at == self._odd:
            return None
        return self._stream.cutter(watch)

    def _at_once(self) -> Frame | None:
        """The frame that begins here, if all of it is at hand and it is a usual one."""
        if self._base + self._start == self._tried or not self._stream.is_within or self._token:
            return None
        ahead = self._plain()
        if not ahead:
            most = 1 if self._stream.cutter(NOTHING) else _AHEAD
            ahead = cut(
                self._buffer, self._start, self._max_frame, most, self.offset, self._stream.context
            )
        if not ahead:
            self._tried = self.offset
            return None
        ahead.reverse()
        self._ahead = ahead
        return self._hand_out()

    def _plain(self) -> list[Frame]:
        """The plain stanzas that begin here."""
        quick, offset = self._quick(NOTHING), self.offset
        if quick is None:
            return []
        ahead = quick.frames(
            self._buffer, self._start, self._max_frame, _AHEAD, offset, self._stream.context, Frame
        )
        if not ahead:
            self._odd = offset
        return ahead

    def _hand_out(self) -> Frame:
        """The next of the frames that were cut ahead."""
        frame = self._ahead.pop()
        self._at = self._start = self._start + len(frame.data)
        return frame

    def _skim(self) -> re.Match[bytes] | None:
        """Take the whole tokens inside an element; return the first that may need more than that.

        This is `_whole_token` for the usual cases, in a loop that most bytes go through.
        """
        buffer, stack, element, at = self._buffer, self._stack, self._element, self._at
        limit = 0 if self._oversize else self._start + self._max_frame
        depth = len(stack)
        match_token = lex.TOKEN.match
        while match := match_token(buffer, at):
            stop = match.end()
            if not depth or stop > limit:
                break
            end, start, region, empty = match.groups()
            if start is not None:
                if depth == 1 and element is not None:
                    element.add_child(start, region)
                if not empty:
                    if depth == MAX_DEPTH:
                        break
                    stack.append(start)
                    depth += 1
            elif end is not None:
                if depth == 1 or end != stack[-1]:
                    break
                stack.pop()
                depth -= 1
            at = stop
        self._at = at
        return match

    def _between(self) -> Frame | None:
        """White space or stray text where a frame may begin: it leaves as it comes."""
        buffer, at = self._buffer, self._at
        match = None if self._in_text else lex.SPACE.match(buffer, at)
        if match is not None:
            return self._take("space", match.end())
        if not self._stream.is_open:
            return self._before_root(bytes(buffer[at : at + len(BOM)]))
        self._in_text = True
        less = buffer.find(b"<", at)
        return self._take("text", less if less >= 0 else len(buffer))

    def _before_root(self, beginning: bytes) -> Frame | None:
        if beginning == BOM:
            return self._take("text", self._at + len(BOM))
        if BOM.startswith(beginning):
            return None
        raise self._lost("no XML: it does not begin with <", self._at)

    def _whole_token(self, match: re.Match[bytes]) -> Frame | None:
        """Take a whole token; return the frame that ends with it."""
        stop = match.end()
        if stop - self._start > self._max_frame and not self._oversize:
            self._exceed()
        if match.lastindex == _START:
            return self._start_tag(match[2], match[3], stop, is_empty=bool(match[4]))
        if match.lastindex == _END:
            return self._end_tag(match[1], stop)
        return self._loose_markup(stop)

    def _start_tag(self, name: bytes, region: bytes, stop: int, *, is_empty: bool) -> Frame | None:
        stack = self._stack
        if self._oversize:
            if len(name) > MAX_NAME:
                raise self._lost("a broken tag")
            if is_empty and not stack:
                return self._take("", stop)
        elif not stack:
            return self._first_level(name, region, stop, is_empty=is_empty)
        elif len(stack) == 1 and self._element is not None:
            self._element.add_child(name, region)
        if not is_empty:
            self._push(name)
        self._at = stop
        return None

    def _push(self, name: bytes) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise self._lost(f"more than {MAX_DEPTH} nested elements")
        self._stack.append(name)

    def _first_level(
        self, name: bytes, region: bytes, stop: int, *, is_empty: bool
    ) -> Frame | None:
        element, is_header = self._stream.begin(name, region, is_empty=is_empty)
        if is_header or is_empty:
            return self._take("", stop, element)
        self._element, self._tag = element, stop - self._start
        self._push(name)
        self._at = stop
        return None

    def _end_tag(self, name: bytes, stop: int) -> Frame | None:
        stack = self._stack
        if not stack:
            if not self._stream.end(name):
                raise self._lost(f"{_shown(name)} closes nothing")
            return self._take("/stream", stop)
        if stack[-1] != name:
            raise self._lost(f"{_shown(name)} where {_shown(stack[-1])} was to come")
        stack.pop()
        if stack:
            self._at = stop
            return None
        return self._take("", stop, self._element)

    def _loose_markup(self, stop: int) -> Frame | None:
        """A comment, CDATA section, instruction or declaration."""
        if not self._stack:
            if self._oversize:
                return self._take("", stop)
            opening = self._opening()
            if lex.DECLARATION.match(self._buffer, opening):
                self._stream.declared = True
            elif not self._stream.declared:
                mark = bytes(self._buffer[opening : opening + 3])
                return self._take(_LOOSE.get(mark, "pi"), stop)
        self._at = stop
        return None

    # --- tokens that do not arrive at once

    def _find_end(self) -> bool:
        """Look for the end of the token at `_at`, behind what was looked at before."""
        if self._token is None:
            opening = self._buffer.find(b"<", self._at)
            self._at = len(self._buffer) if opening < 0 else opening
            if opening < 0:
                return False
            self._token = Unfinished(opening)
            if opening - self._start > self._max_frame and not self._oversize:
                self._exceed()
        token = self._token
        ended = token.find_end(self._buffer)
        if token.is_hopeless:
            # Over the limit is also what had to exceed it for this to be seen, whatever the reads.
            if token.scan - self._start > self._max_frame and not self._oversize:
                self._exceed()
            raise self._hopeless(token)
        return ended

    def _hopeless(self, token: Unfinished) -> _LostError:
        if token.kind != "doctype":
            return self._lost("a broken tag")
        detail = "a DOCTYPE, which XMPP forbids (RFC 6120 §11.1)"
        return _LostError("restricted-xml", detail, token.at)

    def _late_token(self) -> Frame | None:
        """Take the token whose end was found."""
        token = self._token
        assert token is not None  # noqa: S101 - its end was found
        frame = self._ended(token)
        self._token = None
        return frame

    def _ended(self, token: Unfinished) -> Frame | None:
        match = lex.TOKEN.match(self._buffer, self._at) if token.is_kept else None
        if match is not None:
            return self._whole_token(match)
        if token.scan - self._start > self._max_frame and not self._oversize:
            self._exceed()
        if not self._oversize:
            raise self._lost("a broken tag")
        return self._loose_token(token)

    def _loose_token(self, token: Unfinished) -> Frame | None:
        """Take a token by what can be known of it when its bytes are not kept."""
        if token.kind not in ("start", "end"):
            return self._loose_markup(token.scan)
        name = token.read_name(self._buffer) if token.name is None else token.name
        if not name:
            raise self._lost("a broken tag")
        if token.kind == "end":
            return self._end_tag(name, token.scan)
        return self._start_tag(name, b"", token.scan, is_empty=token.is_empty_element(self._buffer))

    def _opening(self) -> int:
        """Where the markup of the token at `_at` begins, behind the character data."""
        if self._token is not None:
            return self._token.at
        text = lex.TEXT.match(self._buffer, self._at)
        return text.end() if text else self._at

    # --- frames over the size limit, and lost boundaries

    def _exceed(self) -> None:
        """The current frame is over the limit: only its structure is followed from here on."""
        if not self._stack and (self._stream.declared or not self._stream.is_open):
            detail = f"a stream header over {self._max_frame} bytes"
            raise _LostError(TOO_BIG, detail, self._start)
        self._oversize = True
        self._element = None
        detail = f"a stanza over {self._max_frame} bytes (see --max-stanza)"
        self._flaw = Flaw(TOO_BIG, detail, self.offset)

    def _let_go(self) -> int:
        """Where the bytes begin that the token at `_at` still needs."""
        token = self._token
        if token is None:
            return self._at
        kept = token.let_go(self._buffer, MAX_NAME)
        if token.kind == "broken":
            raise self._lost("a broken tag")
        return kept

    def _lost(self, detail: str, at: int | None = None) -> _LostError:
        return _LostError("not-well-formed", detail, self._opening() if at is None else at)

    def _lose(self, flaw: Flaw) -> Frame | None:
        """The boundaries are lost; what is at hand leaves unframed."""
        # An oversize frame, too, may end so before anything was told of it.
        told = self._piece(self._start + self._max_frame) if self._flaw else None
        self._flaw = flaw
        self.go_opaque()
        return told or self._piece(len(self._buffer))

    def _piece(self, stop: int) -> Frame | None:
        """The bytes up to `stop` as an opaque frame."""
        start = self._start
        if stop <= start:
            return None
        self._start = stop
        self._at = max(self._at, stop)
        flaw, self._flaw = self._flaw, None
        data = bytes(self._buffer[start:stop])
        return Frame("opaque", data, self._base + start, self._stream.context, flaw=flaw)

    # --- frames

    def _take(self, kind: str, stop: int, element: Element | None = None) -> Frame:
        """The bytes up to `stop` as a frame, a piece of an oversize one; the next begins there."""
        start = self._start
        self._element = None
        if self._oversize:
            self._oversize = False
            self._at = stop
            piece = self._piece(stop)
            assert piece is not None  # noqa: S101 - a token has bytes
            return piece
        self._start = self._at = stop
        data, context = bytes(self._buffer[start:stop]), self._stream.context
        if element is None:
            return Frame(kind, data, self._base + start, context)
        return frame_of(element, data, self._base + start, context, element.children)

    def _forget(self) -> None:
        """Nothing that was read of the current frame matters any more."""
        self._token = self._element = None
        self._in_text = False
        self._stack.clear()
        self._ahead.clear()

    def _compact(self) -> None:
        spent = self._start
        del self._buffer[:spent]
        self._base += spent
        self._start = 0
        self._at -= spent
        if self._token is not None:
            self._token.moved(spent)


def _shown(name: bytes) -> str:
    return f"</{name[:40].decode(errors='replace')}>"
