"""Redactor: the events of a capture without what lets someone log in or guess a password."""

from dataclasses import replace
from typing import Final

from xmppspy.analysis.redaction.document import Document
from xmppspy.analysis.redaction.login import Login
from xmppspy.analysis.redaction.masking import Masked, Masking, Situation
from xmppspy.analysis.redaction.masks import Masks
from xmppspy.analysis.redaction.names import Names
from xmppspy.analysis.redaction.rulebook import RuleBook, recorded
from xmppspy.analysis.redaction.triggers import WATCHED, lends_secrets, may_hold_secrets
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import (
    UNCHANGED,
    ConnectionClosed,
    Direction,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Mark,
    Note,
    StanzaRun,
)

MAX_CONNECTIONS: Final = 10_000
"""Connections of which something is remembered; they are forgotten when they are closed."""

_UNFRAMED: Final = frozenset({"opaque", "partial"})
_SPECIAL: Final = _UNFRAMED | {"auth", "authenticate"}
"""What has to be looked at in any case, for what it says of later frames."""


class Redactor:
    """Masks the credentials in events; they are to be given in the order of the capture.

    `key` is a random value that is stored nowhere: it keys the pseudonyms of tokens. With `keep`,
    events pass as they are. What is asked of it: no secret of `rules.RECORDED` is left in what
    `apply` returns; no other byte is changed; and the same event again gives the same result.
    """

    def __init__(self, key: bytes, *, keep: bool = False) -> None:
        self._keep = keep
        self._logins: dict[int | None, Login] = {}
        self._documents: dict[tuple[int, Direction], Document] = {}
        self._contexts: dict[Direction, tuple[StreamContext, bool]] = {}
        self._book: RuleBook = recorded()
        self._masks = Masks(key)
        self._names: Names | None = None

    def apply(self, event: Event) -> Event:
        """The event to be written instead."""
        if self._keep:
            return event
        if isinstance(event, FrameRecord):
            return event if self._is_ordinary(event) else self._frame(event)
        return self._other(event)

    def passes(self, run: StanzaRun) -> bool:
        """Whether `apply` would surely give each record of a run as it is."""
        if self._keep:
            return True
        return run.watch == WATCHED and not (
            (run.conn, run.dir) in self._documents
            or self._lends(run)
            or (self._may_echo(run.conn) and b"error" in run.data)
        )

    # --- frames

    def _is_ordinary(self, frame: FrameRecord) -> bool:
        """Whether nothing can be in it that is masked; most frames are such."""
        return (
            frame.kind not in _SPECIAL
            and frame.sent is UNCHANGED
            and not (_answers(frame) and self._may_echo(frame.conn))
            and not (self._documents and (frame.conn, frame.dir) in self._documents)
            and not may_hold_secrets(frame.data)
            and not self._lends(frame)
        )

    def _may_echo(self, conn: int) -> bool:
        """Whether an error could quote a password."""
        login = self._logins.get(conn)
        return login is not None and login.may_echo

    def _lends(self, frame: FrameRecord | StanzaRun) -> bool:
        context, lends = self._contexts.get(frame.dir, (None, False))
        if context is not frame.context:
            lends = lends_secrets(frame.context)
            self._contexts[frame.dir] = (frame.context, lends)
        return lends

    def _frame(self, frame: FrameRecord) -> FrameRecord:
        login = self._login(frame.conn)
        unframed = frame.kind in _UNFRAMED
        situation = Situation(login, answers=_answers(frame) or unframed, unframed=unframed)
        masked = self._pass(situation, self._document(frame), frame.data)
        sent, labels = frame.sent, list(masked.labels)
        if isinstance(sent, bytes):
            left = self._left(situation, Document(frame.context), sent)
            sent, labels = left.data, [*labels, *left.labels]
        if masked.data == frame.data and sent == frame.sent:
            return frame
        changed = replace(
            frame,
            data=masked.data,
            sent=sent,
            redacted=tuple(dict.fromkeys((*frame.redacted, *labels))),
        )
        return changed if unframed else _with_keys(frame, changed)

    def _document(self, frame: FrameRecord) -> Document:
        """What the frame's bytes continue: nothing, but for pieces that were not framed."""
        stream = (frame.conn, frame.dir)
        if frame.kind not in _UNFRAMED:
            if not frame.injected:
                self._documents.pop(stream, None)
            return Document(frame.context)
        return self._documents.setdefault(stream, Document(frame.context))

    def _pass(self, situation: Situation, document: Document, data: bytes) -> Masked:
        return Masking(self._book, self._masks, situation, self._names).apply(document, data)

    def _left(self, situation: Situation, document: Document, data: bytes) -> Masked:
        """The same for what left instead of what came."""
        login = situation.login.branch()
        masked = self._pass(replace(situation, login=login), document, data)
        situation.login.join(login)
        return masked

    def _login(self, conn: int | None) -> Login:
        login = self._logins.get(conn)
        if login is None:
            if len(self._logins) >= MAX_CONNECTIONS:
                del self._logins[next(iter(self._logins))]
            login = self._logins[conn] = Login()
        return login

    # --- other events

    def _other(self, event: Event) -> Event:
        if isinstance(event, Fault):
            return replace(event, detail=self._sentence(event.conn, event.detail))
        if isinstance(event, Note | Mark):
            return replace(event, text=self._sentence(event.conn, event.text))
        if isinstance(event, FateDecided) and event.sent:
            return replace(event, sent=self._sent(event.conn, event.sent))
        if isinstance(event, ConnectionClosed):
            reason = self._sentence(event.conn, event.reason)
            self._forget(event.conn)
            return replace(event, reason=reason)
        return event

    def _sentence(self, conn: int | None, text: str) -> str:
        """A text that may quote what a peer sent."""
        situation = Situation(self._login(conn).branch(), answers=True, unframed=True)
        data = text.encode(errors="surrogatepass")
        masked = Masking(self._book, self._masks, situation).apply(Document(DEFAULT_CONTEXT), data)
        return masked.data.decode(errors="surrogatepass") if masked.data != data else text

    def _sent(self, conn: int, sent: bytes) -> bytes:
        situation = Situation(self._login(conn), answers=True)
        return self._left(situation, Document(DEFAULT_CONTEXT), sent).data

    def _forget(self, conn: int) -> None:
        self._logins.pop(conn, None)
        self._documents.pop((conn, "c2s"), None)
        self._documents.pop((conn, "s2c"), None)


def _answers(frame: FrameRecord) -> bool:
    """Whether a frame may quote what it answers."""
    return frame.type == "error" or frame.kind in ("error", "failure")


def _with_keys(frame: FrameRecord, changed: FrameRecord) -> FrameRecord:
    """With the keys beside its bytes as these have them now."""
    before, after = _attributes(frame.data), _attributes(changed.data)

    def key(name: str, value: str | None) -> str | None:
        return after.get(name) if value is not None and value == before.get(name) else value

    return replace(
        changed,
        type=key("type", frame.type),
        id=key("id", frame.id),
        from_=key("from", frame.from_),
        to=key("to", frame.to),
    )


def _attributes(data: bytes) -> dict[str, str]:
    """The attributes of the first start tag; the first one where a name stands twice."""
    match = lex.TOKEN.match(data)
    while match is not None and match["start"] is None:
        match = lex.TOKEN.match(data, match.end())
    found: dict[str, str] = {}
    for name, value in lex.attributes(match["attributes"]) if match else ():
        found.setdefault(name, value)
    return found
