"""Elements: what each element of SASL and SASL2 holds, and the payload in it."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from xmppspy.analysis.sasl import mechanisms, scram
from xmppspy.analysis.sasl.exchange import Exchange
from xmppspy.analysis.sasl.payloads import MAX_PAYLOAD, Payload, opened
from xmppspy.analysis.sasl.profiles import is_sasl
from xmppspy.analysis.sasl.steps import Reading, SaslStep
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import read

if TYPE_CHECKING:
    from lxml import etree

_SASL2: Final = "urn:xmpp:sasl:"  # in any version, XEP-0388
_UPGRADE: Final = "{urn:xmpp:scram-upgrade:0}"
_LONGEST_NAME: Final = 100
"""Characters; those of real mechanisms have at most 20 (RFC 4422 §3.1)."""
_FROM_CLIENT: Final = frozenset({"auth", "authenticate", "response"})
_SCRAM: Final = re.compile(r"SCRAM-.+")
_CONDITIONS: Final[Mapping[str, str]] = {
    "aborted": "the client gave up",
    "account-disabled": "the account is disabled",
    "credentials-expired": "the password or token has expired",
    "encryption-required": "the mechanism needs TLS",
    "incorrect-encoding": "the server could not decode the base64",
    "invalid-authzid": "the client may not act as this identity",
    "invalid-mechanism": "the server does not have this mechanism",
    "malformed-request": "the server did not understand the message",
    "mechanism-too-weak": "the server wants a stronger mechanism",
    "not-authorized": "wrong user, password or token",
    "temporary-auth-failure": "the server has a problem of its own",
}


def step(record: FrameRecord, exchange: Exchange) -> SaslStep | None:
    """Open one element, and note in `exchange` what its continuation needs.

    None for what is no element of SASL or SASL2.
    """
    if not is_sasl(record.xmlns):
        return None
    tree = read(record).tree
    reader = _READERS.get(record.kind)
    if tree is None or reader is None:
        return None
    if record.kind in ("auth", "authenticate"):
        exchange.mechanism = (tree.get("mechanism") or "")[:_LONGEST_NAME]
    reading = Reading()
    reader(reading, tree, exchange)
    return reading.step(record.kind, exchange.mechanism)


# --- elements


def _bare(reading: Reading, element: "etree._Element", exchange: Exchange) -> None:
    """The payload is the element's own text."""
    _open(reading, element, element, exchange)


def _authenticate(reading: Reading, element: "etree._Element", exchange: Exchange) -> None:
    _open(reading, element, element.find("{*}initial-response"), exchange)
    agent = element.find("{*}user-agent")
    if agent is not None:
        named = [_text(agent.find(f"{{*}}{name}")) for name in ("software", "device")]
        reading.say("agent", " on ".join(filter(None, named)))


def _outcome(reading: Reading, element: "etree._Element", exchange: Exchange) -> None:
    """Success: the payload is in it (SASL), or in an element of its own (SASL2)."""
    if _is_sasl2(element):
        for child in element.iterchildren("{*}*"):
            if _local(child) in ("authorization-identifier", "authorization-identity"):
                reading.say("as", _text(child))
        _open(reading, element, element.find("{*}additional-data"), exchange)
    else:
        _open(reading, element, element, exchange)


def _continue(reading: Reading, element: "etree._Element", exchange: Exchange) -> None:
    _open(reading, element, element.find("{*}additional-data"), exchange)
    tasks = element.find("{*}tasks")
    if tasks is not None:
        reading.say("tasks", ",".join(_text(task) for task in tasks.iterchildren("{*}task")))


def _next(reading: Reading, element: "etree._Element", _exchange: Exchange) -> None:
    reading.say("task", element.get("task") or "")
    _task_data(reading, element, _exchange)


def _task_data(reading: Reading, element: "etree._Element", _exchange: Exchange) -> None:
    """What a task is about is its own business; only that of XEP-0480 is known."""
    salt, digest = (next(element.iter(_UPGRADE + name), None) for name in ("salt", "hash"))
    if salt is not None:
        reading.say("i", salt.get("iterations") or "")
    if digest is not None:
        reading.hide("hash", _text(digest))
    elif salt is None and _text(element):
        reading.hide("data", _text(element))


def _failure(reading: Reading, element: "etree._Element", _exchange: Exchange) -> None:
    for child in element.iterchildren("{*}*"):
        name = _local(child)
        if name == "text":
            continue
        is_condition = str(child.tag) == f"{{{ns.SASL}}}{name}"
        meaning = _CONDITIONS.get(name, "") if is_condition else ""
        reading.say("condition" if is_condition else "application", name, meaning)
    reading.say("text", _text(element.find("{*}text")))


def _abort(_reading: Reading, _element: "etree._Element", _exchange: Exchange) -> None:
    """There is nothing in it."""


_READERS: Final[Mapping[str, Callable[[Reading, "etree._Element", Exchange], None]]] = {
    "auth": _bare,
    "challenge": _bare,
    "response": _bare,
    "authenticate": _authenticate,
    "success": _outcome,
    "continue": _continue,
    "next": _next,
    "task-data": _task_data,
    "failure": _failure,
    "abort": _abort,
}


def _is_sasl2(element: "etree._Element") -> bool:
    return str(element.tag).startswith(f"{{{_SASL2}")


def _local(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: "etree._Element | None") -> str:
    return "" if element is None else _character_data(element).strip()


def _character_data(element: "etree._Element") -> str:
    # There is an element, so this module has been loaded before, and lxml with it.
    from xmppspy.protocol.stanza import character_data  # noqa: PLC0415

    return character_data(element)


# --- payloads


def _open(
    reading: Reading,
    element: "etree._Element",
    holder: "etree._Element | None",
    exchange: Exchange,
) -> None:
    text = None if holder is None else _character_data(holder)
    payload = opened(text, sasl2=_is_sasl2(element))
    if payload.state == "masked":
        reading.hide("payload", "*")
    elif payload.state == "too large":
        reading.say("payload", f"more than {MAX_PAYLOAD:,} characters, not opened")
    elif payload.state == "unreadable":
        reading.warn("the payload is not base64 (RFC 6120 §13.9.1)")
    elif payload.state == "present":
        _read(reading, _local(element), payload, exchange)
    if payload.state != "absent" and _local(element) in _FROM_CLIENT:
        exchange.began = True


def _read(reading: Reading, kind: str, payload: Payload, exchange: Exchange) -> None:
    is_first = kind in ("auth", "authenticate") or (
        kind == "response" and exchange.mechanism != "" and not exchange.began
    )
    is_scram = _SCRAM.fullmatch(exchange.mechanism) is not None or (
        exchange.mechanism == "" and scram.looks_like_scram(payload.text)
    )
    if not payload.data and not is_first:
        reading.message = "empty"
    elif is_scram:
        _read_scram(reading, kind, payload.text, exchange, is_first=is_first)
    elif is_first:
        mechanisms.client_first(exchange.mechanism)(reading, payload.data, exchange)
    elif exchange.mechanism == "":
        mechanisms.guessed(payload.data)(reading, payload.data, exchange)
    else:
        mechanisms.later(exchange.mechanism)(reading, payload.data, exchange)


def _read_scram(
    reading: Reading, kind: str, text: str, exchange: Exchange, *, is_first: bool
) -> None:
    if is_first:
        scram.client_first(reading, text, exchange)
    elif kind == "response":
        scram.client_final(reading, text, exchange)
    elif kind in ("success", "continue") or text.startswith(("v=", "e=")):
        scram.server_final(reading, text)
    else:
        scram.server_first(reading, text, exchange)
