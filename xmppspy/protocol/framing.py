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
#    looked for from where the last look stopped (`_Unfinished.scan`), knowing what would end it:
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
# A frame over the size limit leaves as several `opaque` frames. Its tokens are still followed, so
# that framing goes on behind its end, but their bytes are not kept.

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.context import DEFAULT_CONTEXT, NO_CONTEXT, StreamContext

MAX_FRAME: Final = 10 * 1024 * 1024
"""Bytes of one frame, unless told otherwise."""

MAX_DEPTH: Final = 100_000
"""Open elements inside one frame; beyond it the boundaries count as lost."""

MAX_NAME: Final = 64 * 1024
"""Bytes of an element's name."""

_COMPACT: Final = 64 * 1024
_BOM: Final = b"\xef\xbb\xbf"
_MARKS: Final = {"end": b">", "comment": b"-->", "cdata": b"]]>", "pi": b"?>"}
_LOOSE: Final = {b"<!-": "comment", b"<![": "text", b"<?x": "pi"}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with what a peer sent."""

    error: str
    """A stable name, such as `not-well-formed`."""
    detail: str
    offset: int
    """Bytes of the direction before the place."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it was cut: its bytes, and what its first start tag says."""

    kind: str
    data: bytes
    offset: int = 0
    """Bytes of the direction before it."""
    context: StreamContext = DEFAULT_CONTEXT
    """The stream it stands in; for a header, the stream it begins."""
    xmlns: str | None = None
    """Its own namespace, when it is not the content namespace."""
    type: str | None = None
    id: str | None = None
    from_: str | None = None
    to: str | None = None
    ns: tuple[str, ...] = ()
    """Distinct namespaces of its child elements, in order, without the content namespace."""
    flaw: Flaw | None = None
    """Why it is opaque, on the first of several such frames."""


class _LostError(Exception):
    """The boundaries cannot be decided any more."""

    def __init__(self, error: str, detail: str, at: int) -> None:
        super().__init__(detail)
        self.error, self.detail, self.at = error, detail, at


class _Token(NamedTuple):
    """A whole token. `stop` is where the next one begins."""

    stop: int
    start: bytes | None = None
    end: bytes | None = None
    region: bytes | None = None
    empty: bool = False


@dataclass(slots=True)
class _Unfinished:
    """A token whose end has not arrived."""

    scan: int
    """Where in the buffer to go on looking for the end."""
    kind: str = ""
    """`start`, `end`, `comment`, `cdata`, `pi`; empty while too little is there to tell."""
    quote: int = 0
    """The quotation mark that the scan is inside of, for a start tag."""
    name: bytes | None = None
    """A tag's name, once its bytes are let go."""


class _Scope(Protocol):
    """What an element inherits its namespaces from."""

    @property
    def default(self) -> str: ...

    def resolve(self, prefix: str) -> str | None: ...


