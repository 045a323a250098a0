"""What a frame is, in one line; a module for each family of payloads."""

from xmppspy.analysis.summary.outline import Outline
from xmppspy.analysis.summary.overview import outline, summarize

__all__ = ["Outline", "outline", "summarize"]
