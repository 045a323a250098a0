"""Control: what a running proxy is told from outside, and how it is found.

The messages are data; whoever sends and obeys them is elsewhere: `cli` asks, `proxy` answers.
"""
