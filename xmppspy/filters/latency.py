"""What the field `latency` compares: how long the answers to IQ requests took."""

from xmppspy.analysis.exchanges import Exchanges
from xmppspy.analysis.identity import Identities
from xmppspy.protocol.events import Event


class Latencies:
    """Follows the requests of a capture. To be shown every event, in order."""

    def __init__(self) -> None:
        self._identities = Identities()
        self._exchanges = Exchanges(self._identities)

    def see(self, event: Event) -> float | None:
        """Take the next event; the seconds since its request if it is the first answer to one."""
        self._identities.see(event)
        answer = self._exchanges.see(event)
        return None if answer is None else answer.latency
