"""Runs of stanzas, taken apart."""

from collections.abc import Iterable, Iterator
from itertools import count

from xmppspy.protocol.events import Event, FrameRecord, StanzaRun
from xmppspy.protocol.framing import Framer


def records(run: StanzaRun) -> Iterator[FrameRecord]:
    """The records of a run, in order."""
    framer = Framer.inside(run.context)
    framer.receive_data(run.data)
    for n, frame in zip(count(run.n), iter(framer.next_frame, None)):
        yield FrameRecord(
            n=n, t=run.t, conn=run.conn, dir=run.dir, kind=frame.kind, data=frame.data,
            xmlns=frame.xmlns, type=frame.type, id=frame.id, from_=frame.from_, to=frame.to,
            ns=frame.ns, context=run.context,
        )  # fmt: skip


def each(item: Event | StanzaRun) -> Iterable[Event]:
    """The events that an item stands for."""
    return records(item) if isinstance(item, StanzaRun) else (item,)
