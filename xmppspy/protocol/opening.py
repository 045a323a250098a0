"""What xmppspy says for a peer when one leg begins with TLS and the other in the clear."""

from collections.abc import Callable

from xmppspy.protocol import answers, features
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED, Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import Ruling
from xmppspy.protocol.link import Link


class Greeting:
    """The server's header and features, to greet a client with that restarts alone.

    A client that takes the STARTTLS we offer restarts its stream; the server, which was in TLS
    from the beginning, or never will be, knows nothing of it.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._header = b""
        self._greeting = b""
        self.is_due = False
        """Whether the client's next header is to be answered from here."""

    def header(self, frame: Frame) -> None:
        """Remember the server's latest header."""
        self._header = frame.data

    def remember(self, offer: bytes) -> bool:
        """Remember the server's first features; False when they were not the first."""
        if self._greeting:
            return False
        self._greeting = self._header + offer
        return True

    def give(self, now: float) -> None:
        """Answer the client's header, which the server does not get."""
        self.is_due = False
        self._link.down.inject(self._greeting, now)


class Opening:
    """A stream of our own to a server that begins in the clear, for a client that is in TLS.

    `offer` makes of the server's features what the client is to have.
    """

    def __init__(self, link: Link, greeting: Greeting, offer: Callable[[Frame], Ruling]) -> None:
        self._link = link
        self._greeting = greeting
        self._offer = offer
        self.begun = False
        self.active = False
        """Whether the server's frames are for `receive`."""
        self.done = False
        """Whether the server stays in the clear and waits for the client."""

    def begin(self, now: float) -> None:
        """Send a header; the server's frames then come to `receive`."""
        self.begun = self.active = True
        self._link.up.inject(answers.initial_header(self._link.name), now)

    def receive(self, frame: Frame, now: float) -> str:
        """One frame of the server. Returns why there is no way on, empty when there may be one."""
        link = self._link
        n = link.down.swallow(frame, now)
        if frame.kind == "stream":
            self._greeting.header(frame)
        elif features.is_features(frame):
            return self._choose(frame, n, now)
        elif frame.kind == "proceed" and frame.xmlns == ns.TLS:
            self._proceed(now)
        elif frame.kind != "space":
            self.active = False
            what = f"</{frame.kind[1:]}>" if frame.kind.startswith("/") else f"<{frame.kind}/>"
            reason = f"the server refuses a stream in the clear: {what}"
            link.recorder.fault(now, "upstream-refused", reason, leg=Side.SERVER, n=n)
            return reason
        return ""

    def _choose(self, frame: Frame, n: int, now: float) -> str:
        link = self._link
        ruling = self._offer(frame)
        if ns.TLS in frame.ns:
            link.up.inject(answers.STARTTLS, now)
            return ""
        self.active = False
        if not link.options.allow_clear_upstream:
            reason = (
                "the server offers no TLS, and what the client sends in TLS is not to go on in "
                "the clear; to have it so, start xmppspy with --insecure"
            )
            link.recorder.fault(now, "no-starttls", reason, leg=Side.SERVER)
            return reason
        link.recorder.note(now, "the server offers no TLS: its leg stays in the clear")
        link.tell(ruling, now, "s2c", n)
        self._greeting.remember(frame.data if ruling.data is UNCHANGED else ruling.data or b"")
        self._greeting.is_due = self.done = True
        if not link.client.secured:
            link.request_leaf()
        return ""

    def _proceed(self, now: float) -> None:
        link = self._link
        self.active = False
        trailing = link.server.framer.take_trailing()
        if trailing:
            link.reject_injection(link.down, trailing, "behind <proceed/>", now)
        else:
            link.request_upstream_tls(link.name, direct=False)
