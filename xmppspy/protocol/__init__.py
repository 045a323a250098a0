"""The sans-I/O core: what XMPP means on the wire, computed on bytes and events.

Nothing here knows sockets, clocks, files or tasks; a test enforces it.
"""
