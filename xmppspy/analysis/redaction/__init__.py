"""Redaction: which parts of a capture are secret or private, and what stands there instead."""

from xmppspy.analysis.redaction.redactor import Redactor
from xmppspy.analysis.redaction.sharer import Sharer, Tally

__all__ = ["Redactor", "Sharer", "Tally"]
