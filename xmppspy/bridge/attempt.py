"""Attempt: one login as it passes, and the one that only watches it."""

from dataclasses import replace
from typing import Protocol

from xmppspy.bridge import edits
from xmppspy.bridge.scene import Facts
from xmppspy.bridge.scram import ClientFirst, ScramError, ServerFirst
from xmppspy.protocol import namespaces as ns
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
        text = text_of(frame) if frame.kind == "challenge" else None
        if text:  # an empty one asks for the client's first message
            self.facts.challenged = True
            self.facts.protected = self.facts.protected or protections(text)
        return PASS


class Asked:
    """A login that only xmppspy has offered, whose first message is still to come.

    The server is not told: it would refuse. `begun` gives the element as it would have come with
    the message in it.
    """

    def __init__(self, facts: Facts, opening: Frame) -> None:
        self.facts = facts
        self._opening = opening

    def client(self, frame: Frame) -> Ruling:
        """Ask for the message."""
        if frame is self._opening:
            return Ruling(None, reply=edits.element("challenge", frame.xmlns, b""))
        condition = "aborted" if frame.kind == "abort" else "malformed-request"
        return failure(frame, condition)

    def server(self, _frame: Frame) -> Ruling:
        """It has not been asked anything."""
        return PASS

    def begun(self, frame: Frame) -> Frame | None:
        """The login as it begins with a `<response/>`; None where that holds no message."""
        content = content_of(frame) if frame.kind == "response" else None
        if content is None:
            return None
        opening = self._opening
        data = edits.with_payload(opening.kind, opening.xmlns, opening.data, content)
        return replace(opening, data=data)


def content_of(frame: Frame) -> bytes | None:
    """The payload of an element; None when it has none, or none that can be read."""
    try:
        return edits.payload(frame.kind, frame.xmlns, frame.data)
    except ValueError:
        return None


def text_of(frame: Frame) -> str | None:
    """The payload of an element as text; None when it has none, or none that can be read."""
    content = content_of(frame)
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
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


def failure(frame: Frame, condition: str) -> Ruling:
    """Tell the client in the server's place, which was not asked yet."""
    told = f'<{condition} xmlns="{ns.SASL}"/>'
    text = f'<failure xmlns="{frame.xmlns}">{told}</failure>'
    return Ruling(None, reply=text.encode())
