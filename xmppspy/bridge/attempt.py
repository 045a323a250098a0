"""Attempt: one login as it passes, and the one that only watches it."""

from typing import Protocol

from xmppspy.bridge import edits
from xmppspy.bridge.scene import Facts
from xmppspy.bridge.scram import ClientFirst, ScramError, ServerFirst
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS, Ruling


class Attempt(Protocol):
    """One login, told every element of it from `<auth/>` to `<success/>` or `<failure/>`."""

    @property
    def facts(self) -> Facts:
        """What is known of it."""

    def client(self, frame: Frame, /) -> Ruling:
        """An element of the client's."""

    def server(self, frame: Frame, /) -> Ruling:
        """An element of the server's."""


class Watched:
    """A login that passes untouched."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def client(self, _frame: Frame) -> Ruling:
        """It passes."""
        return PASS

    def server(self, frame: Frame) -> Ruling:
        """It passes; what the client can check by it is noted."""
        if frame.kind == "challenge" and not self.facts.challenged:
            self.facts.challenged = True
            self.facts.protected = protections(text_of(frame))
        return PASS


def text_of(frame: Frame) -> str | None:
    """The payload of an element as text; None when it has none, or none that can be read."""
    try:
        content = edits.payload(frame.kind, frame.xmlns, frame.data)
        return None if content is None else content.decode()
    except ValueError:
        return None


def client_first(text: str | None) -> ClientFirst | None:
    """A client's first message of SCRAM; None when it is none."""
    try:
        return None if text is None else ClientFirst.parse(text)
    except ScramError:
        return None


def protections(text: str | None) -> tuple[str, ...]:
    """The attributes of a server's first message by which a client notices a changed offer."""
    try:
        said = ServerFirst.parse(text or "").attributes
    except ScramError:
        return ()
    return tuple(name for name in ("h", "t") if name in said)


def with_text(frame: Frame, data: bytes, text: str) -> Ruling:
    """An element goes on with another payload."""
    return Ruling(edits.with_payload(frame.kind, frame.xmlns, data, text.encode()))
