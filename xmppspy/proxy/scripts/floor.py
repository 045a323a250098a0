"""Floor: where a script acts, the connections of a proxy and their capture."""

from collections.abc import Iterable

from xmppspy.intervene.orders import Asker
from xmppspy.protocol.events import Note, Side
from xmppspy.protocol.verdicts import End, Verdict
from xmppspy.proxy.clock import Clock
from xmppspy.proxy.server import Listener
from xmppspy.proxy.steering import Steering


class ProxyFloor:
    """The floor that a proxy is: its connections are steered by rules and people as well."""

    def __init__(self, listener: Listener, steering: Steering, clock: Clock) -> None:
        self._listener, self._steering, self._clock = listener, steering, clock

    def consult(self, asker: Asker | None) -> None:
        """Have a script asked about frames, or nobody."""
        self._steering.consult(asker)

    def settle(self, conn: int, answers: Iterable[tuple[int, Verdict]]) -> None:
        """Take the script's answers, by their tickets."""
        self._steering.settle(conn, answers)

    def inject(self, conn: int, to: Side, data: bytes) -> bool:
        """Put elements into a stream; False when there is none."""
        relay = self._listener.relays.get(conn)
        return relay is not None and relay.inject(to, data)

    def end(self, conn: int, how: End, reason: str) -> None:
        """End a connection."""
        if relay := self._listener.relays.get(conn):
            relay.end(how, reason)

    def note(self, text: str, conn: int | None = None) -> None:
        """Have a note in the capture."""
        self._listener.say(Note(t=self.now(), text=text, conn=conn))

    def now(self) -> float:
        """Seconds since the capture was created."""
        return self._clock.now()
