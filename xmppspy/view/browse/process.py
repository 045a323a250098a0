"""The processes that read a capture for the one that shows it.

    python -m xmppspy.view.browse.process index|search CHANNEL SOURCE DATA RECORDS HEAP PATH

The numbers are descriptors, PATH is - for standard input. Each ends when the other end of its channel is closed.
"""

import os
import signal
import sys
from typing import TYPE_CHECKING, Final, Protocol

from xmppspy.capture.body import Body
from xmppspy.view.browse.channel import Channel
from xmppspy.view.browse.messages import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 30.0
"""Seconds after which one step has taken too long: a regular expression may never come to an end.
The process ends then."""

_SHORT: Final = 0.01
_LONG: Final = 0.1
"""Seconds between looks at a file that does not grow: just after it did, and in the long run."""
_NICE: Final = 5
"""How much later than others an indexer comes, once the first screen is there."""


class Work(Protocol):
    """What such a process does."""

    def handle(self, message: object) -> None:
        """Take a message."""

    def step(self) -> bool:
        """Do a little; says whether there was anything to do."""


def run(work: Work, channel: Channel) -> None:
    """Do the work until the other end of the channel is closed."""
    pause = 0.0
    while channel.is_open:
        for message in channel.receive(pause):
            work.handle(message)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        busy = work.step()
        signal.setitimer(signal.ITIMER_REAL, 0)
        pause = 0.0 if busy else min(_LONG, max(_SHORT, pause * 1.5))


def main() -> None:
    """The program."""
    role, *numbers, path = sys.argv[1:]
    channel, source, data, records, heap = map(int, numbers)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end, body = Channel.of(channel), Body(path, source, data)
    try:
        run(_work(role, body, records, heap, end.send), end)
    except Exception as error:
        end.send(Trouble(f"{type(error).__name__}: {error}; this is a bug of xmppspy"))
        raise


def _work(role: str, body: Body, records: int, heap: int, send: "Callable[[object], None]") -> Work:
    if role == "index":
        from xmppspy.view.browse.indexwork import IndexWork  # noqa: PLC0415 - one of them only

        return IndexWork(body, records, heap, send, lambda: os.nice(_NICE))
    from xmppspy.view.browse.searchwork import SearchWork  # noqa: PLC0415

    return SearchWork(body, records, heap, send)


if __name__ == "__main__":
    main()
