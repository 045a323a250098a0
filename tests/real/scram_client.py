"""An XMPP client of the tests' own that can bind its login to the TLS channel in every way.

TLS is pyOpenSSL's, SCRAM is scramp's, XML is the standard library's; it knows nothing of xmppspy.
It asks more than most clients do: it refuses a server that cannot prove that it knows the
password, or that offers something else than it has signed for (XEP-0474, XEP-0515).
"""

import hmac
import socket
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast
from xml.etree.ElementTree import Element, XMLPullParser

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL
from scramp import ScramClient, ScramException
from scramp.core import MECHS, CBindData, CbName

from tests.real.clients import Endpoint
from tests.real.servers import DOMAIN, PASSWORD

# scramp knows this type too, but not how to get its data, which it is given here.
CbName.SUPPORTED_TYPES |= CbName.UNSUPPORTED_TYPES
CbName.UNSUPPORTED_TYPES = frozenset()

STREAM = "{http://etherx.jabber.org/streams}"
STARTTLS = "{urn:ietf:params:xml:ns:xmpp-tls}"
SASL = "{urn:ietf:params:xml:ns:xmpp-sasl}"
SASL2 = "{urn:xmpp:sasl:2}"
BIND = "{urn:ietf:params:xml:ns:xmpp-bind}"
BINDING_TYPE = "{urn:xmpp:sasl-cb:0}channel-binding"
CLIENT = "{jabber:client}"

_VERSIONS = {"1.2": SSL.TLS1_2_VERSION, "1.3": SSL.TLS1_3_VERSION}
_NUMBERS = {"1.2": "0303", "1.3": "0304"}  # XEP-0515
_AGENT = "d4565fa7-4d72-4749-b3d3-740edbf87770"
_DEADLINE = 30  # seconds, for any one answer


class RefusedError(Exception):
    """The server ended the login; `str()` of it is the condition."""


class DeceivedError(Exception):
    """What the server signed is not what came."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in, and how: by PLAIN, EXTERNAL, SCRAM, or a token of FAST (HT)."""

    mechanism: str
    binding: str = "n"
    """A type of channel binding, or the flag `y` or `n` of RFC 5802 §6."""
    user: str = "romeo"
    password: str = PASSWORD
    """The password; with HT the token."""
    sasl: str = SASL
    inline: str = "<bind xmlns='urn:xmpp:bind:0'><tag>scram</tag></bind>"
    """What is asked for in the same breath, in SASL2."""


