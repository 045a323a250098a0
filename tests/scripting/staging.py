"""A script's worker in the test's own process, asked about stanzas."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import dedent

from xmppspy.intervene.records import record_of
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import Direction
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.verdicts import Verdict
from xmppspy.scripting import messages
from xmppspy.scripting.worker import Worker

MESSAGE = b"<message from='juliet@capulet.example/b' id='m1'><body>Wherefore?</body></message>"
QUERY = b"<iq type='get' id='r1' to='capulet.example'><query xmlns='jabber:iq:roster'/></iq>"


def frame_of(xml: bytes, header: bytes = b"") -> Frame:
    """One element, in the stream that a header begins, or in a usual one."""
    framer = Framer()
    framer.receive_data(
        (
            header
            or b"<stream:stream xmlns='jabber:client'"
            b" xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        + xml
    )
    framer.next_frame()
    frame = framer.next_frame()
    assert frame is not None
    return frame


def script(text: str) -> bytes:
    """The source of a script."""
    return dedent(text).encode()


@dataclass
class Stage:
    """A worker, and what it has said; `loaded` is the reply to the first script."""

    limit: float = 1.0
    said: list[messages.FromScript] = field(default_factory=list)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Worker("play.py", self.limit, self.said.append)

    def handle(self, message: messages.ToScript) -> list[messages.FromScript]:
        """What is said to a message."""
        before = len(self.said)
        self.worker.handle(message)
        return self.said[before:]

    def load(self, text: str) -> messages.FromScript:
        """Load a script."""
        (reply,) = self.handle(messages.Load(script(text)))
        return reply

    def open(self, conn: int = 1) -> list[messages.FromScript]:
        """A connection begins."""
        return self.handle(messages.Open(conn, "127.0.0.1:1"))

    def tell_context(self, direction: Direction, context: StreamContext, conn: int = 1) -> None:
        """The stream of a direction."""
        assert self.handle(messages.Context.of(conn, direction, context)) == []

    def ask(
        self,
        xml: bytes = MESSAGE,
        direction: Direction = "c2s",
        conn: int = 1,
    ) -> messages.Answer:
        """What is to become of a stanza; what else was said is in `said`."""
        answer = self.handle(messages.Ask.about(7, record_of(conn, direction, frame_of(xml), 0.5)))[
            -1
        ]
        assert isinstance(answer, messages.Answer)
        return answer

    def verdict(self, text: str, xml: bytes = MESSAGE, direction: Direction = "c2s") -> Verdict:
        """What a script of one expression about `s` makes of a stanza."""
        loaded = self.load(f"def stanza(s, session): return {text}")
        assert isinstance(loaded, messages.Loaded)
        return self.ask(xml, direction).verdict()

    def complaints(self) -> Iterator[str]:
        """What was told the person."""
        return (each.text for each in self.said if isinstance(each, messages.Say))


def only(stage: Stage) -> str:
    """The one thing that was told."""
    (text,) = stage.complaints()
    return text


__all__ = ["DEFAULT_CONTEXT", "MESSAGE", "QUERY", "Stage", "frame_of", "only", "script"]
