"""Session: what a script knows of a connection, and can do to it."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import Direction, Side
from xmppspy.protocol.verdicts import End
from xmppspy.scripting import messages
from xmppspy.scripting.xml import XML, as_bytes, text_of


class Session:
    """One connection, as long as it lasts."""

    def __init__(
        self,
        conn: int,
        client: str,
        do: Callable[[messages.Deed], None],
        contexts: Mapping[Direction, StreamContext],
    ) -> None:
        self.conn = conn
        """Its number, as in the capture."""
        self.client = client
        """HOST:PORT of the client."""
        self.domain: str | None = None
        """The server that the client has named."""
        self.jid: str | None = None
        """The client's address, once the server has told it."""
        self.data: dict[Any, Any] = {}
        """For the script: kept as long as the connection, also when the script is loaded anew."""
        self._do = do
        self._contexts = contexts  # of the streams, as far as they are known

    def inject(self, to: Literal["client", "server"], xml: XML, *, check: bool = True) -> None:
        """Send elements of your own to a side, at once: before a stanza that is being judged.

        What is not well-formed in its stream is a `MalformedXML`, unless `check` is False. Where
        there is no stream to put it into, that is told, and nothing is sent.
        """
        side = Side(to)
        context = self._contexts.get(side.other.direction, DEFAULT_CONTEXT)
        self._do(messages.Inject(self.conn, side, as_bytes(xml, context, check)))

    def close(self) -> None:
        """Close the connection, in order."""
        self._do(messages.Stop(self.conn, End.CLOSE))

    def reset(self) -> None:
        """Reset the connection on both legs, at once."""
        self._do(messages.Stop(self.conn, End.RESET))

    def note(self, text: object) -> None:
        """Have a note about the connection in the capture."""
        self._do(messages.Note(self.conn, text_of(text)))

    def __repr__(self) -> str:
        return f"<session #{self.conn} of {self.jid or self.client}>"