class Stream:
    """A stream over TLS of exactly one version, opened with the object."""

    def __init__(self, endpoint: Endpoint, version: str, user: str = "romeo") -> None:
        self.version = version
        self.jid = ""
        self._sender = ""
        self._wire = socket.create_connection(("127.0.0.1", endpoint.port))
        self._wire.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _DEADLINE, 0)
        )
        self._tls: SSL.Connection | None = None
        try:
            self._open(endpoint, f" from='{user}@{DOMAIN}'")
        except BaseException:
            self._wire.close()
            raise

    def offered(self, sasl: str = SASL) -> list[str]:
        """The mechanisms of the last features, as they stand there."""
        return [element.text or "" for element in self.features.iter(f"{sasl}mechanism")]

    def binding_types(self) -> list[str]:
        """The types of channel binding that the server says it knows (XEP-0440)."""
        return [element.attrib["type"] for element in self.features.iter(BINDING_TYPE)]

    def restart(self) -> None:
        """Send a header, and read the server's and its features."""
        self._parser: XMLPullParser[Any] = XMLPullParser(["start", "end"])
        self._depth = 0
        self.send(
            f"<?xml version='1.0'?><stream:stream to='{DOMAIN}'{self._sender} version='1.0'"
            " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        self.features = self.next()
        assert self.features.tag == f"{STREAM}features", self.features.tag

    def send(self, xml: str) -> None:
        """Send text as it stands."""
        (self._tls or self._wire).sendall(xml.encode())

    def next(self) -> Element:
        """The next child of the stream, waited for."""
        while True:
            for event, element in _occurrences(self._parser):
                self._depth += 1 if event == "start" else -1
                if event == "end" and self._depth == 1:
                    return element
            self._parser.feed(self._read())

    def ask(self, xml: str) -> Element:
        """Send, and give what comes next."""
        self.send(xml)
        return self.next()

    def await_message(self, body: str) -> Element:
        """The next message that says this; what comes before it is passed over."""
        while (message := self.next()).findtext(f"{CLIENT}body") != body:
            pass
        return message

    def close(self) -> None:
        """End the stream and the connection."""
        with suppress(SSL.Error, OSError):
            self.send("</stream:stream>")
        self._wire.close()

    def tear(self) -> None:
        """Break the connection off with a TCP reset, as a lost network does."""
        self._wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._wire.close()

    def channel_binding(self, kind: str) -> bytes:
        """The data of this channel (RFC 5929, RFC 9266)."""
        assert self._tls is not None
        if kind == "tls-exporter":
            return self._tls.export_keying_material(b"EXPORTER-Channel-Binding", 32, b"")
        if kind == "tls-unique":
            finished = self._tls.get_finished()
            assert finished is not None
            return finished
        certificate = self._tls.get_peer_certificate(as_cryptography=True)
        assert certificate is not None
        return bytes(CBindData.from_der(certificate.public_bytes(Encoding.DER)))

    def _open(self, endpoint: Endpoint, sender: str) -> None:
        if endpoint.tls == "starttls":
            self.restart()
            proceed = self.ask("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            assert proceed.tag == f"{STARTTLS}proceed", proceed.tag
        self._tls = self._begin_tls(endpoint)
        self._sender = sender
        self.restart()
        self.first_offer, self.first_types = self.offered(), self.binding_types()

    def _begin_tls(self, endpoint: Endpoint) -> SSL.Connection:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_min_proto_version(_VERSIONS[self.version])
        context.set_max_proto_version(_VERSIONS[self.version])
        context.load_verify_locations(str(endpoint.ca))
        context.set_verify(SSL.VERIFY_PEER)
        tls = SSL.Connection(context, self._wire)
        tls.set_tlsext_host_name(DOMAIN.encode())
        tls.set_connect_state()
        tls.do_handshake()
        return tls

    def _read(self) -> bytes:
        data = (self._tls or self._wire).recv(65536)
        if not data:
            raise EOFError
        return data


def _occurrences(parser: "XMLPullParser[Any]") -> Iterator[tuple[str, Element]]:
    return cast("Iterator[tuple[str, Element]]", parser.read_events())


def authenticate(stream: Stream, login: Login) -> Element:
    """Log in over an open stream, and read the features behind it; gives `<success/>`.

    A login that the server ends raises `RefusedError`, a false signature `DeceivedError`.
    """
    if login.mechanism.startswith("SCRAM-"):
        succeeded = _scram(stream, login)
    elif login.mechanism.startswith("HT-"):
        succeeded = _token(stream, login)
    else:
        secret = f"\0{login.user}\0{login.password}" if login.mechanism == "PLAIN" else ""
        succeeded = _unless_failed(_begin(stream, login, secret.encode()), "success")
    if login.sasl == SASL2:
        stream.features = stream.next()
        stream.jid = succeeded.findtext(f"{SASL2}authorization-identifier") or ""
    else:
        stream.restart()
    return succeeded


def bind(stream: Stream) -> None:
    """Bind a resource, after SASL."""
    bound = stream.ask(
        "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
    )
    stream.jid = bound.findtext(f"{BIND}bind/{BIND}jid") or ""
    assert stream.jid


@contextmanager
def logged_in(endpoint: Endpoint, version: str, login: Login) -> Iterator[Stream]:
    """A stream on which `login` is done and a resource bound; leaving closes it."""
    stream = Stream(endpoint, version, login.user)
    try:
        authenticate(stream, login)
        if login.sasl == SASL:
            bind(stream)
        yield stream
    finally:
        stream.close()


def talks_to_itself(stream: Stream, words: str) -> bool:
    """Whether a message to oneself comes back."""
    stream.send(f"<message to='{stream.jid}' type='chat'><body>{words}</body></message>")
    return stream.await_message(words).attrib["from"] == stream.jid


def _scram(stream: Stream, login: Login) -> Element:
    scram = _scramp(stream, login)
    first = _begin(stream, login, scram.get_client_first().encode())
    server_first = _data(_unless_failed(first, "challenge")).decode()
    try:
        scram.set_server_first(server_first)
        _check_offer(stream, login, server_first)
        final = _in_base64(scram.get_client_final().encode())
        succeeded = _unless_failed(stream.ask(_element(login, "response", final)), "success")
        scram.set_server_final(_additional_data(succeeded).decode())
    except ScramException as error:
        raise DeceivedError(str(error)) from None
    return succeeded


def _scramp(stream: Stream, login: Login) -> ScramClient:
    """For scramp it is the flag `y` when it has data to bind to, and a mechanism that does not."""
    binding = None
    if login.binding == "y":
        binding = ("tls-unique", b"never sent")
    elif login.binding != "n":
        binding = (login.binding, stream.channel_binding(login.binding))
    return ScramClient([login.mechanism], login.user, login.password, channel_binding=binding)


def _check_offer(stream: Stream, login: Login, server_first: str) -> None:
    signed = dict(part.split("=", 1) for part in server_first.split(","))
    if "h" in signed:
        offer = "\x1e".join(sorted(stream.offered(login.sasl)))
        if types := stream.binding_types():
            offer += "\x1f" + "\x1e".join(sorted(types))
        if MECHS[login.mechanism].hf(offer.encode()).digest() != b64decode(signed["h"]):
            raise DeceivedError("the offer is not the one the server signed")
    if "t" in signed and signed["t"].split("|")[0] != _NUMBERS[stream.version]:
        raise DeceivedError("the TLS version is not the one the server sees")


def _token(stream: Stream, login: Login) -> Element:
    binding = b"" if login.binding == "n" else stream.channel_binding(login.binding)
    proof = _hmac(login.password, b"Initiator" + binding)
    begun = _begin(stream, login, login.user.encode() + b"\0" + proof)
    succeeded = _unless_failed(begun, "success")
    if _additional_data(succeeded) != _hmac(login.password, b"Responder" + binding):
        raise DeceivedError("the server does not know the token")
    return succeeded


def _hmac(token: str, message: bytes) -> bytes:
    return hmac.digest(token.encode(), message, "sha256")


def _begin(stream: Stream, login: Login, response: bytes) -> Element:
    mechanism = f" mechanism='{login.mechanism}'"
    initial = _in_base64(response)
    if login.sasl == SASL:
        return stream.ask(_element(login, "auth", initial or "=", mechanism))
    agent = f"<user-agent id='{_AGENT}'/>"
    inside = f"<initial-response>{initial}</initial-response>{agent}{login.inline}"
    return stream.ask(_element(login, "authenticate", inside, mechanism))


def _element(login: Login, name: str, inside: str, attributes: str = "") -> str:
    return f"<{name} xmlns='{login.sasl[1:-1]}'{attributes}>{inside}</{name}>"


def _unless_failed(element: Element, wanted: str) -> Element:
    if element.tag.endswith("}failure"):
        raise RefusedError(element[0].tag.rpartition("}")[2])
    assert element.tag.endswith("}" + wanted), element.tag
    return element


def _additional_data(succeeded: Element) -> bytes:
    within = succeeded.find(f"{SASL2}additional-data")
    return _data(succeeded if within is None else within)


def _data(element: Element) -> bytes:
    return b64decode(element.text or "")


def _in_base64(data: bytes) -> str:
    return b64encode(data).decode()
