"""SASL opened for display: what the payloads of SASL and SASL2 say, and never their secrets.

The names are imported when they are first used: the proxy reads offers, and needs no trees.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xmppspy.analysis.sasl.steps import Field, SaslStep
    from xmppspy.analysis.sasl.tracker import SaslTracker, decode

__all__ = ["Field", "SaslStep", "SaslTracker", "decode"]

_HOMES: Final = {
    "Field": "steps",
    "SaslStep": "steps",
    "SaslTracker": "tracker",
    "decode": "tracker",
}


def _import(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


if not TYPE_CHECKING:  # where it would let every misspelt name pass
    __getattr__ = _import
