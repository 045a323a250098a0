"""Alarm: asks to be woken when something of a connection is due, and no more often."""

from xmppspy.protocol.flow import UNFINISHED_AFTER
from xmppspy.protocol.link import Link, Phase
from xmppspy.protocol.requests import WakeRequested


class Alarm:
    """The times of one connection: the link's deadline, and frames that are long unfinished."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._at: float | None = None

    def ring(self, now: float) -> None:
        """The time that was asked for has come: close what took too long, tell what waits.

        After what there is to do by then, `set` it again.
        """
        link = self._link
        self._at = None
        if link.deadline is not None and now >= link.deadline:
            link.recorder.fault(now, "timeout", "TLS was not set up in time")
            link.close("proxy", "timeout", now)
            return  # nobody waits for the rest of a frame any more
        for flow in link.flows.values():
            flow.expire(now)
            text = flow.overdue(now)
            if text:
                link.recorder.note(now, text)

    def set(self, now: float, *, is_timed: bool = True) -> None:
        """Ask for the next time, unless one that is early enough has been asked for.

        Where nothing is timed, it takes less to find out that there is nothing to ask for.
        """
        link = self._link
        soon = self._at is not None and self._at <= now + UNFINISHED_AFTER
        if link.phase is Phase.CLOSED or (soon and not is_timed):
            return
        times = [link.deadline, link.up.overdue_at, link.down.overdue_at]
        if is_timed:
            times += [link.up.due, link.down.due, *(leg.due for leg in link.legs.values())]
        due = min((at for at in times if at is not None), default=None)
        if due is not None and (self._at is None or due < self._at):
            self._at = max(due, now)
            link.recorder.add(WakeRequested(self._at))
