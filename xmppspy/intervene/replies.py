"""Replies: what is said to a sender in the stead of the one it has spoken to."""

from collections.abc import Mapping
from typing import Final

from xmppspy.intervene import escaping
from xmppspy.intervene.trouble import TroubleError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.namespaces import STANZAS

CONDITIONS: Final[Mapping[str, str]] = {
    "bad-request": "modify",
    "conflict": "cancel",
    "feature-not-implemented": "cancel",
    "forbidden": "auth",
    "gone": "cancel",
    "internal-server-error": "cancel",
    "item-not-found": "cancel",
    "jid-malformed": "modify",
    "not-acceptable": "modify",
    "not-allowed": "cancel",
    "not-authorized": "auth",
    "policy-violation": "modify",
    "recipient-unavailable": "wait",
    "redirect": "modify",
    "registration-required": "auth",
    "remote-server-not-found": "cancel",
    "remote-server-timeout": "wait",
    "resource-constraint": "wait",
    "service-unavailable": "cancel",
    "subscription-required": "auth",
    "undefined-condition": "cancel",
    "unexpected-request": "wait",
}
"""The conditions of stanza errors, and the type that usually goes with each (RFC 6120 §8.3.3)."""

TYPES: Final = ("auth", "cancel", "continue", "modify", "wait")
"""The types of stanza errors (RFC 6120 §8.3.2)."""

_REQUESTS: Final = ("get", "set")


class ReplyError(TroubleError):
    """A frame that cannot be answered so."""


def result(request: FrameRecord, context: StreamContext, payload: str = "") -> bytes:
    """The result of an IQ request (RFC 6120 §8.2.3), for a stream of that context.

    Raises `ReplyError` when it is no request.
    """
    if request.kind != "iq" or request.type not in _REQUESTS:
        raise ReplyError(f"only an iq of type get or set has a result, this is {_shown(request)}")
    return _stanza(request, context, "result", payload)


def error(
    stanza: FrameRecord, context: StreamContext, condition: str, type_: str = "", text: str = ""
) -> bytes:
    """The error that answers a stanza (RFC 6120 §8.3), of the condition's usual type by default.

    Raises `ReplyError` when it is none, or one that is not to be answered: an error, a result.
    """
    if stanza.kind not in STANZAS or stanza.type in ("error", "result"):
        raise ReplyError(f"no error answers {_shown(stanza)}")
    inner = f'<{condition} xmlns="{ns.STANZA_ERRORS}"/>'
    if text:
        inner += f'<text xmlns="{ns.STANZA_ERRORS}">{escaping.text(text)}</text>'
    kind = type_ or CONDITIONS.get(condition, "cancel")
    return _stanza(stanza, context, "error", f'<error type="{kind}">{inner}</error>')


def starttls_refusal(context: StreamContext) -> bytes:
    """The answer to `<starttls/>` where there is no TLS (RFC 6120 §5.4.2.2).

    It ends the stream; the connection is to be closed.
    """
    prefixes = [prefix for prefix, name in context.prefixes.items() if name == ns.STREAMS]
    name = "stream" if context.default == ns.STREAMS else f"{(prefixes or ['stream'])[0]}:stream"
    return f'<failure xmlns="{ns.TLS}"/></{name}>'.encode()


def _stanza(request: FrameRecord, context: StreamContext, type_: str, inner: str) -> bytes:
    """The stanza of the same kind with the addresses swapped, which are as the request has them."""
    xmlns = None if context.default == context.content else context.content
    attributes = {
        "xmlns": xmlns, "type": type_, "id": request.id, "from": request.to, "to": request.from_,
    }  # fmt: skip
    written = "".join(
        f' {name}="{escaping.attribute(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    kind = request.kind
    return f"<{kind}{written}{f'>{inner}</{kind}>' if inner else '/>'}".encode()


def _shown(frame: FrameRecord) -> str:
    return f"<{frame.kind}{f' type={frame.type}' if frame.type else ''}>"
