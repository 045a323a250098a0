"""Sight: which frames a script is shown."""

from xmppspy.filters import Filter
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.namespaces import STANZAS


class Sight:
    """All stanzas, or what a filter of the script's own means."""

    def __init__(self, filter: str | None = None) -> None:  # noqa: A002 - what it is called everywhere
        self._filter = None if filter is None else Filter(filter)

    def may_show(self, head: FrameRecord) -> bool:
        """Whether a frame could be shown of which the start tag is known."""
        return _is_stanza(head) if self._filter is None else self._filter.may_match(head)

    def shows(self, frame: FrameRecord) -> bool:
        """Whether a whole frame is shown."""
        return _is_stanza(frame) if self._filter is None else self._filter.match(frame)


def _is_stanza(frame: FrameRecord) -> bool:
    return frame.xmlns is None and frame.kind in STANZAS
