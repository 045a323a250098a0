"""xmppspy: see every XMPP stanza between a client and a server.

Captures can be read from Python; what stands in `__all__` is documented and stable:

    for event in xmppspy.read("x.xmpp.jsonl"):
        if xmppspy.Filter("iq type:error").match(event):
            print(event)

Names are imported when they are first used, so that `import xmppspy` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xmppspy.capture.format import Header
    from xmppspy.capture.reader import Reader, read
    from xmppspy.errors import (
        CaptureError,
        FilterError,
        NotACapture,
        UnsupportedVersion,
        UsageError,
        XmppspyError,
    )
    from xmppspy.filters import Filter
    from xmppspy.protocol.context import StreamContext
    from xmppspy.protocol.events import (
        UNCHANGED,
        ConnectionClosed,
        ConnectionOpened,
        Event,
        FateDecided,
        Fault,
        FrameRecord,
        Gap,
        Mark,
        Note,
        Side,
        Skipped,
        TLSEstablished,
    )

__version__: Final = "0.1.0"

__all__ = [
    "UNCHANGED",
    "CaptureError",
    "ConnectionClosed",
    "ConnectionOpened",
    "Event",
    "FateDecided",
    "Fault",
    "Filter",
    "FilterError",
    "FrameRecord",
    "Gap",
    "Header",
    "Mark",
    "NotACapture",
    "Note",
    "Reader",
    "Side",
    "Skipped",
    "StreamContext",
    "TLSEstablished",
    "UnsupportedVersion",
    "UsageError",
    "XmppspyError",
    "__version__",
    "read",
]

_HOMES: Final = {
    "CaptureError": "xmppspy.errors",
    "Filter": "xmppspy.filters",
    "FilterError": "xmppspy.errors",
    "Header": "xmppspy.capture.format",
    "NotACapture": "xmppspy.errors",
    "Reader": "xmppspy.capture.reader",
    "StreamContext": "xmppspy.protocol.context",
    "UnsupportedVersion": "xmppspy.errors",
    "UsageError": "xmppspy.errors",
    "XmppspyError": "xmppspy.errors",
    "read": "xmppspy.capture.reader",
}
"""Where a public name lives, when it is not `xmppspy.protocol.events`."""


def _import(name: str) -> object:
    """What the import system asks for a name that the module does not hold yet."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES.get(name, "xmppspy.protocol.events")), name)
    globals()[name] = value
    return value


if not TYPE_CHECKING:  # where it would let every misspelt name pass
    __getattr__ = _import


def __dir__() -> list[str]:
    return [*__all__]
