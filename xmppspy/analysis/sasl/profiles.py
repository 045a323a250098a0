"""Profiles: the namespaces in which clients log in."""

from typing import Final

from xmppspy.protocol import namespaces as ns

_SASL2: Final = "urn:xmpp:sasl:"  # in any version, XEP-0388


def is_sasl(namespace: str | None) -> bool:
    """Whether it is the namespace of SASL, or of SASL2 in any version."""
    return namespace is not None and (namespace == ns.SASL or namespace.startswith(_SASL2))
