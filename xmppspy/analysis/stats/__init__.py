"""Statistics of a capture: `Stats` is shown its events and makes a `Report` of numbers.

Pure numbers; what they look like is decided elsewhere.
"""

from xmppspy.analysis.stats.collector import Report, Stats

__all__ = ["Report", "Stats"]
