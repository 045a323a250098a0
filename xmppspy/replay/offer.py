"""Offer: the recorded features, without what a replay cannot keep the promise of."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from xmppspy.protocol import features
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.elements import Element
from xmppspy.protocol.quoting import escape
from xmppspy.protocol.tokens import ChildSpan, children, tokens
from xmppspy.replay.mechanisms import SUPPORTED, WITHOUT_PASSWORDS

BIND: Final = "urn:ietf:params:xml:ns:xmpp-bind"
BIND2: Final = "urn:xmpp:bind:0"
UPGRADE: Final = "urn:xmpp:sasl:upgrade:0"
CHANNEL_BINDING: Final = "urn:xmpp:sasl-cb:0"
REGISTER: Final = "http://jabber.org/features/iq-register"

_NEVER: Final = {
    ns.COMPRESS_FEATURE: "compression",
    CHANNEL_BINDING: "channel binding",
    REGISTER: "registration",
    UPGRADE: "password upgrades",
}
"""What cannot be honoured, by namespace, in words for a note."""

_INLINE: Final = frozenset({BIND2, ns.SM})

_STARTTLS: Final = f"<starttls xmlns='{ns.TLS}'><required/></starttls>".encode()
_SESSION: Final = f"<bind xmlns='{BIND}'/><sm xmlns='{ns.SM}'/>".encode()


class Offer:
    """Edits recorded features; what was left out of them is in `left_out`, in words."""

    def __init__(self, *, with_passwords: bool) -> None:
        self._with_passwords = with_passwords
        self.left_out: dict[str, None] = {}

    def in_the_clear(self, recorded: bytes | None, context: StreamContext) -> bytes:
        """The features of a stream that could be secured, STARTTLS among them."""
        if recorded is None:
            return _features(context, _STARTTLS)
        offered = self._login(recorded, context)
        held = any(name == ns.TLS for name in _namespaces(offered, context))
        return offered if held else features.with_starttls(offered)

    def before_login(self, recorded: bytes | None, context: StreamContext) -> bytes:
        """The features of a stream on which a client may log in now; no STARTTLS."""
        if recorded is None:
            return _features(context, self._mechanisms(SUPPORTED, ns.SASL, "mechanisms"))
        return self._login(_without(recorded, context, {ns.TLS}), context)

    def after_login(self, recorded: bytes | None, context: StreamContext) -> bytes:
        """The features of a stream on which a client may bind a resource."""
        if recorded is None:
            return _features(context, _SESSION)
        self._note(recorded, context, _NEVER)
        return _without(recorded, context, {ns.TLS, *_NEVER})

    # --- logins

    def _login(self, recorded: bytes, context: StreamContext) -> bytes:
        self._note(recorded, context, _NEVER)
        offered = _without(recorded, context, set(_NEVER))
        for child in reversed(children(offered)):
            namespace = Element(child.name, child.attributes, context).namespace
            piece = offered[child.start : child.stop]
            if namespace == ns.SASL:
                piece = self._replaced(piece, lambda _: b"")
            elif namespace == ns.SASL2:
                piece = self._replaced(piece, lambda each: self._inline(each, context))
            offered = offered[: child.start] + piece + offered[child.stop :]
        return offered

    def _replaced(self, offered: bytes, keep: Callable[[bytes], bytes]) -> bytes:
        """A list of mechanisms with those that are possible, and of the rest what is kept."""
        opening = next(tokens(offered))
        if opening.kind != "start":
            return offered
        found, rest = [], b""
        for child in children(offered):
            piece = offered[child.start : child.stop]
            if _local(child) == "mechanism":
                found.append(_text(piece))
            else:
                rest += keep(piece)
        start, end = offered[: opening.stop], offered[offered.rindex(b"</") :]
        return start + _listed(self._possible(found)) + rest + end

    def _inline(self, piece: bytes, context: StreamContext) -> bytes:
        """Of what SASL2 may do besides (XEP-0388 §2.3), what is possible here."""
        if _local(_whole(piece)) != "inline":
            return b""
        for child in reversed(children(piece)):
            namespace = Element(child.name, child.attributes, context).namespace
            if namespace not in _INLINE:
                self.left_out["tokens (FAST) and the like"] = None
                piece = piece[: child.start] + piece[child.stop :]
        return piece

    def _possible(self, recorded: Sequence[str]) -> list[str]:
        if not self._with_passwords:
            return [name for name in WITHOUT_PASSWORDS if name == "PLAIN" or name in recorded]
        possible = [name for name in recorded if name in SUPPORTED]
        for name in recorded:
            if name not in SUPPORTED:
                self.left_out[name] = None
        return possible or [name for name in SUPPORTED if name != "ANONYMOUS"]

    def _mechanisms(self, recorded: Sequence[str], namespace: str, name: str) -> bytes:
        start = f"<{name} xmlns='{namespace}'>".encode()
        return start + _listed(self._possible(recorded)) + f"</{name}>".encode()

    def _note(self, data: bytes, context: StreamContext, words: dict[str, str]) -> None:
        for namespace in _namespaces(data, context):
            if namespace in words:
                self.left_out[words[namespace]] = None


def _features(context: StreamContext, content: bytes) -> bytes:
    prefix = next((key for key, uri in context.prefixes.items() if uri == ns.STREAMS), "")
    name = f"{prefix}:features".encode() if prefix else b"features"
    return b"<" + name + b">" + content + b"</" + name + b">"


def _listed(mechanisms: Iterable[str]) -> bytes:
    return "".join(f"<mechanism>{escape(name)}</mechanism>" for name in mechanisms).encode()


def _namespaces(data: bytes, context: StreamContext) -> list[str | None]:
    return [Element(child.name, child.attributes, context).namespace for child in children(data)]


def _without(data: bytes, context: StreamContext, namespaces: set[str]) -> bytes:
    for child in reversed(children(data)):
        if Element(child.name, child.attributes, context).namespace in namespaces:
            data = data[: child.start] + data[child.stop :]
    return data


def _whole(piece: bytes) -> ChildSpan:
    opening = next(tokens(piece))
    return ChildSpan(0, len(piece), opening.name, b"")


def _local(child: ChildSpan) -> str:
    return child.name.rpartition(b":")[2].decode(errors="replace")


def _text(piece: bytes) -> str:
    texts = (piece[token.start : token.stop] for token in tokens(piece) if token.kind == "text")
    return b"".join(texts).decode(errors="replace").strip()
