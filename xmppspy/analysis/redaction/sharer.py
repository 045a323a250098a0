"""Sharer: the events of a capture as they are fit for a public bug report."""

from collections import Counter
from dataclasses import dataclass, field, replace

from xmppspy.analysis.redaction.masks import Masks
from xmppspy.analysis.redaction.names import Names
from xmppspy.analysis.redaction.redactor import Redactor
from xmppspy.analysis.redaction.rulebook import shared
from xmppspy.protocol.events import (
    ConnectionOpened,
    Event,
    Fault,
    FrameRecord,
    TLSEstablished,
)


@dataclass(slots=True)
class Tally:
    """What was done to a capture."""

    frames: int = 0
    events: int = 0
    masked: int = 0
    """Frames in which something is masked."""
    labels: Counter[str] = field(default_factory=Counter)
    """How often each `{namespace}name` was masked."""


class Sharer(Redactor):
    """Masks all that `docs/secrets.md` lists, and gives every account and host another name.

    A capture is passed twice: `learn` every event first, so that a name is known wherever it
    stands, then `apply` every event. Frames keep their kinds, ids, counters and number; their
    lengths change. With `bodies`, what people wrote is kept, without the names in it.
    """

    def __init__(self, key: bytes, *, bodies: bool = False) -> None:
        super().__init__(key)
        self._bodies = bodies
        self._masks = Masks(key, fixed=True)
        self._book = shared(bodies=bodies)
        self._names: Names = Names()
        self.tally = Tally()
        """What `apply` did so far."""

    def learn(self, event: Event) -> None:
        """Find the names in an event, on the first of two passes."""
        self._changed(event)

    def begin(self) -> None:
        """The first pass is over: the events come again, from the first one."""
        self._logins.clear()
        self._documents.clear()

    def apply(self, event: Event) -> Event:
        """The event to be shared, on the second pass."""
        changed = self._changed(event)
        tally = self.tally
        if isinstance(changed, FrameRecord):
            tally.frames += 1
            tally.masked += bool(changed.redacted)
            tally.labels.update(changed.redacted)
        else:
            tally.events += 1
        return changed

    @property
    def names(self) -> dict[str, int]:
        """How many names were found, by what they are."""
        return self._names.counts

    def left_in(self, text: str) -> set[str]:
        """The names that a line of the copy still holds: words of the protocol, most probably."""
        return self._names.left_in(text)

    def _changed(self, event: Event) -> Event:
        if isinstance(event, FrameRecord):
            return self._frame(event)
        if isinstance(event, ConnectionOpened):
            host = self._names.host
            return replace(event, client=host(event.client), server=host(event.server))
        if isinstance(event, TLSEstablished):
            return self._handshake(event)
        changed = self._other(event)
        # Masks and names have other lengths, so the place is not where it was.
        return replace(changed, offset=None) if isinstance(changed, Fault) else changed

    def _handshake(self, event: TLSEstablished) -> TLSEstablished:
        digest = event.peer_sha256
        return replace(
            event,
            sni=None if event.sni is None else self._names.host(event.sni),
            # It would lead to the host by way of the logs of certificates.
            peer_sha256=None if digest is None else self._masks.digest(digest),
        )

    def _sentence(self, conn: int | None, text: str) -> str:
        return self._names.telling(super()._sentence(conn, text))
