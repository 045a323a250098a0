"""SCRAM (RFC 5802, RFC 7677), with its downgrade protections (XEP-0474, XEP-0515)."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.sasl.exchange import Exchange, gs2, saslname, say_header
from xmppspy.analysis.sasl.offers import downgrade_hash
from xmppspy.analysis.sasl.steps import Reading
from xmppspy.protocol.events import Side

LEAST_ITERATIONS: Final = 4096
"""What a server must at least ask for (RFC 5802 §5.1, RFC 7677 §4)."""

_ATTRIBUTE: Final = re.compile(r"([A-Za-z])=(.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")
_KNOWN: Final = {
    "client-first": "amnr",
    "server-first": "mrsiht",
    "client-final": "mcrp",
    "server-final": "mve",
}


def looks_like_scram(text: str) -> bool:
    """Whether a message of an exchange whose beginning was not seen is one of SCRAM's."""
    return re.match(r"r=[^,]*,s=|c=[^,]*,r=|[ve]=[^,]*\Z", text) is not None


def client_first(reading: Reading, text: str, exchange: Exchange) -> None:
    """`n,a=authzid,n=user,r=nonce`."""
    reading.message = "client-first"
    header = gs2(text)
    if header is None:
        reading.warn("there is no gs2 header (RFC 5802 §7)")
        return
    said = _attributes(reading, header.rest)
    reading.say("user", saslname(said.get("n", "")))
    say_header(reading, header, exchange)
    exchange.nonce = said.get("r", "")
    if not said.get("n") or not exchange.nonce:
        reading.warn("a client-first message needs a user and a nonce (RFC 5802 §7)")


def server_first(reading: Reading, text: str, exchange: Exchange) -> None:
    """`r=nonce,s=salt,i=iterations`, with `h` of XEP-0474 and `t` of XEP-0515."""
    reading.message = "server-first"
    said = _attributes(reading, text)
    _check_nonce(reading, said.get("r", ""), exchange)
    salt = _decoded(said.get("s", ""))
    if salt:
        reading.say("salt", f"{len(salt)} B")
    else:
        reading.warn("there is no salt, or it is not base64 (RFC 5802 §7)")
    _check_iterations(reading, said.get("i", ""))
    if "h" in said:
        _check_offer(reading, said["h"], exchange)
    if "t" in said:
        _check_version(reading, said["t"], exchange)


def client_final(reading: Reading, text: str, exchange: Exchange) -> None:
    """`c=base64 of gs2 header and channel-binding data,r=nonce,p=proof`."""
    reading.message = "client-final"
    said = _attributes(reading, text)
    _check_binding(reading, said.get("c", ""), exchange)
    if exchange.server_nonce and said.get("r") != exchange.server_nonce:
        reading.warn("the nonce is not the server's (RFC 5802 §5.1)")
    if "p" in said:
        reading.hide("proof", said["p"])
    else:
        reading.warn("there is no proof (RFC 5802 §7)")


def server_final(reading: Reading, text: str) -> None:
    """`v=signature`, or `e=error`."""
    reading.message = "server-final"
    said = _attributes(reading, text)
    if "v" in said:
        reading.hide("signature", said["v"])
    elif "e" in said:
        reading.say("error", said["e"])
    else:
        reading.warn("there is neither a signature nor an error (RFC 5802 §7)")


def _attributes(reading: Reading, text: str) -> dict[str, str]:
    said = dict(reversed(list(_pairs(text))))
    if "m" in said:
        reading.warn("it has the attribute m, at which the receiver has to fail (RFC 5802 §5.1)")
    unknown = sorted(set(said) - set(_KNOWN[reading.message]))
    reading.say("other", ",".join(unknown))
    return said


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(","):
        if match := _ATTRIBUTE.fullmatch(part):
            yield match[1], match[2]


def _decoded(base64: str) -> bytes:
    try:
        return b64decode(base64, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _check_nonce(reading: Reading, nonce: str, exchange: Exchange) -> None:
    exchange.server_nonce = nonce
    if not exchange.nonce:
        return
    if nonce.startswith(exchange.nonce) and nonce != exchange.nonce:
        reading.say("nonce", "ok", "begins with the client's")
    else:
        reading.warn("the nonce does not continue the client's (RFC 5802 §5.1)")


def _check_iterations(reading: Reading, count: str) -> None:
    if not _NUMBER.fullmatch(count):
        reading.warn("there is no iteration count (RFC 5802 §7)")
        return
    reading.say("i", count)
    if int(count) < LEAST_ITERATIONS:
        reading.warn(f"{count} iterations are too few: at least {LEAST_ITERATIONS} (RFC 7677 §4)")


def _check_offer(reading: Reading, said: str, exchange: Exchange) -> None:
    offer = exchange.offer
    expected = None if offer is None else downgrade_hash(offer, exchange.mechanism)
    if expected is None:
        reading.say("h", "unchecked", "the offer was not seen")
    elif said == expected:
        reading.say("h", "ok", "the offer is as the server made it")
    else:
        reading.say("h", "wrong")
        reading.warn(
            "h is not the hash of the mechanisms and channel-binding types that were offered: "
            "the client has to fail (XEP-0474 §5)"
        )


def _check_version(reading: Reading, said: str, exchange: Exchange) -> None:
    versions = exchange.versions
    name = _VERSION_NAMES.get(said, "an unknown version of TLS")
    wrong = [side for side in Side if side in versions and versions[side] != said]
    if not versions:
        reading.say("t", said, f"{name}; unchecked, no TLS was seen")
    elif not wrong:
        reading.say("t", said, f"{name}, as it is with the {next(iter(versions))}")
    else:
        reading.say("t", said, name)
        for side in wrong:
            consequence = ": the client has to fail" if side is Side.CLIENT else ""
            reading.warn(
                f"the server says {name}, towards the {side} it is "
                f"{_VERSION_NAMES.get(versions[side], 'another')}{consequence} (XEP-0515)"
            )


_VERSION_NAMES: Final = {
    "0304": "TLS 1.3",
    "0303": "TLS 1.2",
    "0302": "TLS 1.1",
    "0301": "TLS 1.0",
}


def _check_binding(reading: Reading, said: str, exchange: Exchange) -> None:
    data = _decoded(said)
    header, binding = _split_header(data)
    if header is None:
        reading.warn("c is not the base64 of a gs2 header (RFC 5802 §7)")
        return
    flag = header.partition(",")[0]
    if flag.startswith("p="):
        reading.say("bound", f"{len(binding)} B", flag[2:])
    elif binding:
        reading.warn("c holds channel-binding data although the flag says that there is none")
    if exchange.header is not None and header != exchange.header:
        reading.warn("c does not repeat the gs2 header of the first message (RFC 5802 §5.1)")


def _split_header(data: bytes) -> tuple[str | None, bytes]:
    match = re.match(rb"(?:n|y|p=[A-Za-z0-9.-]+),(?:a=[^,]*)?,", data)
    if match is None:
        return None, b""
    return match[0].decode(errors="replace"), data[match.end() :]
