"""Needle in the haystack: whether a line of a capture holds a text."""

import re
from collections.abc import Callable
from typing import TypeAlias

from xmppspy.capture.format import FrameLine
from xmppspy.protocol.events import Event, FrameRecord
from xmppspy.view.browse.messages import Needle
from xmppspy.view.ink import Palette
from xmppspy.view.notices import notice

Subject: TypeAlias = Event | FrameLine

_NO_INKS = Palette()


def holding(needle: Needle) -> Callable[[Subject], bool]:
    """Whether what was sent, or is said of an event, holds the needle."""
    search = pattern(needle).search
    return lambda subject: search(_text(subject)) is not None


def pattern(needle: Needle) -> re.Pattern[str]:
    """What finds the needle in a text. Raises re.error for a regular expression that is none."""
    text = needle.text if needle.is_regex else re.escape(needle.text)
    return re.compile(text, 0 if needle.is_exact else re.IGNORECASE)


def _text(subject: Subject) -> str:
    if isinstance(subject, FrameRecord | FrameLine):
        return subject.data.decode(errors="replace")
    told = notice(subject, _NO_INKS)
    return " ".join((told.name, *told.details))
