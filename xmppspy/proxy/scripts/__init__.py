"""The proxy's end of a script, which runs in a process of its own (`xmppspy.scripting`).

`Scripts` is all that the rest of the proxy knows of it.
"""

from xmppspy.proxy.scripts.runner import Floor, Scripts

__all__ = ["Floor", "Scripts"]
