"""The filter language: from text to a predicate over events. It knows its own help.

`Filter` is what other rooms use. Neither it nor this room loads lxml before a filter needs a tree.
"""

from xmppspy.filters.language import Filter

__all__ = ["Filter"]