class _Element:
    """An element by its start tag, and what its children's start tags add."""

    __slots__ = ("attributes", "children", "default", "local", "namespace", "parent", "prefixes")

    def __init__(self, name: bytes, region: bytes | None, parent: _Scope) -> None:
        self.parent = parent
        self.default = parent.default
        self.attributes: dict[str, str] = {}
        self.prefixes: dict[str, str] = {}
        self.children: dict[str, None] = {}
        for key, value in lex.attributes(region or b""):
            if key == "xmlns":
                self.default = value
            elif key.startswith("xmlns:"):
                self.prefixes[key[6:]] = value
            else:
                self.attributes.setdefault(key, value)
        prefix, _, self.local = name.decode(errors="replace").rpartition(":")
        self.namespace = self.resolve(prefix)

    def resolve(self, prefix: str) -> str | None:
        if not prefix:
            return self.default
        return self.prefixes.get(prefix) or self.parent.resolve(prefix)

    def add_child(self, name: bytes, region: bytes | None, context: StreamContext) -> None:
        namespace: str | None = self.default
        if b":" in name or (region and b"xmlns" in region):
            namespace = _Element(name, region, self).namespace
        if namespace and not context.is_content(namespace):
            self.children[namespace] = None

    def frame(self, data: bytes, offset: int, context: StreamContext) -> Frame:
        own = self.namespace if self.namespace and not context.is_content(self.namespace) else None
        get = self.attributes.get
        return Frame(
            self.local, data, offset, context, own,
            get("type"), get("id"), get("from"), get("to"), tuple(self.children),
        )  # fmt: skip


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
        self._token: _Unfinished | None = None  # the token at `_at`, when it is not whole
        self._context = DEFAULT_CONTEXT
        self._root: bytes | None = None  # the open stream's tag
        self._declared = False  # an XML declaration was read, its header not yet
        self._element: _Element | None = None  # the current frame, once its start tag was read
        self._stack: list[bytes] = []  # the tags that are open in it
        self._oversize = False  # it leaves in opaque pieces
        self._opaque = False  # the rest of the direction is not framed
        self._flaw: Flaw | None = None  # to be told with the next opaque frame

    # --- the caller's side

    def receive_data(self, data: bytes) -> None:
        """Store what arrived. After calling this, pull frames with `next_frame`."""
        if self._start > _COMPACT and self._start * 2 > len(self._buffer):
            self._compact()
        self._buffer += data

    def next_frame(self) -> Frame | None:
        """Cut the next frame, or return None when more bytes are needed for one."""
        if not self._opaque:
            try:
                return self._cut()
            except _LostError as lost:
                self._flaw = Flaw(lost.error, lost.detail, self._base + lost.at)
                self.go_opaque()
        return self._piece(len(self._buffer))

    def take_trailing(self) -> bytes:
        """Hand over all bytes that no frame has taken, and forget them."""
        trailing = bytes(self._buffer[self._start :])
        self._base += len(self._buffer)
        self._buffer.clear()
        self._start = self._at = 0
        self._token = self._element = None
        self._stack.clear()
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
        twin._root, twin._context = self._root, self._context
        return twin

    def go_opaque(self) -> None:
        """Frame nothing from here on: what follows is not XML."""
        self._opaque, self._oversize = True, False
        self._token = self._element = None
        self._stack.clear()

    @property
    def opaque(self) -> bool:
        """Whether the rest of the direction is passed unframed."""
        return self._opaque

    @property
    def closing(self) -> bytes:
        """The end tag that would close the stream, empty when there is none open."""
        return b"</%s>" % self._root if self._root else b""

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
        """The arriving element as far as its start tag tells; None while that is not whole."""
        if self._element is None or self._oversize:
            return None
        return self._element.frame(b"", self.offset, self._context)

    # --- cutting

    def _cut(self) -> Frame | None:
        if self._at == self._start and not self._stack and not self._oversize:
            between = self._between()
            if between is not None:
                return between
        while token := self._next_token():
            frame = self._consume(token)
            if frame is not None:
                return frame
        return self._overflow() if self.unfinished > self._max_frame or self._oversize else None

    def _between(self) -> Frame | None:
        """White space or stray text where a frame may begin: it leaves as it comes."""
        buffer, at = self._buffer, self._at
        if at == len(buffer) or buffer[at] == _LESS or self._declared:
            return None
        if match := lex.SPACE.match(buffer, at):
            return self._take("space", match.end())
        if self._root is not None:
            match = lex.TEXT.match(buffer, at)
            return self._take("text", match.end() if match else at)
        return self._before_root(bytes(buffer[at : at + len(_BOM)]))

    def _before_root(self, beginning: bytes) -> Frame | None:
        if beginning == _BOM:
            return self._take("text", self._at + len(_BOM))
        if _BOM.startswith(beginning):
            return None
        raise _LostError("not-well-formed", "no XML: it does not begin with <", self._at)

    def _consume(self, token: _Token) -> Frame | None:
        """Take a whole token; return the frame that ends with it."""
        if token.start is not None:
            return self._start_tag(token.start, token)
        if token.end is not None:
            return self._end_tag(token.end, token.stop)
        if self._stack:
            self._at = token.stop
            return None
        return self._loose_markup(token.stop)

    def _start_tag(self, name: bytes, token: _Token) -> Frame | None:
        stack = self._stack
        if not stack and not self._oversize:
            return self._first_level(name, token)
        if len(stack) == 1 and self._element is not None:
            self._element.add_child(name, token.region, self._context)
        if not token.empty:
            self._push(name)
        elif not stack:
            return self._take("opaque", token.stop)
        self._at = token.stop
        return None

    def _push(self, name: bytes) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise _LostError("not-well-formed", f"more than {MAX_DEPTH} nested elements", self._at)
        self._stack.append(name)

    def _first_level(self, name: bytes, token: _Token) -> Frame | None:
        outside = self._root is None or self._declared
        element = _Element(name, token.region, NO_CONTEXT if outside else self._context)
        # By the namespace, never by the prefix; outside a stream any "stream" will do.
        if element.local == "stream" and (outside or element.namespace == ns.STREAMS):
            self._root = None if token.empty else name
            self._declared = False
            self._context = _context_of(element)
            return self._take("stream", token.stop, element)
        if outside:
            self._root, self._declared, self._context = None, False, DEFAULT_CONTEXT
            element = _Element(name, token.region, DEFAULT_CONTEXT)
        if token.empty:
            return self._take(element.local, token.stop, element)
        self._element = element
        self._push(name)
        self._at = token.stop
        return None

    def _end_tag(self, name: bytes, stop: int) -> Frame | None:
        stack = self._stack
        if not stack:
            if name != self._root or self._declared:
                raise _LostError("not-well-formed", f"{_shown(name)} closes nothing", self._at)
            self._root = None
            return self._take("/stream", stop)
        if stack[-1] != name:
            detail = f"{_shown(name)} where {_shown(stack[-1])} was to come"
            raise _LostError("not-well-formed", detail, self._at)
        stack.pop()
        if stack:
            self._at = stop
            return None
        return self._take("opaque", stop, self._element)

    def _loose_markup(self, stop: int) -> Frame | None:
        """A comment, CDATA section, instruction or declaration where an element may stand."""
        if self._oversize:
            return self._take("opaque", stop)
        opening = self._buffer.find(b"<", self._at)
        if lex.DECLARATION.match(self._buffer, opening):
            self._declared = True
        elif not self._declared:
            return self._take(_LOOSE.get(bytes(self._buffer[opening : opening + 3]), "pi"), stop)
        self._at = stop
        return None

    # --- tokens

    def _next_token(self) -> _Token | None:
        """The whole token at `_at`; if there is none, remember how far was looked for its end."""
        if self._token is None:
            match = lex.TOKEN.match(self._buffer, self._at)
            if match is not None:
                return _whole(match)
            opening = self._buffer.find(b"<", self._at)
            if opening < 0:
                self._at = len(self._buffer)
                return None
            self._at = opening
            self._token = _Unfinished(opening)
        return self._finish(self._token)

    def _finish(self, token: _Unfinished) -> _Token | None:
        """The token at `_at`, if its end is there by now."""
        if not token.kind:
            self._classify(token)
        if not token.kind or not self._find_end(token):
            return None
        self._token = None
        if token.name is not None:
            return self._unkept(token, token.name)
        match = lex.TOKEN.match(self._buffer, self._at)
        if match is None or match.end() != token.scan:
            raise _LostError("not-well-formed", "a broken tag", self._at)
        return _whole(match)

    def _classify(self, token: _Unfinished) -> None:
        """Tell what kind of token begins at `_at`, if enough of it is there."""
        beginning = bytes(self._buffer[self._at : self._at + 9])
        for mark, kind in _OPENINGS:
            if beginning.startswith(mark):
                token.kind, token.scan = kind, self._at + len(mark)
                break
            if mark.startswith(beginning):
                return
        if token.kind == "doctype":
            detail = "a DOCTYPE, which XMPP forbids (RFC 6120 §11.1)"
            raise _LostError("restricted-xml", detail, self._at)
        if token.kind == "broken":
            raise _LostError("not-well-formed", "a broken tag", self._at)

    def _find_end(self, token: _Unfinished) -> bool:
        """Look for the token's end from where the last look stopped; leave `scan` behind it."""
        if token.kind == "start":
            return self._find_end_of_start(token)
        mark = _MARKS[token.kind]
        end = self._buffer.find(mark, token.scan)
        if end < 0:
            token.scan = max(token.scan, len(self._buffer) - len(mark) + 1)
            return False
        token.scan = end + len(mark)
        return True

    def _find_end_of_start(self, token: _Unfinished) -> bool:
        buffer = self._buffer
        while True:
            stop = _QUOTED[token.quote].search(buffer, token.scan)
            if stop is None:
                token.scan = len(buffer)
                return False
            token.scan = stop.end()
            found = buffer[stop.start()]
            if found == _GREATER:
                return True
            token.quote = 0 if token.quote else found

    # --- frames over the size limit

    def _overflow(self) -> Frame | None:
        """Let go of the bytes at hand of a frame over the limit, but not of its structure."""
        if not self._oversize:
            if not self._stack and (self._declared or self._root is None):
                detail = f"a stream header over {self._max_frame} bytes"
                raise _LostError("stanza-too-big", detail, self._start)
            self._call_oversize()
        return self._piece(self._keep_from())

    def _call_oversize(self) -> None:
        self._oversize = True
        self._element = None
        detail = f"a stanza over {self._max_frame} bytes (see --max-stanza)"
        self._flaw = Flaw("stanza-too-big", detail, self.offset)

    def _keep_from(self) -> int:
        """Where the bytes begin that the token at `_at` still needs."""
        token = self._token
        if token is None or not token.kind:
            return self._at
        if token.kind in ("start", "end") and token.name is None:
            skip = 1 if token.kind == "start" else 2
            match = lex.NAME.match(self._buffer, self._at + skip)
            if match is None or match.end() == len(self._buffer):
                if len(self._buffer) - self._at > MAX_NAME:
                    raise _LostError("not-well-formed", "a broken tag", self._at)
                return self._at
            token.name = match[0]
        elif token.name is None:
            token.name = b""
        return max(self._start, token.scan - 1)

    def _unkept(self, token: _Unfinished, name: bytes) -> _Token:
        """A whole token of which only the name and the last bytes are left."""
        if token.kind == "start":
            empty = self._buffer[token.scan - 2] == _SLASH
            return _Token(token.scan, start=name, empty=empty)
        return _Token(token.scan, end=name if token.kind == "end" else None)

    def _piece(self, stop: int) -> Frame | None:
        """The bytes up to `stop` as an opaque frame."""
        start = self._start
        if stop <= start:
            return None
        self._start = stop
        self._at = max(self._at, stop)
        flaw, self._flaw = self._flaw, None
        data = bytes(self._buffer[start:stop])
        return Frame("opaque", data, self._base + start, self._context, flaw=flaw)

    # --- frames

    def _take(self, kind: str, stop: int, element: _Element | None = None) -> Frame:
        """The bytes up to `stop` as a frame; the next one begins there."""
        start = self._start
        self._element = None
        if stop - start > self._max_frame and not self._oversize:
            self._call_oversize()
        if self._oversize:
            self._oversize = False
            self._at = stop
            piece = self._piece(stop)
            assert piece is not None  # noqa: S101 - a token has bytes
            return piece
        self._start = self._at = stop
        data = bytes(self._buffer[start:stop])
        if element is None:
            return Frame(kind, data, self._base + start, self._context)
        return element.frame(data, self._base + start, self._context)

    def _compact(self) -> None:
        spent = self._start
        del self._buffer[:spent]
        self._base += spent
        self._start = 0
        self._at -= spent
        if self._token is not None:
            self._token.scan -= spent


_LESS: Final = 0x3C
_GREATER: Final = 0x3E
_SLASH: Final = 0x2F
_QUOTED: Final = {
    0: re.compile(rb"[>\"']"),
    0x22: re.compile(rb"\""),
    0x27: re.compile(rb"'"),
}
_OPENINGS: Final = (
    (b"</", "end"),
    (b"<?", "pi"),
    (b"<!--", "comment"),
    (b"<![CDATA[", "cdata"),
    (b"<!DOCTYPE", "doctype"),
    (b"<!", "broken"),
    (b"<", "start"),
)


def _whole(match: re.Match[bytes]) -> _Token:
    end, start, region, empty = match.groups()
    return _Token(match.end(), start, end, region, bool(empty))


def _context_of(header: _Element) -> StreamContext:
    """What a header lends to the stream it begins."""
    content = header.default
    if content in ("", ns.STREAMS):
        declared = [name for name in header.prefixes.values() if name in ns.CONTENT]
        content = declared[0] if declared else ns.CLIENT
    return StreamContext(
        header.default,
        MappingProxyType(header.prefixes),
        content,
        header.attributes.get("xml:lang"),
    )


def _shown(name: bytes) -> str:
    return f"</{name[:40].decode(errors='replace')}>"
