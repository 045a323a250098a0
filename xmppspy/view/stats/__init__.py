"""Statistics as tables for people; the numbers are those of `xmppspy.analysis.stats`."""

from xmppspy.view.stats.paper import Colours, Paper
from xmppspy.view.stats.sheet import statistics

__all__ = ["Colours", "Paper", "statistics"]
