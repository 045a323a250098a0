"""Held frames for tests."""

from typing import Any

import msgspec

from xmppspy.control.replies import HeldFrame

HIST = "<message type='chat' id='m1' to='juliet@capulet.example'><body>Hist!</body></message>"


def held(n: int = 7, **changes: Any) -> HeldFrame:
    """A message of romeo's that waits."""
    frame = HeldFrame(
        n=n,
        conn=1,
        dir="c2s",
        t=5.0,
        left=28.0,
        otherwise="forward",
        kind="message",
        type="chat",
        id="m1",
        to="juliet@capulet.example",
        xml=HIST,
        namespaces={"": "jabber:client", "stream": "http://etherx.jabber.org/streams"},
    )
    return msgspec.structs.replace(frame, **changes)
