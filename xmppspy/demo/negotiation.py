"""How the demo's server lets a client in: STARTTLS, SCRAM, resource binding (RFC 6120 §4-7)."""

import secrets
import ssl
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Final

from scramp import ScramException, ScramMechanism

from xmppspy.demo import stanzas as xml
from xmppspy.demo.accounts import MECHANISM, Account, Verifier
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import Stanza
from xmppspy.protocol.wellformed import find_flaw
from xmppspy.replay.peer import Peer

_ATTEMPTS: Final = 3
_STARTTLS: Final = xml.element("starttls", xml.element("required"), xmlns=ns.TLS)
_MECHANISMS: Final = xml.element("mechanisms", xml.text("mechanism", MECHANISM), xmlns=ns.SASL)
_BIND: Final = xml.element("bind", xmlns=xml.BIND)
_SM: Final = xml.element("sm", xmlns=ns.SM)


class StreamRefusedError(Exception):
    """The client gets a stream error with this condition (RFC 6120 §4.9.3), and the stream ends."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


class _RefusedError(Exception):
    """A login attempt is refused with this SASL condition (RFC 6120 §6.5)."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


def refuse_flawed(frame: Frame) -> None:
    """Raise StreamRefusedError for what is not well-formed."""
    if frame.flaw is not None or find_flaw(frame) is not None:
        raise StreamRefusedError("not-well-formed")


async def negotiate(
    peer: Peer, context: ssl.SSLContext, accounts: Mapping[str, Account]
) -> tuple[Account, str]:
    """Lead a client from its first byte to a bound resource; return account and full JID.

    Raises StreamRefusedError when the client does what it must not, PeerError when it is gone.
    """
    await _open_stream(peer, accounts, _STARTTLS)
    await _require(peer, "starttls", ns.TLS)
    await peer.send(xml.element("proceed", xmlns=ns.TLS))
    await peer.start_tls(context, server_side=True)
    domain = await _open_stream(peer, accounts, _MECHANISMS)
    users = {jid: account for jid, account in accounts.items() if xml.domain(jid) == domain}
    account = await _authenticate(peer, domain, users)
    await _open_stream(peer, accounts, _BIND, _SM)
    return account, await _bind(peer, account)


async def _open_stream(peer: Peer, accounts: Mapping[str, Account], *features: str) -> str:
    """Answer a stream header with header and features; return the domain it asks for."""
    asked = await peer.require("a stream header")
    domains = [xml.domain(jid) for jid in accounts]
    domain = asked.to if asked.to in domains else domains[0]
    answer = xml.header(id=secrets.token_hex(6), from_=domain, to=asked.from_)
    if asked.kind != "stream" or asked.to != domain:
        await peer.send(answer)  # an error, too, stands inside a stream (RFC 6120 §4.9.1.2)
        raise StreamRefusedError(_fault(asked))
    await peer.send(answer + xml.element("stream:features", *features))
    return domain


def _fault(asked: Frame) -> str:
    if asked.kind == "stream":
        return "host-unknown"
    return "not-well-formed" if asked.flaw else "invalid-xml"


async def _require(peer: Peer, kind: str, namespace: str) -> Frame:
    frame = await peer.require(f"<{kind}/>")
    refuse_flawed(frame)
    if (frame.kind, frame.xmlns) != (kind, namespace):
        raise StreamRefusedError("not-authorized")
    return frame


# --- SASL


async def _authenticate(peer: Peer, domain: str, users: Mapping[str, Account]) -> Account:
    for _ in range(_ATTEMPTS):
        auth = await _require(peer, "auth", ns.SASL)
        try:
            account, final = await _check(peer, auth, domain, users)
        except _RefusedError as refused:
            await peer.send(xml.element("failure", xml.element(refused.condition), xmlns=ns.SASL))
        else:
            await peer.send(xml.text("success", _encoded(final), xmlns=ns.SASL))
            return account
    raise StreamRefusedError("policy-violation")


async def _check(
    peer: Peer, auth: Frame, domain: str, users: Mapping[str, Account]
) -> tuple[Account, str]:
    """Ask for the proof and check it; return the account and the server's own proof."""
    if xml.attribute(auth, "mechanism") != MECHANISM:
        raise _RefusedError("invalid-mechanism")
    asked: list[Account] = []

    def verifier(name: str) -> Verifier | None:
        account = users.get(f"{name}@{domain}")
        asked.extend([account] if account else [])
        return account.verifier if account else None

    scram = ScramMechanism(MECHANISM).make_server(verifier)
    try:
        scram.set_client_first(_decoded(auth))
        challenge = xml.text("challenge", _encoded(scram.get_server_first()), xmlns=ns.SASL)
        await peer.send(challenge)
        scram.set_client_final(_decoded(await _require(peer, "response", ns.SASL)))
    except ScramException as error:
        raise _RefusedError("not-authorized") from error
    return asked[0], scram.get_server_final()


def _encoded(message: str) -> str:
    return b64encode(message.encode()).decode()


def _decoded(frame: Frame) -> str:
    try:
        return b64decode(Stanza(frame).text, validate=True).decode()
    except ValueError as error:
        raise _RefusedError("incorrect-encoding") from error


# --- binding


async def _bind(peer: Peer, account: Account) -> str:
    """Bind the resource that the client asks for, or one of the server's choice; the full JID."""
    asked = await peer.require("an iq that binds a resource")
    refuse_flawed(asked)
    if asked.kind != "iq" or asked.type != "set" or asked.ns != (xml.BIND,):
        raise StreamRefusedError("not-authorized")
    resource = next(iter(xml.texts(asked, "resource")), "")
    jid = f"{account.jid}/{resource or secrets.token_hex(4)}"
    bound = xml.element("bind", xml.text("jid", jid), xmlns=xml.BIND)
    await peer.send(xml.element("iq", bound, type="result", id=asked.id))
    return jid
